"""Finding areas and addresses."""

from dataclasses import dataclass
from math import cos, radians

from django.db.models import Count, Max, Q

from lyhord.core.kept import kept
from lyhord.core.tenancy import require_organisation_id
from lyhord.places import addresses
from lyhord.places.asset_file import CODE
from lyhord.places.models import Address, Area, Asset
from lyhord.places.morton import distance_m
from lyhord.places.point import Point
from lyhord.places.polygons import AreaIndex

_LETTERS, _STREETS = 4, 60
_indexes: dict[tuple[int, str], "_Kept"] = {}


@dataclass(frozen=True, slots=True)
class _Kept:
    """The areas of one kind by primary key, as they were when `version` was read."""

    version: object
    index: AreaIndex[int]
    areas: dict[int, Area]


def area_index(kind: str) -> AreaIndex[int]:
    """The index of the organisation's areas of one kind, by primary key."""
    return _areas(kind).index


def _areas(kind: str) -> _Kept:
    return kept(("areas", kind), lambda: _current(kind))


def _current(kind: str) -> _Kept:
    """As the areas are now. Other settings have changed without them, mostly: then the index need not be made anew."""
    key = (require_organisation_id(), kind)
    version = Area.objects.filter(kind=kind).aggregate(changed=Max("updated_at"), count=Count("id"))
    made = _indexes.get(key)
    if made is None or made.version != version:
        areas = {area.pk: area for area in Area.objects.filter(kind=kind)}
        made = _Kept(version, AreaIndex((area.pk, area.geojson) for area in areas.values()), areas)
        _indexes[key] = made
    return made


def forget_areas() -> None:
    """Drop the kept indexes; between tests."""
    _indexes.clear()


def areas_at(kind: str, point: Point | None) -> list[Area]:
    """The organisation's areas of a kind that hold the point, by name."""
    if point is None:
        return []
    areas = _areas(kind)
    found = [areas.areas[pk] for pk in areas.index.containing(point.lat, point.lon)]
    return sorted(found, key=lambda area: area.sort_key)


def areas_holding(point: Point | None) -> list[Area]:
    """Every area that an alert can be about and that holds the point, by kind and name: all but the border."""
    kinds = kept("kinds of areas", _kinds)
    return [area for kind in kinds if kind != "boundary" for area in areas_at(kind, point)]


def _kinds() -> list[str]:
    return list(Area.objects.order_by("kind").values_list("kind", flat=True).distinct())


def inside_boundary(point: Point) -> bool | None:
    """Whether the point is inside the organisation's boundary; None when it has loaded none."""
    index = area_index("boundary")
    if not len(index):
        return None
    return bool(index.containing(point.lat, point.lon))


def far_outside(point: Point, metres: float) -> bool:
    """Whether the point is further than that from the organisation's land; False when it has loaded no boundary."""
    index = area_index("boundary")
    if not len(index) or index.containing(point.lat, point.lon):
        return False
    return not index.near_border(point.lat, point.lon, metres)


def boundaries() -> list[Area]:
    """The areas that together are the organisation's own land; mostly one."""
    return list(Area.objects.filter(kind="boundary").order_by("code"))


def areas_of(kind: str) -> list[Area]:
    """The areas of a kind, or of all, by kind and code."""
    found = Area.objects.order_by("kind", "code")
    return list(found.filter(kind=kind) if kind else found)


def named_areas(kind: str = "district") -> list[tuple[str, str]]:
    """(code, name) of the areas of a kind, by name."""
    found = sorted(_areas(kind).areas.values(), key=lambda area: area.sort_key)
    return [(area.code, area.name) for area in found]


def areas_to_choose() -> list[tuple[int, str, str]]:
    """(id, code, name) of every area that an alert can be about, by name: all but the border."""
    rows = Area.objects.exclude(kind="boundary").order_by("sort_key")
    return list(rows.values_list("pk", "code", "name"))


def search_addresses(text: str, most: int = 8) -> list[addresses.Match]:
    """The addresses that answer to what somebody typed, best first.

    First the streets and places whose name, or a word in it, begins like the words typed; then the numbers on them.
    The fine order is made in addresses.py.
    """
    key = addresses.search_key(text)
    start = key.split(" ")[0].rstrip(",")[:_LETTERS]
    if len(start) < 2:
        return []
    like = Q(search_key__startswith=start) | Q(search_key__contains=f" {start}")
    streets = Address.objects.filter(like).order_by("street").values_list("street", flat=True).distinct()[:_STREETS]
    rows = Address.objects.filter(street__in=list(streets))
    return addresses.rank(text, rows, most)


def nearest_address(point: Point, metres: float = 60.0) -> str:
    """The street and number nearest to a point, "Vintergatan 12, Motala"; "" when none is within that many metres.

    Street lists begin the name with the street; a point in a park or a wood has no address, and that is fine.
    """
    high = metres / 111_320
    wide = high / max(0.1, cos(radians(point.lat)))
    rows = Address.objects.filter(
        lat__range=(point.lat - high, point.lat + high), lon__range=(point.lon - wide, point.lon + wide)
    )[:500]
    here = (point.lat, point.lon)
    near = sorted((distance_m(here, (row.lat, row.lon)), row.pk, row) for row in rows)
    if not near or near[0][0] > metres:
        return ""
    nearest = near[0][2]
    return f"{nearest}, {nearest.locality}" if nearest.locality else str(nearest)


def asset_by_code(code: str) -> Asset | None:
    """What has a sign with that code; None when nothing has."""
    return Asset.objects.filter(code=code).first() if CODE.fullmatch(code) else None
