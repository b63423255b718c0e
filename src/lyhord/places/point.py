"""A place that somebody gave, with how sure it is and where it came from."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.places import morton

type Source = Literal["gps", "exif", "map", "address", "text", "api"]

SOURCES: tuple[Source, ...] = ("gps", "exif", "map", "address", "text", "api")

_LONGEST = 40
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
_METRES = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{0,20})?")
_FARTHEST_M = 20_100_000.0  # half-way round the Earth: a phone that says more knows nothing


@dataclass(frozen=True, slots=True)
class Point:
    """A WGS84 position in degrees, its accuracy in metres (None: not known) and its source.

    Construction raises Invalid, with the field's name, for anything that is not a position on Earth.
    """

    lat: float
    lon: float
    accuracy_m: float | None = None
    source: Source = "map"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and abs(self.lat) <= 90):
            raise Invalid({"lat": _NOT_A_LATITUDE})
        if not (math.isfinite(self.lon) and abs(self.lon) <= 180):
            raise Invalid({"lon": _NOT_A_LONGITUDE})
        if self.accuracy_m is not None and not (math.isfinite(self.accuracy_m) and self.accuracy_m >= 0):
            raise Invalid({"accuracy": _NOT_METRES})
        if self.source not in SOURCES:
            raise Invalid({"source": _("Vi vet inte hur platsen är angiven.")})

    @property
    def position(self) -> morton.Position:
        """(latitude, longitude)."""
        return self.lat, self.lon

    @property
    def cell(self) -> int:
        """The Morton cell at full depth."""
        return morton.cell(self.lat, self.lon)


_NOT_A_LATITUDE = _("Latituden ska vara ett tal mellan -90 och 90, till exempel 58,5371.")
_NOT_A_LONGITUDE = _("Longituden ska vara ett tal mellan -180 och 180, till exempel 15,0365.")
_NOT_METRES = _("Noggrannheten ska vara ett antal meter, till exempel 12.")


def parse_point(lat: str, lon: str, *, accuracy: str = "", source: Source = "map") -> Point:
    """A point from what a person or a browser wrote.

    Takes a decimal comma or point, blanks around and a typographic minus. Raises Invalid with one Swedish sentence
    per wrong field ("lat", "lon", "accuracy", "source"): NaN, infinity, exponents, letters and control characters are
    all wrong, as are degrees that are not on Earth. An empty accuracy, or one larger than the Earth, is not known.
    """
    errors = {}
    degrees_lat, degrees_lon = _number(lat, _DEGREES), _number(lon, _DEGREES)
    metres = _number(accuracy, _METRES) if accuracy.strip() else None
    if degrees_lat is None or abs(degrees_lat) > 90:
        errors["lat"] = _NOT_A_LATITUDE
    if degrees_lon is None or abs(degrees_lon) > 180:
        errors["lon"] = _NOT_A_LONGITUDE
    if metres is None and accuracy.strip():
        errors["accuracy"] = _NOT_METRES
    if errors or degrees_lat is None or degrees_lon is None:
        raise Invalid(errors)
    if metres is not None and metres > _FARTHEST_M:
        metres = None
    return Point(degrees_lat, degrees_lon, metres, source)


def _number(text: str, pattern: re.Pattern[str]) -> float | None:
    if len(text) > _LONGEST:
        return None
    text = text.strip(" \t\n\u00a0").replace("−", "-")
    if not pattern.fullmatch(text):
        return None
    return float(text.replace(",", "."))
