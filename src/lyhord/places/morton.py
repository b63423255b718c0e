"""A point as one number, so that a map tile is one range of a btree.

The plane is the one that web maps use (Web Mercator, row 0 in the north). Both axes are cut into 2³¹ steps, 1.9 cm at
the equator, and their bits are interleaved, y before x. The result has 62 bits and fits a signed bigint; every tile
z/x/y is exactly one contiguous, half-open range of it.

Positions are (latitude, longitude) in WGS84 degrees. Whatever is not a finite position on Earth raises ValueError;
latitudes beyond the edge of the map (85.0511°) count as the edge.
"""

from collections.abc import Iterable
from math import asin, asinh, atan, atan2, cos, degrees, floor, isfinite, pi, radians, sin, sinh, sqrt, tan

AXIS_BITS = 31
CELLS = 1 << (2 * AXIS_BITS)
MAX_LATITUDE = 85.05112877980659
EARTH_RADIUS_M = 6_371_008.8

type Position = tuple[float, float]
type Range = tuple[int, int]

_STEPS = 1 << AXIS_BITS
_WIDEST = 3  # a covering is at most this many tiles wide and high


def check_position(lat: float, lon: float) -> None:
    """Raise ValueError unless this is a finite position on Earth."""
    if not (isfinite(lat) and isfinite(lon)):
        raise ValueError("a position needs two finite numbers")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("a position lies within ±90 degrees of latitude and ±180 of longitude")


def cell(lat: float, lon: float) -> int:
    """The cell of a position at full depth: 0 ≤ cell < 2⁶²."""
    check_position(lat, lon)
    return _interleave(_column(lon), _row(lat))


def cell_range(lat: float, lon: float, zoom: int) -> Range:
    """The half-open range of cells of the tile at this zoom that holds the position."""
    _check_zoom(zoom)
    shift = 2 * (AXIS_BITS - zoom)
    prefix = cell(lat, lon) >> shift
    return prefix << shift, (prefix + 1) << shift


def tile_of(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """The (x, y) of the map tile at this zoom that holds the position."""
    _check_zoom(zoom)
    check_position(lat, lon)
    shift = AXIS_BITS - zoom
    return _column(lon) >> shift, _row(lat) >> shift


def tile_range(zoom: int, x: int, y: int) -> Range:
    """The half-open range of cells of the map tile z/x/y; ValueError for a tile that does not exist."""
    _check_zoom(zoom)
    if not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise ValueError("no such tile at this zoom")
    shift = 2 * (AXIS_BITS - zoom)
    prefix = _interleave(x, y)
    return prefix << shift, (prefix + 1) << shift


def centre(prefix: int, depth: int = AXIS_BITS) -> Position:
    """The middle of a cell of the given depth, where `prefix` is a full cell shifted right by 2·(31 - depth).

    So `centre(cell(lat, lon))` is the position to within a centimetre, and `centre(key, 14)` is the middle of a
    group of cells that was counted by `cell >> 34`.
    """
    _check_zoom(depth)
    if not 0 <= prefix < 1 << (2 * depth):
        raise ValueError("no such cell at this depth")
    side = 1 << depth
    x, y = _squeeze(prefix), _squeeze(prefix >> 1)
    return _latitude((y + 0.5) / side), (x + 0.5) / side * 360 - 180


def cell_xy(prefix: int) -> tuple[int, int]:
    """The (x, y) of a cell of any depth: the tile that it is."""
    return _squeeze(prefix), _squeeze(prefix >> 1)


def cell_at(x: int, y: int) -> int:
    """The cell of the depth whose tile is (x, y): the inverse of `cell_xy`."""
    return _interleave(x, y)


def distance_m(a: Position, b: Position) -> float:
    """Metres between two positions along a sphere of Earth's mean radius (haversine; within 0.6 % of the ellipsoid)."""
    check_position(*a)
    check_position(*b)
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(b[1] - a[1]) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def covering(lat: float, lon: float, radius_m: float) -> list[Range]:
    """Ranges, ascending and apart, that together hold every cell within `radius_m` of the position.

    At most nine, mostly two to six. They hold more than the circle: filter by `distance_m` afterwards.
    """
    bounds = _bounds(lat, lon, radius_m)
    if bounds is None:
        return [(0, CELLS)]
    zoom = _finest_zoom(*bounds)
    return _merged(tile_range(zoom, x, y) for x, y in _tiles(lat, lon, radius_m, zoom, bounds))


def covering_tiles(lat: float, lon: float, radius_m: float, zoom: int) -> list[int]:
    """The tiles of one zoom, as full cells shifted right by 2·(31 - zoom), that come within `radius_m` of the position.

    For circles no wider than a hemisphere.
    """
    _check_zoom(zoom)
    bounds = _bounds(lat, lon, radius_m)
    if bounds is None:
        raise ValueError("the circle goes round a pole")
    return sorted(_interleave(x, y) for x, y in _tiles(lat, lon, radius_m, zoom, bounds))


def _bounds(lat: float, lon: float, radius_m: float) -> tuple[int, int, int, int] | None:
    """Left, right, top and bottom of a circle in steps; None when it goes round a pole."""
    check_position(lat, lon)
    if not (isfinite(radius_m) and radius_m >= 0):
        raise ValueError("a radius is zero or more metres")
    angle = _reach(radius_m) / EARTH_RADIUS_M
    half_width = _half_width(lat, angle)
    if half_width is None:
        return None
    top, bottom = _row(min(90.0, lat + degrees(angle))), _row(max(-90.0, lat - degrees(angle)))
    return _steps_east(lon - half_width), _steps_east(lon + half_width), top, bottom


def _reach(radius_m: float) -> float:
    return radius_m * (1 + 1e-9) + 0.03  # a cell's own size and the last bits of a float


def _tiles(
    lat: float, lon: float, radius_m: float, zoom: int, bounds: tuple[int, int, int, int]
) -> set[tuple[int, int]]:
    left, right, top, bottom = bounds
    shift, reach = AXIS_BITS - zoom, _reach(radius_m)
    return {
        (x % (1 << zoom), y)
        for x in range(left >> shift, (right >> shift) + 1)
        for y in range(top >> shift, (bottom >> shift) + 1)
        if _distance_to_tile(lat, lon, zoom, x % (1 << zoom), y) <= reach
    }


def _check_zoom(zoom: int) -> None:
    if not 0 <= zoom <= AXIS_BITS:
        raise ValueError(f"a zoom lies between 0 and {AXIS_BITS}")


def _steps_east(lon: float) -> int:
    """Steps east of the 180th meridian; beyond one turn for longitudes beyond the map, so that ranges can wrap."""
    return floor((lon + 180) / 360 * _STEPS)


def _column(lon: float) -> int:
    return min(_steps_east(lon), _STEPS - 1)


def _row(lat: float) -> int:
    lat = max(-MAX_LATITUDE, min(MAX_LATITUDE, lat))
    return max(0, min(floor((1 - asinh(tan(radians(lat))) / pi) / 2 * _STEPS), _STEPS - 1))


def _latitude(y: float) -> float:
    """The latitude of a share (0 north, 1 south) of the map's height."""
    return degrees(atan(sinh(pi * (1 - 2 * y))))


def _interleave(x: int, y: int) -> int:
    return _spread(x) | _spread(y) << 1


def _spread(value: int) -> int:
    """Put a zero before each of 31 bits."""
    value = (value | value << 16) & 0x0000FFFF0000FFFF
    value = (value | value << 8) & 0x00FF00FF00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F0F0F0F0F
    value = (value | value << 2) & 0x3333333333333333
    return (value | value << 1) & 0x5555555555555555


def _squeeze(value: int) -> int:
    """Take every second bit: the inverse of `_spread`."""
    value &= 0x5555555555555555
    value = (value | value >> 1) & 0x3333333333333333
    value = (value | value >> 2) & 0x0F0F0F0F0F0F0F0F
    value = (value | value >> 4) & 0x00FF00FF00FF00FF
    value = (value | value >> 8) & 0x0000FFFF0000FFFF
    return (value | value >> 16) & 0x00000000FFFFFFFF


def _half_width(lat: float, angle: float) -> float | None:
    """Degrees of longitude on each side of a circle of that angular radius; None when it holds a pole."""
    if angle >= pi / 2 - abs(radians(lat)):
        return None
    return degrees(asin(min(1.0, sin(angle) / cos(radians(lat)))))


def _finest_zoom(left: int, right: int, top: int, bottom: int) -> int:
    """The deepest zoom where the box is at most three tiles wide and high."""
    zoom = AXIS_BITS
    while zoom > 0:
        shift = AXIS_BITS - zoom
        columns, rows = (right >> shift) - (left >> shift), (bottom >> shift) - (top >> shift)
        if columns < _WIDEST and rows < _WIDEST:
            break
        zoom -= 1
    return zoom


def _distance_to_tile(lat: float, lon: float, zoom: int, x: int, y: int) -> float:
    """Metres from a position to the nearest spot of a tile; 0 inside it."""
    side = 1 << zoom
    north = 90.0 if y == 0 else _latitude(y / side)
    south = -90.0 if y == side - 1 else _latitude((y + 1) / side)
    west, width = x / side * 360 - 180, 360 / side
    eastward = (lon - west) % 360
    if eastward <= width:
        return distance_m((lat, lon), (max(south, min(north, lat)), lon))
    turn = min(eastward - width, 360 - eastward)  # to the nearer of the two meridians that bound the tile
    if turn >= 90:
        return 0.0  # on the other side of the Earth only tiles too big to leave out are asked about
    nearest = degrees(atan2(tan(radians(lat)), cos(radians(turn))))
    return distance_m((lat, 0.0), (max(south, min(north, nearest)), turn))


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and merged[-1][1] == low:
            merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return merged
