"""One person's list of cases to go out to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Shortlisted
from lyhord.core.text import sort_key

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

_TURNS = ("case.state_changed", "case.reopened", "case.merged", "case.converted", "case.resident_wrote", "case.moved")
"""After which a state that somebody had in mind may be the wrong one."""


def shortlist(staff: "Staff", *, by_street: bool = True) -> list[Case]:
    """The cases on the person's list that they may (still) see: by street and number, or in the order they came in."""
    own = Shortlisted.objects.filter(user_id=staff.user.pk).values("case_id")
    cases = Case.objects.visible_to(staff).filter(pk__in=own).select_related("unit")
    found = list(cases.order_by("registered_at", "pk"))
    return sorted(found, key=_street) if by_street else found


def _street(case: Case) -> tuple[bool, str]:
    return not case.place_text, sort_key(case.place_text)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a case stands on the list: the ids before and after it, and whether it is there at all."""

    listed: bool
    before: int | None = None
    after: int | None = None


def around(cases: list[Case], case_id: int) -> Around:
    """The neighbours of a case on the list."""
    ids = [case.pk for case in cases]
    if case_id not in ids:
        return Around(listed=False)
    at = ids.index(case_id)
    return Around(True, ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


def turned_by_others(case_id: int, *, since: int, user_id: int) -> bool:
    """Whether somebody else has turned the case another way after that event: what one does oneself is no surprise."""
    later = Event.objects.about("case", case_id).filter(pk__gt=since, verb__in=_TURNS)
    return later.exclude(actor_kind="person", actor_id=user_id).exists()
