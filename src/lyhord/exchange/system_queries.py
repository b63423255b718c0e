"""How the case systems are: what waits, what has failed, when something last went and came."""

from dataclasses import dataclass

from django.db.models import Count

from lyhord.exchange.adapter import ADAPTERS, Adapter
from lyhord.exchange.faults import Fault, fault_of
from lyhord.exchange.models import ChangeState, Outgoing, System


@dataclass(frozen=True, slots=True)
class Health:
    """A system with how it goes."""

    system: System
    adapter: Adapter | None
    waiting: int
    failed: int

    @property
    def error(self) -> Fault | None:
        """What went wrong the last time, while it still does."""
        return fault_of(self.system.last_error) if self.system.last_error else None

    @property
    def check(self) -> Fault | None:
        """What the last try to log in found wrong."""
        return fault_of(self.system.check_error) if self.system.check_error else None


def health(system_id: int | None = None) -> list[Health]:
    """All of them by name, or one; in two queries."""
    systems = System.objects.order_by("name", "pk")
    rows = Outgoing.objects.filter(state__in=[ChangeState.WAITING, ChangeState.FAILED])
    if system_id is not None:
        systems, rows = systems.filter(pk=system_id), rows.filter(link__system_id=system_id)
    counted = rows.values_list("link__system_id", "state").annotate(n=Count("pk"))
    counts = {(system, state): n for system, state, n in counted}
    return [
        Health(
            one,
            ADAPTERS.find(one.adapter),
            counts.get((one.pk, ChangeState.WAITING), 0),
            counts.get((one.pk, ChangeState.FAILED), 0),
        )
        for one in systems
    ]
