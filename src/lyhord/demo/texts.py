"""The demo municipalities send text messages that nobody gets, and somebody has asked for one."""

from uuid import uuid4

from lyhord.cases.facts import NewReporter
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.receive import receive
from lyhord.intake.submission import Submission
from lyhord.notifications.text_actions import set_gateway
from lyhord.organisations.models import Organisation

NUMBER = "070-174 06 05"
"""Of those that PTS keeps free for books and films."""


def let_texts_leave(organisation: Organisation, *, by: Actor) -> None:
    """A gateway that calls nobody, and a case whose reporter is asked for the code in a text message."""
    with organisation_scope(organisation.pk):
        set_gateway(
            gateway="demo",
            url="",
            username="",
            secret="",
            sender=organisation.slug.title(),
            countries="46",
            most_a_day=1000,
            active=True,
            by=by,
        )
        receive(
            organisation=organisation,
            submission=Submission(
                source="demo",
                external_id=uuid4().hex,
                channel="web",
                text="När öppnar återvinningscentralen i helgen?",
                kind="fraga",
                case_type="fraga",
                reporter=NewReporter(name="Samir", phone=NUMBER, tell_by=("sms",)),
                wants_feedback=True,
            ),
            by=Actor.resident(),
        )
