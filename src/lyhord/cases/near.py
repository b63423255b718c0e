"""Open cases around a point: what may be the same thing, and what else there is."""

from functools import cache
from math import cos, radians
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F
from django.db.models.expressions import RawSQL

from lyhord.accounts.permissions import Permission
from lyhord.cases.listed import Listed, listed_rows
from lyhord.cases.models import Case, CaseQuerySet
from lyhord.core.prepared import Prepared, PreparedRows
from lyhord.places.morton import covering, distance_m
from lyhord.places.point import Point

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lyhord.accounts.staff import Staff

# The ranges as two arrays: one statement however many there are, and one index scan for each. An array of the ids, so
# that the place is looked at first; a limit for each range, so that the densest street of the largest city costs what
# others do.
_OPEN_WITHIN = """array(select near.id from unnest(%s::bigint[], %s::bigint[]) as range(low, high) cross join lateral (
    select id from cases_case where cell >= range.low and cell < range.high and open and {only} limit {most}
) as near)"""


EXACT, GLANCE = 200, 25
"""How many cases of each range are looked at: all there are on nearly every street, or enough to show some."""


class Near(NamedTuple):
    """A published case and how many metres away it is."""

    row: Listed
    metres: float


def nearby_published(
    point: Point, *, case_type_id: int | None, radius_m: float, most: int = 3, glance: bool = False
) -> list[Near]:
    """Published open cases within a radius, nearest first; none that would tell where a protected person is.

    At a `glance` there may be nearer ones where they are many: for showing that there are others.
    """
    values = _around(point, radius_m, case_type_id)
    rows = _published(typed=case_type_id is not None, glance=glance)(most=most, **values)
    found = [Near(row, distance_m((point.lat, point.lon), (row.lat or 0.0, row.lon or 0.0))) for row in rows]
    return sorted((near for near in found if near.metres <= radius_m), key=lambda near: near.metres)


def nearby_open(
    point: Point, *, case_type_id: int | None, radius_m: float, staff: "Staff", most: int = 3
) -> list[tuple[Case, float]]:
    """Open cases within a radius that a member of staff may see, nearest first, with the distance in metres.

    Nobody is shown a case that would tell where somebody with protected identity is.
    """
    values = _around(point, radius_m, case_type_id) | {"unit_ids": sorted(staff.unit_ids)}
    query = _open(everywhere=staff.may(Permission.SEE_ALL_CASES), typed=case_type_id is not None)
    found = []
    for case in query(most=most, **values):
        away = distance_m((point.lat, point.lon), (case.lat or 0.0, case.lon or 0.0))
        if away <= radius_m:
            found.append((case, away))
    return sorted(found, key=lambda pair: pair[1])


def _around(point: Point, radius_m: float, case_type_id: int | None) -> dict[str, Any]:
    """What both queries are asked with."""
    ranges = covering(point.lat, point.lon, radius_m)
    values: dict[str, Any] = {"lat": point.lat, "lon": point.lon, "narrow": cos(radians(point.lat))}
    values |= {"lows": [low for low, _high in ranges], "highs": [high for _low, high in ranges]}
    return values if case_type_id is None else values | {"case_type_id": case_type_id}


@cache
def _published(*, typed: bool, glance: bool) -> PreparedRows[Listed]:
    def build(**values: Any) -> "QuerySet[Any, tuple[Any, ...]]":
        looked_at = GLANCE if glance else EXACT
        wanted = _conditions(values, "publication_state = 'published'", of="case__", looked_at=looked_at)
        return listed_rows(case__confidential=False, **wanted).order_by(_nearest(values, of="case__"), "case_id")

    return PreparedRows(Listed, build, **_parameters(typed=typed))


@cache
def _open(*, everywhere: bool, typed: bool) -> Prepared[Case]:
    def build(**values: Any) -> CaseQuerySet:
        cases = Case.objects.of_units(values["unit_ids"], everywhere=everywhere)
        return cases.filter(**_conditions(values, "true")).order_by(_nearest(values), "pk")

    return Prepared(build, unit_ids=list, **_parameters(typed=typed))


def _parameters(*, typed: bool) -> dict[str, type]:
    given: dict[str, type] = {"lat": float, "lon": float, "narrow": float, "lows": list, "highs": list}
    return given | {"case_type_id": int} if typed else given


def _conditions(values: dict[str, Any], only: str, *, of: str = "", looked_at: int = EXACT) -> dict[str, Any]:
    """Open and in the ranges, as a filter of cases, or of what has cases (`of`); the index scan asks `only` besides."""
    wanted: dict[str, Any] = {"open": True, "protected": False, "lat__isnull": False, "lon__isnull": False}
    sent = [values["lows"], values["highs"]]
    if "case_type_id" in values:
        wanted["case_type_id"] = values["case_type_id"]
        only, sent = f"{only} and case_type_id = %s", [*sent, values["case_type_id"]]
    wanted["id__any"] = RawSQL(_OPEN_WITHIN.format(only=only, most=looked_at), sent)  # noqa: S611  # nothing but our own words
    return {f"{of}{name}": value for name, value in wanted.items()}


def _nearest(values: dict[str, Any], *, of: str = "") -> Any:
    """On a plane here, which is exact enough to choose by; the radius is then kept on the globe."""
    north, east = F(f"{of}lat") - values["lat"], (F(f"{of}lon") - values["lon"]) * values["narrow"]
    return north * north + east * east
