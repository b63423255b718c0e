"""The 290 municipalities of Sweden: code, name, county, a point to start a map at, and a coarse boundary.

**Coarse**: the boundaries have about 34 corners each and cut straight across water and islands. They are good enough
to choose an organisation and to draw a first map, and not for deciding who is responsible within 1.5 km of a border
or on water. Near a border ask (`municipalities_near`), and let an organisation load its exact boundary.

Nothing is read before it is asked for, and a boundary is unpacked only when its own municipality is asked about.
Sources and licences: data/README.md.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lyhord.places.morton import Position, check_position
from lyhord.places.polygons import AreaIndex

NEAR_BORDER_M = 1500.0

_FARTHEST_M = 2500.0
_BORDER_REACH = 0.07  # degrees; 2.5 km is less than this in both directions everywhere in Sweden


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality. `code` is SCB's, four digits as text ("0583"); `lat`, `lon` is a point inside it."""

    code: str
    name: str
    short_name: str
    county_code: str
    county: str
    lat: float
    lon: float
    south: float
    west: float
    north: float
    east: float

    @property
    def centre(self) -> Position:
        """(latitude, longitude) of a point well inside; seldom the main town."""
        return self.lat, self.lon

    @property
    def boundary(self) -> dict[str, Any]:
        """The coarse boundary as a GeoJSON MultiPolygon in WGS84, [lon, lat], five decimals. A fresh object."""
        polygons = [[list(_ring(ring)) for ring in part.split(",")] for part in _packed()[self.code].split(";")]
        return {"type": "MultiPolygon", "coordinates": polygons}


def municipality(code: str) -> Municipality:
    """The municipality with that four-digit code; KeyError when there is none."""
    return _by_code()[code]


def all_municipalities() -> list[Municipality]:
    """All 290, by code."""
    return list(_by_code().values())


def municipality_at(lat: float, lon: float) -> Municipality | None:
    """The municipality a point lies in, or else the nearest within 1.5 km, as the coarse boundaries leave gaps.

    They do so even in the middle of Stockholm, by the water. None further away; on a shared border the lowest code.
    """
    near = municipalities_near(lat, lon)
    return near[0] if near else None


def municipalities_near(lat: float, lon: float, metres: float = NEAR_BORDER_M) -> list[Municipality]:
    """The municipalities that a point lies in or has within so many metres (at most 2,500), nearest first."""
    if not 0 <= metres <= _FARTHEST_M:
        raise ValueError("near means at most 2,500 metres")
    near = []
    for found in _around(lat, lon, _BORDER_REACH):
        index = _index(found.code)
        if index.containing(lat, lon):
            near.append((0.0, found))
        elif index.near_border(lat, lon, metres):
            near.append((index.nearest_border_m(lat, lon, found.code), found))
    return [found for _, found in sorted(near, key=lambda pair: (pair[0], pair[1].code))]


@cache
def _by_code() -> dict[str, Municipality]:
    with files("lyhord.places.data").joinpath("municipalities.csv").open(encoding="utf-8") as source:
        return {row["code"]: _municipality(row) for row in csv.DictReader(source)}


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        county_code=row["county_code"],
        county=row["county"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        south=float(row["south"]),
        west=float(row["west"]),
        north=float(row["north"]),
        east=float(row["east"]),
    )


def _around(lat: float, lon: float, reach: float) -> list[Municipality]:
    """Those whose box, widened by so many degrees, holds the point."""
    check_position(lat, lon)
    return [
        found
        for found in _by_code().values()
        if found.south - reach <= lat <= found.north + reach and found.west - reach <= lon <= found.east + reach
    ]


@cache
def _packed() -> dict[str, str]:
    """Code to packed boundary: polygons apart by ";", their rings by ","."""
    lines = files("lyhord.places.data").joinpath("municipality_boundaries.tsv").read_text(encoding="ascii").splitlines()
    return dict(line.split("\t", 1) for line in lines)


@cache
def _index(code: str) -> AreaIndex[str]:
    return AreaIndex([(code, municipality(code).boundary)])


def _ring(packed: str) -> Iterator[list[float]]:
    """The closed ring of a packed one: differences of latitude, then longitude, in Google's "encoded polyline"."""
    numbers = _numbers(packed)
    lat = lon = 0
    first: list[float] = []
    for change in numbers:
        lat, lon = lat + change, lon + next(numbers)
        position = [lon / 100_000, lat / 100_000]
        first = first or position
        yield position
    yield list(first)


def _numbers(packed: str) -> Iterator[int]:
    value = shift = 0
    for char in packed:
        bits = ord(char) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
