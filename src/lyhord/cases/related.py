"""Which cases belong together with one, or may be about the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lyhord.cases.models import Case
from lyhord.cases.near import nearby_open
from lyhord.places.point import Point

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

MOST_NEAR = 4


class Relation(StrEnum):
    """How another case belongs to one."""

    SAME = "same"  # it was merged into the other
    MERGED = "merged"  # the other was merged into it
    NEAR = "near"  # open, of the same type, close by


@dataclass(frozen=True, slots=True)
class Related:
    """Another case; `away_m` in metres for those that are near."""

    case: Case
    relation: Relation
    away_m: float | None = None


def related(staff: "Staff", case: Case, merged: Sequence[Case], *, place_known: bool) -> list[Related]:
    """The other cases that the person may see; `merged` are those that were merged into it.

    With `place_known` also open ones nearby: where a protected person is must not be told by what is close to them.
    """
    together = [other for other in (case.duplicate_of, *merged) if other is not None]
    ids = [other.pk for other in together]
    seen = set(Case.objects.visible_to(staff).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    found = [
        Related(other, Relation.SAME if other.pk == case.duplicate_of_id else Relation.MERGED)
        for other in together
        if other.pk in seen
    ]
    radius = case.version.description.duplicate_radius_m
    if radius and case.lat is not None and case.lon is not None and place_known:
        here = Point(case.lat, case.lon, accuracy_m=None, source="map")
        near = nearby_open(here, case_type_id=case.case_type_id, radius_m=radius, staff=staff, most=MOST_NEAR)
        found += [
            Related(other, Relation.NEAR, away) for other, away in near if other.pk != case.pk and other.pk not in ids
        ]
    return found
