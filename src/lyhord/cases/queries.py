"""Reads of cases that several screens share."""

from math import cos, radians
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Q

from lyhord.accounts.permissions import Permission
from lyhord.cases import follow_code
from lyhord.cases.models import Case, CaseQuerySet
from lyhord.cases.numbers import format_number, parse_number
from lyhord.core.tenancy import current_organisation_id
from lyhord.core.text import clean_text
from lyhord.places.models import Area
from lyhord.places.morton import covering, distance_m
from lyhord.places.point import Point
from lyhord.places.queries import areas_at

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

LONGEST_SEARCH = 200

__all__ = ["by_follow_code", "districts_at", "nearby_open", "search"]


def districts_at(organisation_id: int, point: Point | None) -> list[Area]:
    """The districts that hold the point, by name."""
    if organisation_id != current_organisation_id():
        raise ValueError("another organisation's districts")
    return areas_at("district", point)


def by_follow_code(code: str) -> Case | None:
    """The case that a follow code opens, or None: for a wrong code and for another organisation's alike."""
    try:
        digest = follow_code.digest(follow_code.normalise(code))
    except ValueError:
        return None
    return (
        Case.objects.select_related("case_type", "version", "category", "unit", "area", "officer")
        .filter(follow_digest=digest)
        .first()
    )


def nearby_open(
    point: Point, *, case_type_id: int | None, radius_m: float, staff: "Staff | None" = None, most: int = 3
) -> list[tuple[Case, float]]:
    """Open cases within a radius, nearest first, with the distance in metres.

    Residents (no `staff`) are shown published ones only; staff what they may see anyway, and nobody a case that would
    tell where somebody with protected identity is.
    """
    ranges = Q()
    for low, high in covering(point.lat, point.lon, radius_m):
        ranges |= Q(cell__gte=low, cell__lt=high)
    cases = Case.objects.visible_to(staff) if staff else Case.objects.published().filter(confidential=False)
    cases = cases.open().filter(ranges, protected=False, lat__isnull=False, lon__isnull=False)
    if case_type_id is not None:
        cases = cases.filter(case_type_id=case_type_id)
    # On a plane here, which is exact enough to choose by; the radius is then kept on the globe.
    north, east = F("lat") - point.lat, (F("lon") - point.lon) * cos(radians(point.lat))
    found = []
    for case in cases.order_by(north * north + east * east, "pk")[:most]:
        away = distance_m((point.lat, point.lon), (case.lat or 0.0, case.lon or 0.0))
        if away <= radius_m:
            found.append((case, away))
    return sorted(found, key=lambda pair: pair[1])


def search(staff: "Staff", words: str, most: int = 500) -> CaseQuerySet:
    """The cases that words find among those the person may see, by Swedish full text; a number finds its case.

    At most the `most` newest of them; the caller says so when that many are found.
    """
    words = clean_text(words, one_line=True)[:LONGEST_SEARCH]
    visible = Case.objects.visible_to(staff)
    if number := parse_number(words):
        return visible.filter(number=format_number(*number))
    everywhere = staff.may(Permission.SEE_ALL_CASES)
    with connection.cursor() as cursor:
        cursor.execute("select lyhord_search_cases(%s, %s, %s, %s)", [words, most, sorted(staff.unit_ids), everywhere])
        return visible.filter(pk__in=[row[0] for row in cursor.fetchall()])
