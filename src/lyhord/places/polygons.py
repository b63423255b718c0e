"""Which area is this point in, and how near is the next one.

Areas are polygons in WGS84 degrees, [lon, lat] as in GeoJSON. Holes are not inside; a point on a border that two
areas share is in both, so that nobody is without an answer. Where a decision hangs on it, ask `near_border` too: no
boundary is exact, and no phone is.
"""

from collections.abc import Hashable, Iterable, Mapping
from math import cos, radians
from typing import Any

import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from lyhord.places.morton import EARTH_RADIUS_M, check_position

_METRES_PER_DEGREE = radians(1) * EARTH_RADIUS_M


def polygonal(geometry: BaseGeometry) -> Polygon | MultiPolygon | None:
    """The valid polygons in a geometry: repaired when they cross themselves, None when nothing with an area is left."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if not isinstance(geometry, Polygon | MultiPolygon):
        parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon | MultiPolygon)]
        geometry = shapely.unary_union(parts)
    if isinstance(geometry, Polygon | MultiPolygon) and geometry.area > 0:
        return geometry
    return None


class AreaIndex[K: Hashable]:
    """Areas by key, each a polygon or a GeoJSON geometry of type Polygon or MultiPolygon, in the order given.

    Built once and asked often (about 10 µs a question): keep one per process and build it again when an area changes.
    Raises ValueError for what is no polygon and for a key that comes twice.
    """

    def __init__(self, areas: Iterable[tuple[K, BaseGeometry | Mapping[str, Any]]]) -> None:
        self._areas: dict[K, Polygon | MultiPolygon] = {}
        for key, source in areas:
            if key in self._areas:
                raise ValueError(f"two areas have the key {key!r}")
            area = polygonal(source if isinstance(source, BaseGeometry) else shape(dict(source)))
            if area is None:
                raise ValueError(f"the area {key!r} has no inside")
            self._areas[key] = area
        self._keys = list(self._areas)
        self._tree = shapely.STRtree(list(self._areas.values()))
        shapely.prepare(list(self._areas.values()))
        self._borders: dict[K, BaseGeometry] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._areas

    def containing(self, lat: float, lon: float) -> list[K]:
        """The keys of all areas that hold the point or have it on their border, in the order they were given."""
        check_position(lat, lon)
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return [self._keys[number] for number in sorted(found.tolist())]

    def nearest_border_m(self, lat: float, lon: float, key: K) -> float:
        """Metres from the point, inside or outside, to the nearest border of one area, its holes' borders too.

        KeyError for an unknown area. Right to 0.5 % within some ten kilometres, rougher further away.
        """
        check_position(lat, lon)
        border = self._borders.get(key)
        if border is None:
            border = self._borders[key] = self._areas[key].boundary
        return _metres_to(border, lat, lon)

    def near_border(self, lat: float, lon: float, metres: float = 1500) -> list[K]:
        """The keys of the other areas within that many metres, nearest first: who else it could concern.

        "Other" are those that do not hold the point, so `containing` and this never share a key.
        """
        check_position(lat, lon)
        high = metres / _METRES_PER_DEGREE * 1.01
        wide = high / max(0.01, cos(radians(min(89.0, abs(lat) + high))))
        candidates = self._tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
        inside = set(self.containing(lat, lon))
        near = []
        for number in candidates.tolist():
            key = self._keys[number]
            if key not in inside and (away := _metres_to(self._areas[key], lat, lon)) <= metres:
                near.append((away, number, key))
        return [key for _, _, key in sorted(near, key=lambda found: found[:2])]


def _metres_to(geometry: BaseGeometry, lat: float, lon: float) -> float:
    """The distance on a plane that touches the Earth at the point, where a degree is as long as it is there."""
    wide = _METRES_PER_DEGREE * cos(radians(lat))

    def flatten(lon_lat: NDArray[Any]) -> NDArray[Any]:
        return (lon_lat - (lon, lat)) * (wide, _METRES_PER_DEGREE)

    return float(shapely.distance(shapely.transform(geometry, flatten), shapely.Point(0, 0)))
