"""Reads of cases that several screens share."""

from django.db import connection
from django.db.models import Q

from lyhord.cases import follow_code
from lyhord.cases.models import Case, CaseQuerySet
from lyhord.core.tenancy import current_organisation_id
from lyhord.places.models import Area
from lyhord.places.morton import covering, distance_m
from lyhord.places.point import Point
from lyhord.places.queries import areas_at

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
        Case.objects.select_related("case_type", "version", "category", "unit", "area")
        .filter(follow_digest=digest)
        .first()
    )


def nearby_open(
    point: Point, *, case_type_id: int | None, radius_m: float, published_only: bool = True, most: int = 3
) -> list[tuple[Case, float]]:
    """Open cases within a radius, nearest first, with the distance in metres.

    Residents see published ones only; staff see all of them, but for confidential cases.
    """
    ranges = Q()
    for low, high in covering(point.lat, point.lon, radius_m):
        ranges |= Q(cell__gte=low, cell__lt=high)
    cases = Case.objects.open().filter(ranges, confidential=False)
    if published_only:
        cases = cases.published()
    if case_type_id is not None:
        cases = cases.filter(case_type_id=case_type_id)
    found = []
    for case in cases.order_by("cell")[:200]:
        if case.lat is not None and case.lon is not None:
            away = distance_m((point.lat, point.lon), (case.lat, case.lon))
            if away <= radius_m:
                found.append((case, away))
    return sorted(found, key=lambda pair: pair[1])[:most]


def search(cases: CaseQuerySet, words: str, most: int = 500) -> CaseQuerySet:
    """The cases among `cases` that the words find, by Swedish full text; a number finds its case.

    Capped at the newest `most`; the caller says so when the cap is reached.
    """
    with connection.cursor() as cursor:
        cursor.execute("select lyhord_search_cases(%s, %s)", [words, most])
        ids = [row[0] for row in cursor.fetchall()]
    return cases.filter(Q(pk__in=ids) | Q(number=words.strip()))
