"""Where it is, from whatever somebody gave: a position, an address they chose, words, or a photo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lyhord.cases.kind import Kind
from lyhord.core.errors import Invalid, Text
from lyhord.files.models import StoredFile
from lyhord.places.addresses import Match
from lyhord.places.point import Point, Source, parse_point
from lyhord.places.queries import inside_boundary, nearest_address, search_addresses

_SOURCES: Mapping[str, Source] = {"gps": "gps", "exif": "exif", "map": "map", "address": "address"}
NOT_THERE = "none"
EXACT_M = 15.0
"""An address found at its very number is this sure."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place as far as it is known; `problem` is a sentence when what was sent is no position."""

    point: Point | None
    problem: Text | None = None

    @property
    def from_photo(self) -> bool:
        """Whether the position was read from a picture."""
        return self.point is not None and self.point.source == "exif"

    def shown(self, words: str) -> dict[str, Any] | None:
        """For the page: how to name the position."""
        if self.point is None:
            return None
        label = words or nearest_address(self.point) or f"{self.point.lat:.5f}, {self.point.lon:.5f}"
        return {"label": label, "from_photo": self.from_photo}


def place_of(data: Mapping[str, Any], *, words: str, files: Sequence[StoredFile], kind: Kind) -> Place:
    """The best position in what was sent.

    Asked in this order: an address chosen among proposals, the position that the browser or the map gave, the words
    when they are exactly one address, and a photo's own position, for kinds that ask where and when it is in the
    municipality: a photo from elsewhere was probably not taken on the spot. What the person has said is the wrong
    place (`position_source` is NOT_THERE) is not taken from the same photo again.
    """
    chosen = str(data.get("address_choice") or "")
    if chosen:
        return _chosen(chosen)
    lat, lon = str(data.get("lat") or "").strip(), str(data.get("lon") or "").strip()
    if lat or lon:
        return _given(lat, lon, str(data.get("accuracy") or ""), str(data.get("position_source") or ""))
    if words and (match := only_match(words)):
        return Place(Point(match.lat, match.lon, match.accuracy_m, "address"))
    guess = kind.asks_place and data.get("position_source") != NOT_THERE
    return Place(photo_point(files) if guess else None)


def _chosen(value: str) -> Place:
    lat, _comma, lon = value.partition(",")
    try:
        return Place(parse_point(lat, lon, accuracy=str(int(EXACT_M)), source="address"))
    except Invalid:
        return Place(None, _("Välj en adress i listan, eller lämna platsen tom."))


def _given(lat: str, lon: str, accuracy: str, source: str) -> Place:
    try:
        return Place(parse_point(lat, lon, accuracy=accuracy, source=_SOURCES.get(source, "map")))
    except Invalid:
        return Place(None, _("Vi kunde inte läsa platsen. Skriv adressen, eller lämna den tom."))


def only_match(words: str) -> Match | None:
    """The address that the words are, when they are exactly one; None when they are none or may be several."""
    found = search_addresses(words)
    sure = [match for match in found if match.accuracy_m <= EXACT_M]
    return sure[0] if len(sure) == 1 else None


def photo_point(files: Sequence[StoredFile]) -> Point | None:
    """The position of the first picture that has one in the municipality, or anywhere if its border is not known."""
    for file in files:
        if file.lat is None or file.lon is None:
            continue
        try:
            point = Point(file.lat, file.lon, None, "exif")
        except Invalid:
            continue
        if inside_boundary(point) is not False:
            return point
    return None
