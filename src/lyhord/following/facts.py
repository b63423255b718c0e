"""What an event is about, as far as interests can tell: the one shape that all who have news give it.

Its terms are numbers, the same in every process: what a profile asks for and what an event is about meet where the
numbers are equal (the posting tables in models.py).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from math import cos, log2, radians
from typing import Any

from lyhord.core.stems import EMPTY_STEMS, stems
from lyhord.places.morton import AXIS_BITS, cell, covering_tiles

WIDEST, NARROWEST = 8, 17
"""The zooms of the grids that circles lie in: tiles of about 80 km and of 150 m in Sweden."""

MATTERS, CASES = "matters", "cases"
"""What events are about. Their terms never meet: who asks for the one hears nothing of the other."""

_AROUND_M = 40_075_016.0
_ABOVE_GRIDS = {MATTERS: 0, CASES: 1 << 40}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that the event is about. `label` is how a reason names it: "Storgatan 5", "Varla 3:22"."""

    lat: float
    lon: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Topics by code and areas by id, each with its name; words as stems; spots; and in which body, at what stage, of
    which kind it is, "" where that says nothing. What a case is about, its category and type, are its topics.
    """

    topics: tuple[tuple[str, str], ...] = ()
    words: frozenset[str] = frozenset()
    areas: tuple[tuple[int, str], ...] = ()
    spots: tuple[Spot, ...] = ()
    body: str = ""
    stage: str = ""
    kind: str = ""
    about: str = MATTERS

    def as_json(self) -> dict[str, Any]:
        """To keep; `from_json` reads it."""
        return {**asdict(self), "words": sorted(self.words)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Facts":
        """What `as_json` wrote."""
        return cls(
            topics=tuple((str(code), str(name)) for code, name in kept["topics"]),
            words=frozenset(kept["words"]),
            areas=tuple((int(pk), str(name)) for pk, name in kept["areas"]),
            spots=tuple(Spot(**spot) for spot in kept["spots"]),
            body=kept["body"],
            stage=kept["stage"],
            kind=kept["kind"],
            about=kept.get("about", MATTERS),
        )

    def subjects(self) -> list[tuple[str, str]]:
        """(sort, value) of each topic, then of each word, then of "whatever it is about": a reason's numbers count
        in this order.
        """
        found = [("topic", code) for code, _name in self.topics]
        found += [("word", word) for word in sorted(self.words)]
        return [*found, ("any", "")]


def words_of(text: str) -> frozenset[str]:
    """The stems of a text that say something."""
    return frozenset(stems(text)) - EMPTY_STEMS


def term(sort: str, value: object, about: str = MATTERS) -> int:
    """The number of a term, by what sort of thing it is; fits a signed bigint."""
    whose = "" if about == MATTERS else f"{about} "
    return int.from_bytes(blake2b(f"{whose}{sort}:{value}".encode(), digest_size=8).digest(), signed=True)


def tile_term(zoom: int, tile: int, about: str = MATTERS) -> int:
    """The number of a tile of a grid: a leading one before its bits keeps the grids apart."""
    return _ABOVE_GRIDS[about] | 1 << 2 * zoom | tile


def tiles_at(lat: float, lon: float, about: str = MATTERS) -> Iterator[int]:
    """The terms of the tiles that a place lies in, one of each grid."""
    full = cell(lat, lon)
    for zoom in range(WIDEST, NARROWEST + 1):
        yield tile_term(zoom, full >> 2 * (AXIS_BITS - zoom), about)


def tiles_of_circle(lat: float, lon: float, radius_m: float, about: str = MATTERS) -> list[int]:
    """The terms of the tiles that a circle touches, nine at most: of the finest grid whose tiles are no narrower."""
    side = _AROUND_M * max(cos(radians(lat)), 0.01) / max(radius_m, 1.0)
    zoom = max(WIDEST, min(NARROWEST, int(log2(side))))
    return [tile_term(zoom, tile, about) for tile in covering_tiles(lat, lon, radius_m, zoom)]
