"""Boundaries that an administrator uploads: GeoJSON (RFC 7946), checked before anything is kept.

Only areas: Polygon, MultiPolygon, a Feature of one of them, or a FeatureCollection of such features. What can be put
right without guessing is (open rings, heights, shapes that cross themselves); everything else is refused with a
sentence that says what to do. The file is hostile until it has passed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import isfinite
from typing import Any, NoReturn

import shapely
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from lyhord.core.country import country
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text
from lyhord.places.polygons import polygonal

_NAMES = ("name", "namn", "NAMN", "Namn", "NAME", "Name", "distriktsnamn", "kommunnamn", "title", "label")
_CODES = ("code", "kod", "KOD", "Kod", "id", "ID", "kommunkod", "kommun_kod")
_LONGEST_NAME = 120
_SIDES_AT_A_TIME = 64

type Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold. A municipality's exact boundary has some ten thousand corners."""

    size: int = 10_000_000  # bytes
    areas: int = 2_000
    corners: int = 300_000
    rings: int = 5_000  # outlines and holes together; checking them can take their square
    crossings: int = 200  # mending a shape that crosses itself everywhere takes minutes


@dataclass(frozen=True, slots=True)
class ParsedArea:
    """One area of a file: its name and code as the file gives them (may be ""), and its valid shape."""

    name: str
    code: str
    geometry: Polygon | MultiPolygon


def parse_areas(data: bytes | str, *, limits: Limits | None = None) -> list[ParsedArea]:
    """The areas of a GeoJSON file, at least one. Raises Invalid with one Swedish sentence for the first thing wrong."""
    limits = limits or Limits()
    budget = _Budget(limits)
    areas = []
    for number, (geometry, properties) in enumerate(_features(_load(data, limits), limits), start=1):
        areas.append(
            ParsedArea(
                name=_label(properties, _NAMES),
                code=_label(properties, _CODES),
                geometry=_geometry(geometry, number, budget),
            )
        )
    return areas


def to_geojson(geometry: Polygon | MultiPolygon, *, decimals: int = 6) -> dict[str, Any]:
    """The GeoJSON object of a shape, with so many decimals (six are 11 cm)."""

    def rounded(part: Any) -> Any:
        return round(part, decimals) if isinstance(part, float | int) else [rounded(inner) for inner in part]

    found = mapping(geometry)
    return {"type": found["type"], "coordinates": rounded(found["coordinates"])}


class _Budget:
    """What is left of what a file may hold."""

    def __init__(self, limits: Limits) -> None:
        self.corners = limits.corners
        self.rings = limits.rings
        self.crossings = limits.crossings

    def take_ring(self, corners: int) -> None:
        self.rings -= 1
        self.corners -= corners
        if self.rings < 0 or self.corners < 0:
            raise Invalid(_("Filen har för många hörn eller öar. Förenkla gränserna och försök igen."))

    def take_crossings(self, rings: list[Ring], number: int) -> None:
        """Count how often the sides of an area meet other than at their common corners; stop when it is too often."""
        ends = [(start, end) for ring in rings for start, end in pairwise(ring)]
        sides = shapely.linestrings(ends)
        tree = shapely.STRtree(sides)
        for first in range(0, len(sides), _SIDES_AT_A_TIME):
            some = sides[first : first + _SIDES_AT_A_TIME]
            meetings = tree.query(some, predicate="intersects").shape[1]
            self.crossings -= (meetings - 3 * len(some)) // 2  # itself and its two neighbours are no crossings
            if self.crossings < 0:
                raise _refused(number, _("gränsen korsar sig själv. Rätta den i ditt kartprogram"))


def _load(data: bytes | str, limits: Limits) -> Any:
    if len(data) > limits.size:
        raise Invalid(
            format_lazy(_("Filen är för stor. Den får vara högst {size} MB."), size=round(limits.size / 1_000_000, 1))
        )

    def refuse(constant: str) -> NoReturn:
        raise ValueError(constant)

    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("Filen går inte att läsa. Den ska vara GeoJSON, sparad som UTF-8.")) from error


def _features(document: Any, limits: Limits) -> Iterator[tuple[Any, Any]]:
    """(geometry, properties) of each area, neither checked yet."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or not features:
            raise Invalid(_("Filen har inga områden."))
        if len(features) > limits.areas:
            raise Invalid(format_lazy(_("Filen har för många områden. Den får ha högst {count}."), count=limits.areas))
    elif kind == "Feature":
        features = [document]
    elif kind in {"Polygon", "MultiPolygon"}:
        features = [{"type": "Feature", "geometry": document}]
    else:
        raise Invalid(_("Filen ska vara GeoJSON med ytor: Polygon, MultiPolygon eller FeatureCollection."))
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise _refused(number, _("det ska vara en Feature"))
        yield feature.get("geometry"), feature.get("properties")


def _geometry(source: Any, number: int, budget: _Budget) -> Polygon | MultiPolygon:
    kind = source.get("type") if isinstance(source, dict) else None
    coordinates = source.get("coordinates") if isinstance(source, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise _refused(number, _("det ska vara en yta, Polygon eller MultiPolygon"))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _refused(number, _("ytan saknar hörn"))
    rings = [_rings(polygon, number, budget) for polygon in polygons]
    _check_order(rings, number)
    geometry = shape({"type": "MultiPolygon", "coordinates": rings})
    if not geometry.is_valid:
        budget.take_crossings([ring for parts in rings for ring in parts], number)
    area = polygonal(geometry)
    if area is None:
        raise _refused(number, _("ytan har ingen insida"))
    return area.geoms[0] if isinstance(area, MultiPolygon) and len(area.geoms) == 1 else area


def _rings(polygon: Any, number: int, budget: _Budget) -> list[Ring]:
    if not isinstance(polygon, list) or not polygon:
        raise _refused(number, _("ytan saknar hörn"))
    rings = []
    for source in polygon:
        if not isinstance(source, list) or len(source) < 3:
            raise _refused(number, _("en gräns behöver minst tre hörn"))
        budget.take_ring(len(source))
        ring = [position for position, _group in groupby(_position(corner, number) for corner in source)]
        if ring[0] != ring[-1]:
            ring.append(ring[0])
        if len(ring) < 4:
            raise _refused(number, _("en gräns behöver minst tre hörn"))
        rings.append(ring)
    return rings


def _position(source: Any, number: int) -> tuple[float, float]:
    if not isinstance(source, list) or not 2 <= len(source) <= 4:
        raise _refused(number, _("ett hörn ska vara [longitud, latitud]"))
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in source):
        raise _refused(number, _("ett hörn ska vara [longitud, latitud]"))
    try:
        lon, lat = float(source[0]), float(source[1])
    except OverflowError as error:
        raise _refused(number, _NOT_DEGREES) from error
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        if max(abs(lon), abs(lat)) > 1000:
            raise _refused(number, _NOT_DEGREES)
        raise _refused(number, _("ett hörn ligger inte på jorden. Skriv longitud först, sedan latitud"))
    return lon, lat


_NOT_DEGREES = _("talen är inte grader. Spara filen i WGS84, inte i SWEREF 99 eller RT 90")


def _check_order(polygons: list[list[Ring]], number: int) -> None:
    """Refuse an area that lies in the country only when its numbers change places."""
    corners = [corner for rings in polygons for ring in rings for corner in ring]
    if all(country().holds(first, second) for first, second in corners):
        raise _refused(number, _("talen står i fel ordning. Skriv longitud först, sedan latitud"))


def _refused(number: int, reason: Text) -> Invalid:
    return Invalid(format_lazy(_("Område {number} går inte att använda: {reason}."), number=number, reason=reason))


def _label(properties: Any, keys: tuple[str, ...]) -> str:
    """The first of these properties that has a text, cleaned and cut."""
    if not isinstance(properties, dict):
        return ""
    for key in keys:
        value = properties.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            try:
                text = clean_text(str(value)[: 4 * _LONGEST_NAME], one_line=True)[:_LONGEST_NAME]
            except ValueError:  # a whole number of thousands of digits
                continue
            if text:
                return text
    return ""
