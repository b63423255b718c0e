"""The two demo municipalities share a queue, with a question in it from each."""

from lyhord.accounts.models import User
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Reporter
from lyhord.collaboration import actions
from lyhord.collaboration.models import Group
from lyhord.collaboration.snapshot import snapshot
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.receive import receive
from lyhord.intake.submission import Submission
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point

GROUP = "Västra Östergötland"


def share_a_queue(motala: Organisation, mjolby: Organisation, *, by: Actor) -> None:
    """Make the group, and let each ask the other about a case."""
    actions.gather(name=GROUP, members=[motala, mjolby], by=by)
    _ask(
        mjolby,
        "olle@mjolby.example",
        text="Lyktstolpen lutar över cykelvägen strax norr om Fågelsta. Ring mig på 070-174 06 35 om ni inte hittar.",
        place=("Cykelvägen norr om Fågelsta", Point(58.4508, 14.9462, accuracy_m=15, source="gps")),
        reason="Stolpen står på er sida om gränsen. Kan ni ta den?",
    )
    _ask(
        motala,
        "sara@motala.example",
        text="Det ligger ett träd över vägen vid bron, precis efter skylten till Mjölby. Jag heter Birgitta Holm.",
        place=("Vägen mot Skänninge", Point(58.4361, 15.0551, accuracy_m=30, source="gps")),
        reason="Trädet ligger i Mjölby. Vår bil är inte där förrän på torsdag.",
    )


def _ask(giver: Organisation, officer: str, *, text: str, place: tuple[str, Point], reason: str) -> None:
    with organisation_scope(giver.pk):
        case = receive(
            organisation=giver,
            submission=Submission(
                source="demo",
                external_id="gemensam",
                channel="web",
                text=text,
                point=place[1],
                place_text=place[0],
                reporter=NewReporter(name="Birgitta", email="birgitta@exempel.se"),
                wants_feedback=True,
            ),
            by=Actor.resident(),
        ).case
        shown = snapshot(case, Reporter.objects.get(case=case))
        actions.offer(
            case_id=case.pk,
            group_id=Group.objects.get().pk,
            reason=reason,
            title=shown.title,
            text=shown.text,
            by=User.objects.get(email=officer).actor,
        )
