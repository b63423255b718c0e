"""Finding an address in an organisation's own street list, from what somebody types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from lyhord.core.text import clean_text, fold
from lyhord.places.models import Address

_NUMBER = re.compile(r"^(?P<street>.*?\D)\s*(?P<number>\d{1,4})\s*(?P<letter>[a-z])?\b", re.IGNORECASE)
_NUMBER_ACCURACY_M, _NEAR_ACCURACY_M, _STREET_ACCURACY_M = 15.0, 60.0, 300.0


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal: what to show, where it is, and how sure the position is in metres."""

    label: str
    lat: float
    lon: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    street: str
    number: int | None
    letter: str


def search_key(text: str) -> str:
    """For the index: folded (å ä ö without dots), one blank between words."""
    return fold(clean_text(text, one_line=True))


def rank(text: str, rows: Iterable[Address], most: int = 8) -> list[Match]:
    """The best proposals for what was typed: one for each street, at the number asked for or the nearest one to it.

    Streets that begin with the words come first, then those with a word that does, then those that look alike.
    """
    wanted = _wanted(text)
    best: dict[tuple[str, str], tuple[tuple[float, float, str], Address]] = {}
    for row in rows:
        likeness = _likeness(wanted.street, row.street)
        if likeness < 0.6:
            continue
        exact_dots = 0.0 if row.street.casefold().startswith(text.casefold()[:3]) else 0.5
        order = (-likeness + exact_dots * 0.01, _away(wanted, row), row.number)
        key = (row.street, row.locality)
        if key not in best or order < best[key][0]:
            best[key] = (order, row)
    ordered = sorted(best.values(), key=lambda pair: (pair[0], pair[1].street))
    return [_match(wanted, row) for _order, row in ordered[:most]]


def _wanted(text: str) -> _Wanted:
    cleaned = clean_text(text, one_line=True)
    found = _NUMBER.match(cleaned)
    if not found:
        return _Wanted(fold(cleaned), None, "")
    return _Wanted(fold(found["street"].strip(" ,")), int(found["number"]), (found["letter"] or "").lower())


def _likeness(wanted: str, street: str) -> float:
    name = fold(street)
    if name == wanted:
        return 1.0
    if name.startswith(wanted):
        return 0.95
    if any(word.startswith(wanted) for word in name.split()):
        return 0.85
    return 0.8 * SequenceMatcher(None, wanted, name).ratio() if len(wanted) > 3 else 0.0


def _away(wanted: _Wanted, row: Address) -> float:
    """How many house numbers away; the same number with another letter is nearly there."""
    digits = re.match(r"\d+", row.number)
    if wanted.number is None:
        return float(digits[0]) if digits else 0.0
    if not digits:
        return 10_000.0
    letter = row.number[digits.end() :].strip().lower()
    return abs(int(digits[0]) - wanted.number) + (0.1 if letter != wanted.letter else 0.0)


def _match(wanted: _Wanted, row: Address) -> Match:
    away = _away(wanted, row)
    if wanted.number is None:
        label, accuracy = row.street, _STREET_ACCURACY_M
    elif away < 1:
        label, accuracy = f"{row.street} {row.number}", _NUMBER_ACCURACY_M
    else:
        letter = wanted.letter.upper()
        label, accuracy = f"{row.street} {wanted.number}{letter}", _NEAR_ACCURACY_M + min(500.0, away * 10)
    where = f"{label}, {row.locality}" if row.locality else label
    return Match(where, row.lat, row.lon, accuracy)
