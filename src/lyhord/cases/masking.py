"""What should not be published: hints about personal data in a text, for the person who reads it through.

The hints are many rather than few: a person decides about each before anything is shown to others. They never replace
reading. Personal identity numbers are those of the organisation's country (core/countries), checked by date and check
digit, so that case numbers and prices are left alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import country
from lyhord.core.errors import Text


class Sensitive(StrEnum):
    """Sorts of personal data, the gravest first: where two overlap the graver keeps the whole."""

    PERSONAL_NUMBER = "personal_number"
    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    DOOR_CODE = "door_code"
    ADDRESS = "address"
    NAME = "name"

    @property
    def label(self) -> Text:
        """The sort as a Swedish noun, small first letter: "telefonnummer"."""
        return _LABELS[self]


_LABELS: dict[Sensitive, Text] = {
    Sensitive.PERSONAL_NUMBER: _("personnummer"),
    Sensitive.EMAIL: _("mejladress"),
    Sensitive.PHONE: _("telefonnummer"),
    Sensitive.PLATE: _("registreringsnummer"),
    Sensitive.DOOR_CODE: _("portkod"),
    Sensitive.ADDRESS: _("bostadsadress"),
    Sensitive.NAME: _("namn"),
}
_GRAVITY = {kind: position for position, kind in enumerate(Sensitive)}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text, `start` included and `end` not, as Python slices."""

    start: int
    end: int
    kind: Sensitive

    @property
    def label(self) -> Text:
        """What it is, in Swedish."""
        return self.kind.label


def find(text: str) -> list[Span]:
    """Everything in the text that looks like personal data, in order, none overlapping another."""
    return _apart([_widened(text, span) for search in _SEARCHES for span in search(text)])


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with each span replaced by "[telefonnummer borttaget]"; spans as `find` gives them, or some of them.

    What lies in the text is public: the words are Swedish whatever language the reader has chosen.
    """
    pieces = []
    at = 0
    for span in _apart(spans):
        pieces += [text[at : span.start], _REMOVED[span.kind]]
        at = span.end
    return "".join([*pieces, text[at:]])


_REMOVED = {
    Sensitive.PERSONAL_NUMBER: "[personnummer borttaget]",
    Sensitive.EMAIL: "[mejladress borttagen]",
    Sensitive.PHONE: "[telefonnummer borttaget]",
    Sensitive.PLATE: "[registreringsnummer borttaget]",
    Sensitive.DOOR_CODE: "[portkod borttagen]",
    Sensitive.ADDRESS: "[bostadsadress borttagen]",
    Sensitive.NAME: "[namn borttaget]",
}


_SHORTEST = 3  # letters of a name or a street that are worth hiding by themselves


def finds_any(known: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these words in a text, large letters or small; None when there is none worth finding."""
    pieces = sorted({re.escape(one) for one in known if len(one) >= _SHORTEST}, key=len, reverse=True)
    return re.compile("|".join(pieces), re.IGNORECASE) if pieces else None


def _widened(text: str, span: Span) -> Span:
    """The span without cutting a run of digits: half a number must never become a whole one."""
    start, end = span.start, span.end
    while start > 0 and text[start].isdecimal() and text[start - 1].isdecimal():
        start -= 1
    while end < len(text) and text[end - 1].isdecimal() and text[end].isdecimal():
        end += 1
    return Span(start, end, span.kind)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Overlapping spans become one that covers both, of the graver kind."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if apart and span.start < apart[-1].end:
            last = apart.pop()
            kind = min(last.kind, span.kind, key=_GRAVITY.__getitem__)
            apart.append(Span(last.start, max(last.end, span.end), kind))
        else:
            apart.append(span)
    return apart


def _personal_numbers(text: str) -> Iterator[Span]:
    """Those of the country where the organisation is."""
    for start, end in country().personal_numbers(text):
        yield Span(start, end, Sensitive.PERSONAL_NUMBER)


_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64} ?(?:@|\(at\)|\[at\]|\(a\)|\bsnabel-a\b) ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
    re.IGNORECASE,
)

# +46 70-123 45 67, 0046…, 0141-22 50 00, 070 123 45 67, any other country with +, and "tel 22 50 00".
_GAP = r"[ \u00a0/().–-]{0,3}"
_PHONE = re.compile(rf"(?<![\w+.,-])(?:(?:\+|00)\d{{1,3}}{_GAP}(?:\d{_GAP}){{6,11}}\d|0(?:{_GAP}\d){{7,10}})(?!\d)")
_LOCAL_PHONE = re.compile(
    r"\b(?:tel|telefon(?:nummer)?|mobil(?:nummer)?|ring(?: mig)?(?: på)?|nås på|sms:?a?)[ .:]{1,3}"
    r"(?:är |nr |nummer )?(\d(?:[ -]?\d){4,9})(?!\d)",
    re.IGNORECASE,
)
_TIME_OR_DATE = re.compile(r"\d{2}[.:]\d{2}\D{0,3}\d{2}[.:]\d{2}|\d{2}[/.-]\d{2}[/.-]\d{2,4}")


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        if not _TIME_OR_DATE.fullmatch(match[0]):
            yield Span(match.start(), match.end(), Sensitive.PHONE)
    for match in _LOCAL_PHONE.finditer(text):
        yield Span(match.start(1), match.end(1), Sensitive.PHONE)
    if (written := country().written_phone) is not None:
        for match in written.finditer(text):
            yield Span(match.start(), match.end(), Sensitive.PHONE)


# Never I, Q, V, Å, Ä or Ö; the last sign is a digit or a letter but O. Small letters only when written together.
_PLATE = re.compile(r"(?<!\w)([A-HJ-PR-UW-Z]{3})([ -]?)(\d\d[0-9A-HJ-NPR-UW-Z])(?!\w)", re.IGNORECASE)
_NO_PLATE = frozenset("hus rum nr den dem att och med sen sal lag bus km kl art mom sfs leo led".upper().split())


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        together = not match[2]
        if match[1].upper() not in _NO_PLATE and (together or match[1].isupper()):
            yield Span(match.start(), match.end(), Sensitive.PLATE)


_DOOR_CODE = re.compile(r"\b(?:port|dörr|larm)kod(?:en)?[ :]{1,3}(?:är |till \w+ är )?(\d{3,8})(?!\d)", re.IGNORECASE)

_STREET = r"[A-ZÅÄÖ]\w{0,30}(?:[ -][^\W\d_]\w{0,30}){0,3}? ?\d{1,4}(?!\d)(?: ?[A-Ha-h](?!\w))?"
_FLAT = r",? (?:lgh|lägenhet|våning|vån)\b\.? ?\w{0,5}"
# An address is where the fault is more often than not. It is somebody's home with a flat or after these words.
_HOME = re.compile(
    r"\b(?i:bor|bodde|boende|hemma|hem till|min adress(?: är)?|vår adress(?: är)?|mitt hem|mitt hus|min granne|grannen"
    rf"|hos mig|hos oss|hemadress)\b[ :,]{{1,3}}(?:(?i:på|i|vid|hos|är)\b ?)?({_STREET}(?:{_FLAT})?)"
)
_FLAT_ADDRESS = re.compile(rf"(?<!\w){_STREET}{_FLAT}")

_WORD = r"(?:[A-ZÅÄÖÉÜ][a-zåäöéüèáóß]{1,30}(?:-[A-ZÅÄÖÉÜ][a-zåäöéü]{1,30})?|[A-ZÅÄÖÉÜ]{2,30})(?!\w)"
_FULL_NAME = rf"{_WORD}(?: (?:[A-Z]\.|av|von|de|af|{_WORD}))?(?: {_WORD}){{0,2}}"
_NAME = re.compile(
    r"\b(?i:jag heter|mitt namn är|heter jag|undertecknad,?|mvh|vh|//"
    r"|vänliga? hälsning(?:ar)?|hälsning(?:ar|en)?(?: från)?|(?:han|hon|hen|som|barnet) heter"
    r"|(?:min|mitt|vår|vårt) (?:man|fru|sambo|son|dotter|barn|mamma|mor|pappa|far|bror|syster|granne|chef"
    r"|mormor|morfar|farmor|farfar|kompis|vän)(?: som heter)?)"
    rf"[ ,.:\n/–-]{{1,4}}({_FULL_NAME})"
)
# On a phone: "jag heter anna svensson".
_SMALL_NAME = re.compile(r"\b(?i:jag heter|mitt namn är) ([^\W\d_]{2,30}(?: [^\W\d_]{2,30})?)")
_NOT_A_NAME = frozenset(
    {"och", "men", "jag", "vi", "som", "vill", "har", "är", "inte", "bor", "undrar", "så", "att", "det", "den"}
    | {"de", "kan", "hej", "tack", "inget", "samma", "ps", "obs", "alla"}
)


def _groups(kind: Sensitive, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """A search that takes the first group of every match, or the match where there is none."""
    group = 1 if pattern.groups else 0

    def search(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            yield Span(match.start(group), match.end(group), kind)

    return search


def _names(text: str) -> Iterator[Span]:
    """Names after what names stand after; a sentence that begins there ("Mvh\nJag är …") is none."""
    for pattern in (_NAME, _SMALL_NAME):
        for match in pattern.finditer(text):
            words = match[1].split()
            kept = list(takewhile(lambda word: word.casefold() not in _NOT_A_NAME, words))
            if kept:
                length = match[1].index(kept[-1]) + len(kept[-1]) if len(kept) < len(words) else len(match[1])
                yield Span(match.start(1), match.start(1) + length, Sensitive.NAME)


_SEARCHES: tuple[Callable[[str], Iterator[Span]], ...] = (
    _personal_numbers,
    _groups(Sensitive.EMAIL, _EMAIL),
    _phones,
    _plates,
    _groups(Sensitive.DOOR_CODE, _DOOR_CODE),
    _groups(Sensitive.ADDRESS, _HOME),
    _groups(Sensitive.ADDRESS, _FLAT_ADDRESS),
    _names,
)
