"""What the common queue does when a case changes where it is: what has ended or become secret leaves it."""

from collections.abc import Iterable

from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to
from lyhord.cases.models import Case, Reporter
from lyhord.collaboration.actions.offers import withdraw
from lyhord.collaboration.models import Offer, Outcome
from lyhord.collaboration.snapshot import hindrance
from lyhord.core.actor import Actor

SYSTEM = Actor.system("collaboration")


@reacts_to("case.state_changed", "case.merged", "case.moved", "case.converted")
def leave_the_queue(event: Event) -> None:
    """A case that was closed, or may no longer be shown to others, is withdrawn from the queue."""
    _withdraw_hindered(
        Offer.objects.filter(case_id=event.subject_id, state=Outcome.OPEN).values_list("case_id", flat=True)
    )


@reacts_to("unit.cases_closed")
def leave_with_the_unit(event: Event) -> None:
    """A unit that has become confidential takes its cases out of the queue."""
    waiting = Offer.objects.filter(case__unit_id=event.subject_id, state=Outcome.OPEN)
    _withdraw_hindered(waiting.order_by("pk").values_list("case_id", flat=True))


def _withdraw_hindered(case_ids: Iterable[int]) -> None:
    for case in Case.objects.select_related("unit", "version").filter(pk__in=list(case_ids)).order_by("pk"):
        reason = hindrance(case, Reporter.objects.filter(case=case).first())
        if reason:
            withdraw(case_id=case.pk, by=SYSTEM, reason=reason)
