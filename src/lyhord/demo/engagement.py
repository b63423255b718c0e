"""What residents of Motala say about two of the matters: reactions, a poll, ideas, a consultation, read and unread."""

from datetime import timedelta

from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues, Said
from lyhord.engagement.models import Influence, Opening
from lyhord.engagement.sameness import key_of
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation

_OPTIONS = ("Lekplats", "Utegym", "Fler träd och bänkar")
_SHOWN = (
    (
        "Anna Ek",
        "Bra med bostäder, men spara ekarna mot vattnet.",
        "Ekarna blir kvar. Vi har flyttat det norra huset åtta meter.",
    ),
    ("Bo Alm", "Det behövs en trottoar till skolan innan fler flyttar in.", ""),
    ("Sirpa Niemi", "Fem våningar blir för högt bredvid villorna.", ""),
)
_WAITING = "Jag heter Karin Ek och bor på Vintergatan 4. Hur blir det med bullret under bygget?"
_IDEAS = (("Låt barnen rita lekplatsen.", 7), ("Sätt upp en pump så att man kan fylla på cykeldäcken.", 5))
_OUTCOME = """Fler än hälften tyckte att det var bra, och många frågade om ljuset på natten.

Därför dimras lamporna mellan midnatt och fem, utom på skolvägar. Antalet lampor är det samma."""


def let_residents_speak(organisation: Organisation, lamps: Matter, plan: Matter, *, by: Actor) -> None:
    """Turn it on, open it, and let people answer."""
    features = {**Organisation.objects.get(pk=organisation.pk).features, "engagement": True}
    Organisation.objects.filter(pk=organisation.pk).update(features=features)
    with organisation_scope(organisation.pk):
        _answer(_open(plan, "reaction", "Vad tycker du om planen?", by), {"good": 8, "unsure": 5, "bad": 6}, by)
        poll = _open(plan, "poll", "Vad ska parken mellan husen ha?", by, options="\n".join(_OPTIONS))
        _answer(poll, {"1": 7, "2": 5, "3": 8}, by)
        consultation = _open(plan, "consultation", "Vad tycker du om detaljplanen?", by)
        for name, text, answer in _SHOWN:
            _write(consultation, text, by, answer=answer, name=name, address="Storgatan 1, Motala")
        _write(consultation, _WAITING, by, show=False, name="Karin Ek", address="karin@exempel.se")
        ideas = _open(plan, "idea", "Vad får inte glömmas bort?", by)
        for text, supports in _IDEAS:
            act = _write(ideas, text, by)
            for number in range(supports):
                actions.support(act_id=act, device=key_of(ideas.pk, f"support {act}", str(number)), by=by)
        _open(plan, "comment", "Vill du säga något annat om planen?", by)
        _open(plan, "pin", "Var är det farligt att gå eller cykla i dag?", by)
        _open(plan, "question", "Undrar du något om planen?", by)
        actions.make_plan(matter_id=plan.pk, method="consultation", starts_on=today() - timedelta(days=20), by=by)
        lights = _open(lamps, "reaction", "Vad tycker du om de nya lamporna?", by)
        _answer(lights, {"good": 10, "unsure": 3, "bad": 5}, by)
        actions.tell_outcome(opening_id=lights.pk, text=_OUTCOME, influence=Influence.CHANGED, by=by)


def _open(matter: Matter, mechanism: str, question: str, by: Actor, **settings: str) -> Opening:
    values = OpeningValues(question=question, closes_on=matter.answer_until, settings=settings)
    made = actions.save_opening(matter_id=matter.pk, mechanism=mechanism, values=values, by=by)
    return actions.switch_opening(opening_id=made.pk, state=Opening.State.OPEN, by=by)


def _answer(opening: Opening, counts: dict[str, int], by: Actor) -> None:
    for choice, count in counts.items():
        for number in range(count):
            said = Said(key=key_of(opening.pk, "device", f"{choice} {number}"), choice=choice)
            actions.take_part(opening_id=opening.pk, said=said, by=by)


def _write(
    opening: Opening, text: str, by: Actor, *, show: bool = True, answer: str = "", name: str = "", address: str = ""
) -> int:
    said = Said(key=key_of(opening.pk, "form", text), text=text, name=name, address=address)
    act = actions.take_part(opening_id=opening.pk, said=said, by=by)
    if show:
        actions.review(act_id=act.pk, show=True, text=text, answer=answer, by=by)
    return act.pk
