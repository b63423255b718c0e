"""How people of a country write what points somebody out: cars, codes, homes, names. Hints for a reader, rather many.

Each country's file says it in its own language (`Country.hints`). English is looked for everywhere, since whoever has
just come writes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

type Range = tuple[int, int]

_UPPER = "A-ZÅÄÖÉÜÕŠŽÐÞÆØÁÍÓÚÝ"
_LOWER = "a-zåäöéüèáóßõšžðþæøíúý"
_WORD = rf"(?:[{_UPPER}][{_LOWER}]{{1,30}}(?:-[{_UPPER}][{_LOWER}]{{1,30}})?|[{_UPPER}]{{2,30}})(?!\w)"
_FULL_NAME = rf"{_WORD}(?: (?:[A-Z]\.|av|von|de|af|{_WORD}))?(?: {_WORD}){{0,2}}"
_STREET = rf"[{_UPPER}]\w{{0,30}}(?:[ -][^\W\d_]\w{{0,30}}){{0,3}}? ?\d{{1,4}}(?!\d)(?: ?[A-Ha-h](?!\w))?"

# In English.
_CALLED = r"my name is|i am called"
_BEFORE_NAMES = (
    r"(?:(?:kind|best|warm) )?regards|yours (?:sincerely|faithfully|truly)|sincerely|(?:he|she|they) (?:is|are) called"
    r"|(?:my|our) (?:husband|wife|partner|son|daughter|child|mother|father|brother|sister|neighbou?r|boss|friend)"
    r"(?: called| named)?"
)
_NO_NAMES = frozenset(
    {"and", "but", "who", "i", "we", "the", "have", "is", "am", "are", "live", "would", "want", "thanks", "from"}
)
_BEFORE_HOMES = r"(?:i|we) (?:live|lived)|(?:my|our) (?:address|home|house)(?: is)?|my neighbou?r"
_THERE = r"at|on|in|is"
_FLATS = r"flat|apartment|apt"
_BEFORE_PHONES = r"phone(?: number)?|mobile|(?:call|ring|text) me(?: on| at)?"
_CODES = r"(?:door|gate|entry|alarm) code"


@dataclass(frozen=True, slots=True)
class Hints:
    """What to look for, beside what looks alike everywhere (mail addresses, numbers with + or 0)."""

    plate: re.Pattern[str] | None = None
    """With the groups "letters" and "gap": small letters count only where they are written together."""
    no_plates: frozenset[str] = frozenset()
    phone: re.Pattern[str] | None = None
    door_code: re.Pattern[str] | None = None
    homes: tuple[re.Pattern[str], ...] = ()
    names: tuple[re.Pattern[str], ...] = ()
    no_names: frozenset[str] = _NO_NAMES

    def plates(self, text: str) -> Iterator[Range]:
        """Number plates of cars."""
        for match in self.plate.finditer(text) if self.plate else ():
            letters = match["letters"]
            if letters.upper() not in self.no_plates and (not match["gap"] or letters.isupper()):
                yield match.span()

    def phones(self, text: str) -> Iterator[Range]:
        """Short numbers after what telephone numbers stand after."""
        return _first_groups(text, self.phone)

    def door_codes(self, text: str) -> Iterator[Range]:
        """Codes of doors and alarms."""
        return _first_groups(text, self.door_code)

    def addresses(self, text: str) -> Iterator[Range]:
        """Somebody's home. An address by itself is where the fault is more often than not, and is left alone."""
        for pattern in self.homes:
            yield from _first_groups(text, pattern)

    def people(self, text: str) -> Iterator[Range]:
        """Names after what names stand after; a sentence that begins there ("Mvh\\nJag är …") is none."""
        for pattern in self.names:
            for match in pattern.finditer(text):
                words = match[1].split()
                kept = list(takewhile(lambda word: word.casefold() not in self.no_names, words))
                if kept:
                    length = match[1].index(kept[-1]) + len(kept[-1]) if len(kept) < len(words) else len(match[1])
                    yield match.start(1), match.start(1) + length


def _first_groups(text: str, pattern: re.Pattern[str] | None) -> Iterator[Range]:
    for match in pattern.finditer(text) if pattern else ():
        yield match.span(1)


def hints(
    *,
    plate: str,
    no_plates: str,
    phone: str,
    door_code: str,
    before_homes: str,
    there: str,
    flats: str,
    called: str,
    before_names: str,
    no_names: str,
) -> Hints:
    """What to look for, from the words of a country's own language: alternatives of patterns, and English beside them.

    `flats` stand after a street and its number and make it a home. After `called` ("my name is") a name counts in small
    letters too. `no_plates` and `no_names` are words that look like one and are none.
    """
    flat = rf",? (?:{flats}|{_FLATS})\b\.? ?\w{{0,5}}|-\d{{1,4}}(?!\d)"
    called, before_names = f"{called}|{_CALLED}", f"{before_names}|{_BEFORE_NAMES}"
    return Hints(
        plate=re.compile(rf"(?<!\w){plate}(?!\w)", re.IGNORECASE),
        no_plates=frozenset(no_plates.upper().split()),
        phone=re.compile(rf"\b(?:{phone}|{_BEFORE_PHONES})[ .:]{{1,3}}(\d(?:[ -]?\d){{4,9}})(?!\d)", re.IGNORECASE),
        door_code=re.compile(rf"\b(?:{door_code}|{_CODES}(?: is)?)[ :]{{1,3}}(\d{{3,8}})(?!\d)", re.IGNORECASE),
        homes=(
            re.compile(
                rf"\b(?i:{before_homes}|{_BEFORE_HOMES})\b[ :,]{{1,3}}(?:(?i:{there}|{_THERE})\b ?)?"
                rf"({_STREET}(?:{flat})?)"
            ),
            re.compile(rf"(?<!\w)({_STREET}(?:,? (?:{flats}|{_FLATS})\b\.? ?\w{{0,5}}))"),
        ),
        names=(
            re.compile(rf"\b(?i:{called}|{before_names})[ ,.:\n/–-]{{1,4}}({_FULL_NAME})"),
            re.compile(rf"\b(?i:{called}) ([^\W\d_]{{2,30}}(?: [^\W\d_]{{2,30}})?)"),  # on a phone: "jag heter anna"
        ),
        no_names=_NO_NAMES | frozenset(no_names.split()),
    )
