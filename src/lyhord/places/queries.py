"""Finding areas and addresses."""

from time import monotonic

from django.db.models import Count, Max

from lyhord.core.tenancy import require_organisation_id
from lyhord.places import addresses
from lyhord.places.models import Address, Area
from lyhord.places.point import Point
from lyhord.places.polygons import AreaIndex

_LOOK_AGAIN_SECONDS = 5.0
_indexes: dict[tuple[int, str], tuple[float, object, AreaIndex[int]]] = {}


def area_index(kind: str) -> AreaIndex[int]:
    """The index of the organisation's areas of one kind, by primary key.

    Each process keeps its own and looks every few seconds whether an area has changed.
    """
    key = (require_organisation_id(), kind)
    kept = _indexes.get(key)
    if kept and kept[0] > monotonic():
        return kept[2]
    version = Area.objects.filter(kind=kind).aggregate(changed=Max("updated_at"), count=Count("id"))
    if kept and kept[1] == version:
        index = kept[2]
    else:
        index = AreaIndex((area.pk, area.geojson) for area in Area.objects.filter(kind=kind))
    _indexes[key] = (monotonic() + _LOOK_AGAIN_SECONDS, version, index)
    return index


def forget_areas() -> None:
    """Drop the kept indexes; between tests."""
    _indexes.clear()


def areas_at(kind: str, point: Point | None) -> list[Area]:
    """The organisation's areas of a kind that hold the point, by name."""
    if point is None:
        return []
    found = area_index(kind).containing(point.lat, point.lon)
    return list(Area.objects.filter(pk__in=found).order_by("sort_key")) if found else []


def inside_boundary(point: Point) -> bool | None:
    """Whether the point is inside the organisation's boundary; None when it has loaded none."""
    index = area_index("boundary")
    if not len(index):
        return None
    return bool(index.containing(point.lat, point.lon))


def search_addresses(text: str, most: int = 8) -> list[addresses.Match]:
    """The addresses that answer to what somebody typed, best first.

    Candidates come from the index by the first letters; the fine order is made in addresses.py.
    """
    key = addresses.search_key(text)
    if len(key) < 2:
        return []
    rows = Address.objects.filter(search_key__startswith=key[:3])[:2000]
    return addresses.rank(text, rows)[:most]
