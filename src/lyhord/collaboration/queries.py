"""Reading groups and their queue, always as the organisation of the scope knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from lyhord.cases.models import Case
from lyhord.collaboration.models import Group, Offer, Outcome, Partner, PoolEntry
from lyhord.core.prepared import Prepared, PreparedRows
from lyhord.core.tenancy import require_organisation_id

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

PAGE = 50
COUNT_TO = 100
_KEEP_SECONDS = 5.0
_in_groups: dict[int, tuple[float, bool]] = {}


def collaborates() -> bool:
    """Whether the organisation belongs to any group: whether there is a common queue at all.

    Kept for a few seconds in each process: every page of the desk asks, and nearly always the answer is no.
    """
    organisation_id = require_organisation_id()
    kept = _in_groups.get(organisation_id)
    if kept and kept[0] > monotonic():
        return kept[1]
    found = Group.objects.filter(joined=True).exists()
    _in_groups[organisation_id] = (monotonic() + _KEEP_SECONDS, found)
    return found


def forget_groups() -> None:
    """Drop what is kept, after a change and between tests."""
    _in_groups.clear()


def joined_groups() -> list[Group]:
    """The groups that the organisation belongs to, by name."""
    return list(Group.objects.filter(joined=True).order_by("name", "pk"))


def others_in(groups: Sequence[Group]) -> list[tuple[Group, list[str]]]:
    """The names of the other organisations that have joined each group."""
    partners = Partner.objects.filter(group__in=groups, joined=True).exclude(member_id=require_organisation_id())
    names: dict[int, list[str]] = {}
    for group_id, name in partners.order_by("member__name").values_list("group_id", "member__name"):
        names.setdefault(group_id, []).append(name)
    return [(group, names.get(group.pk, [])) for group in groups]


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Entries, oldest first, and the id after which the next page begins (0 on the last one)."""

    entries: list[PoolEntry]
    next: int


def pool_page(after: int = 0, most: int | None = None) -> PoolPage:
    """What the others have asked for and nobody has taken yet."""
    most = most or PAGE
    waiting = PoolEntry.objects.filter(state=Outcome.OPEN, pk__gt=after)
    rows = list(waiting.select_related("giver", "group").order_by("pk")[: most + 1])
    return PoolPage(rows[:most], rows[most - 1].pk if len(rows) > most else 0)


_WAITING: PreparedRows[int] = PreparedRows(
    lambda pk: pk, lambda: PoolEntry.objects.filter(state=Outcome.OPEN.value).values_list("pk")
)
_OPEN_OFFER = Prepared(
    lambda case_id: Offer.objects.select_related("group").filter(case_id=case_id, state=Outcome.OPEN.value),
    case_id=int,
)


def pool_count() -> int:
    """How many wait in the common queue, counted to COUNT_TO."""
    return len(_WAITING(most=COUNT_TO))


def open_offer(case: Case) -> Offer | None:
    """What we have asked the others about this case and nobody has answered yet."""
    return _OPEN_OFFER.first(case_id=case.pk)


def own_offers(staff: "Staff") -> list[Offer]:
    """Our own cases that wait in the common queue, as far as the person may see them; at most PAGE, oldest first."""
    seen = Case.objects.visible_to(staff).filter(open=True)
    offers = Offer.objects.filter(state=Outcome.OPEN, case__in=seen).select_related("case", "group")
    return list(offers.order_by("pk")[:PAGE])
