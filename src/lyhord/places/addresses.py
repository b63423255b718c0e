"""Finding an address in an organisation's own street list, from what somebody types.

Pure: rows come in, proposals go out, best first. A street that is what was typed comes before one that begins with
it, then one with a word that does, then those that look alike (shared groups of three letters, as pg_trgm counts
them) unless there is something better. Å, ä and ö count as themselves first and as a and o second, as not everybody
has them on the keyboard.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lyhord.core.text import clean_text, fold, sort_key
from lyhord.places.morton import distance_m

_NUMBER = re.compile(
    r"(?P<before>.*?[^\W\d].*?)[\s,]*\b(?P<number>\d{1,4})\s?(?P<letter>[a-z])?\b(?P<after>.*)", re.DOTALL
)
_POSTCODE = re.compile(r"\b\d{3} ?\d{2}\b(?!\w)")
_LONGEST = 100
_ALIKE = 0.35  # least share of common trigrams
_GOOD, _POOR = 0.8, 0.5  # where one is good, poor ones are not shown
_ELSEWHERE = 0.4  # what a street loses when another place was named
_NUMBER_ACCURACY_M, _NEAR_ACCURACY_M, _STREET_ACCURACY_M = 15.0, 60.0, 50.0


class Row(Protocol):
    """What is needed of one address point: `models.Address` has it."""

    street: str
    number: str
    locality: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal: what to show, where it is, and how sure the position is in metres."""

    label: str
    lat: float
    lon: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One reading of what was typed, in small letters with their dots."""

    street: str
    number: int | None = None
    letter: str = ""
    locality: str = ""


def search_key(text: str) -> str:
    """For the index: folded (å ä ö without dots), one blank between words."""
    return fold(clean_text(text, one_line=True))


def rank(text: str, rows: Iterable[Row], most: int = 8) -> list[Match]:
    """The best proposals for what was typed: one for each street, at the number asked for or the nearest one to it.

    "Vintergatan", "vintergatan 12 B", "Storgatan 3, Borensberg" and "Storgatan Borensberg" are all read. Without a
    number the position is the middle of the street's numbers and its accuracy reaches all of them.
    """
    readings = _readings(text)
    if not readings:
        return []
    streets: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        streets.setdefault((row.street, row.locality), []).append(row)
    found = []
    for (street, locality), points in streets.items():
        score, reading = max(
            ((_score(wanted, street, locality), wanted) for wanted in readings), key=lambda pair: pair[0]
        )
        if score > 0:
            found.append((-score, sort_key(street), sort_key(locality), reading, points))
    found.sort(key=lambda entry: entry[:3])
    if found and -found[0][0] >= _GOOD:
        found = [entry for entry in found if -entry[0] >= _POOR]
    return [_match(reading, points) for *_order, reading, points in found[:most]]


def _readings(text: str) -> list[_Wanted]:
    """The ways to read what was typed, the likeliest first: with a house number, as a street, as street and place."""
    cleaned = clean_text(text[:_LONGEST], one_line=True).casefold()
    readings = []
    if numbered := _NUMBER.fullmatch(_POSTCODE.sub(" ", cleaned)):
        readings.append(
            _Wanted(
                _words(numbered["before"]), int(numbered["number"]), numbered["letter"] or "", _words(numbered["after"])
            )
        )
    street, comma, place = _POSTCODE.sub(" ", cleaned).partition(",")
    if comma:
        readings.append(_Wanted(_words(street), locality=_words(place)))
    elif cleaned:
        words = _words(cleaned).split()
        readings += [
            _Wanted(" ".join(words[:count]), locality=" ".join(words[count:])) for count in range(len(words), 0, -1)
        ]
    return [reading for reading in readings if reading.street]


def _words(text: str) -> str:
    return " ".join(text.replace(",", " ").split())


def _score(wanted: _Wanted, street: str, locality: str) -> float:
    """How well a street answers to a reading; 0 when it does not."""
    name = street.casefold()
    likeness = _likeness(wanted.street, name)
    if not likeness:
        likeness = _likeness(fold(wanted.street), fold(name)) - 0.02
    if likeness <= 0:
        likeness = _alikeness(fold(wanted.street), fold(name))
    if likeness > 0 and wanted.locality:
        there = fold(locality).startswith(fold(wanted.locality))
        likeness = likeness + 0.02 if there else likeness - _ELSEWHERE
    return max(0.0, likeness)


def _likeness(wanted: str, name: str) -> float:
    if name == wanted:
        return 1.0
    if name.startswith(wanted):
        return 0.95
    return 0.85 if f" {wanted}" in name else 0.0


def _alikeness(wanted: str, name: str) -> float:
    """0.8 of the share of common trigrams, or 0 when that is small or there is too little to go by."""
    if len(wanted) < 4:
        return 0.0
    left, right = _trigrams(wanted), _trigrams(name)
    share = len(left & right) / len(left | right)
    return 0.8 * share if share >= _ALIKE else 0.0


def _trigrams(text: str) -> set[str]:
    return {
        padded[place : place + 3]
        for word in text.split()
        for padded in [f"  {word} "]
        for place in range(len(word) + 1)
    }


def _match(wanted: _Wanted, points: Sequence[Row]) -> Match:
    """The proposal for one street."""
    if wanted.number is None:
        return _middle(points)
    row = min(points, key=lambda point: (_away(wanted, point), point.number))
    away = _away(wanted, row)
    if away < 1:
        label, accuracy = f"{row.street} {row.number}", _NUMBER_ACCURACY_M
    else:
        label = f"{row.street} {wanted.number}{wanted.letter.upper()}"
        accuracy = _NEAR_ACCURACY_M + min(500.0, away * 10)
    return Match(_with_place(label, row), row.lat, row.lon, accuracy)


def _middle(points: Sequence[Row]) -> Match:
    """The point that is least far from the street's farthest ends, of those in the middle by number."""
    ordered = sorted(points, key=lambda point: (_digits(point.number) or 0, point.number))
    row = ordered[len(ordered) // 2]
    reach = max(distance_m((row.lat, row.lon), (point.lat, point.lon)) for point in points)
    return Match(_with_place(row.street, row), row.lat, row.lon, max(_STREET_ACCURACY_M, round(reach)))


def _away(wanted: _Wanted, row: Row) -> float:
    """How many house numbers away; the same number with another letter is nearly there."""
    number = _digits(row.number)
    if number is None or wanted.number is None:
        return 10_000.0
    letter = row.number.strip()[len(str(number)) :].strip().casefold()
    return abs(number - wanted.number) + (0.1 if letter != wanted.letter else 0.0)


def _digits(number: str) -> int | None:
    found = re.match(r"\s*(\d{1,6})", number)
    return int(found[1]) if found else None


def _with_place(label: str, row: Row) -> str:
    return f"{label}, {row.locality}" if row.locality else label
