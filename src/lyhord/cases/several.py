"""The same deed for several cases at once: each by its own action, and what became of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lyhord.cases.models import Case
from lyhord.core.errors import Conflict, LyhordError

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

MOST = 100
"""As many at once: a request that ends before anybody wonders."""


class Fate(StrEnum):
    """What became of one case."""

    DONE = "done"
    CHANGED = "changed"  # somebody else had changed it since it was read
    REFUSED = "refused"  # it cannot be done with this one; the sentence says why
    GONE = "gone"  # the person does not see it (any longer)


@dataclass(frozen=True, slots=True)
class Became:
    """One case and its fate; `number` is "" for one that is gone."""

    case_id: int
    number: str
    fate: Fate
    sentence: str = ""


def several(staff: "Staff", marked: Mapping[int, int], deed: Callable[[int, int], object]) -> list[Became]:
    """Do a deed (called with id and revision) with all that are marked: revisions, as the person read them, by id.

    Case by case in the order of their ids, as locks are always taken; one that cannot be done stops no other.
    """
    numbers = dict(Case.objects.visible_to(staff).filter(pk__in=list(marked)).values_list("pk", "number"))
    return [_done(case_id, numbers.get(case_id, ""), marked[case_id], deed) for case_id in sorted(marked)]


def _done(case_id: int, number: str, revision: int, deed: Callable[[int, int], object]) -> Became:
    if not number:
        return Became(case_id, number, Fate.GONE)
    try:
        deed(case_id, revision)
    except Conflict as conflict:
        return Became(case_id, number, Fate.CHANGED, str(conflict.message))
    except LyhordError as error:
        return Became(case_id, number, Fate.REFUSED, str(error))
    return Became(case_id, number, Fate.DONE)
