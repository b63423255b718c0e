"""What should not be published: hints about personal data in a text, for the person who reads it through.

The hints are many rather than few: a person decides about each before anything is shown to others. They never replace
reading. What differs from country to country is in the file of the organisation's (core/countries): numbers of people,
checked by date and check digit so that case numbers and prices are left alone, and how cars, homes and names are told.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lyhord.core.country import country
from lyhord.core.errors import Text
from lyhord.core.hints import Range


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

    What lies in the text is public: the words are the country's whatever language the reader has chosen.
    """
    pieces = []
    at = 0
    with translation.override(country().languages[0]):
        for span in _apart(spans):
            pieces += [text[at : span.start], str(_REMOVED[span.kind])]
            at = span.end
    return "".join([*pieces, text[at:]])


_REMOVED: dict[Sensitive, Text] = {
    Sensitive.PERSONAL_NUMBER: _("[personnummer borttaget]"),
    Sensitive.EMAIL: _("[mejladress borttagen]"),
    Sensitive.PHONE: _("[telefonnummer borttaget]"),
    Sensitive.PLATE: _("[registreringsnummer borttaget]"),
    Sensitive.DOOR_CODE: _("[portkod borttagen]"),
    Sensitive.ADDRESS: _("[bostadsadress borttagen]"),
    Sensitive.NAME: _("[namn borttaget]"),
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
    return _spans(Sensitive.PERSONAL_NUMBER, country().personal_numbers(text))


_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64} ?(?:@|\(at\)|\[at\]|\(a\)|\bsnabel-a\b) ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
    re.IGNORECASE,
)

# +46 70-123 45 67, 0046…, 0141-22 50 00, 070 123 45 67, and any other country with +.
_GAP = r"[ \u00a0/().–-]{0,3}"
_PHONE = re.compile(rf"(?<![\w+.,-])(?:(?:\+|00)\d{{1,3}}{_GAP}(?:\d{_GAP}){{6,11}}\d|0(?:{_GAP}\d){{7,10}})(?!\d)")
_TIME_OR_DATE = re.compile(r"\d{2}[.:]\d{2}\D{0,3}\d{2}[.:]\d{2}|\d{2}[/.-]\d{2}[/.-]\d{2,4}")


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        if not _TIME_OR_DATE.fullmatch(match[0]):
            yield Span(match.start(), match.end(), Sensitive.PHONE)
    yield from _spans(Sensitive.PHONE, country().hints.phones(text))
    if (written := country().written_phone) is not None:
        for match in written.finditer(text):
            yield Span(match.start(), match.end(), Sensitive.PHONE)


def _emails(text: str) -> Iterator[Span]:
    return _spans(Sensitive.EMAIL, (match.span() for match in _EMAIL.finditer(text)))


def _as_written_there(text: str) -> Iterator[Span]:
    """Cars, codes, homes and names, as people of the country write them."""
    known = country().hints
    yield from _spans(Sensitive.PLATE, known.plates(text))
    yield from _spans(Sensitive.DOOR_CODE, known.door_codes(text))
    yield from _spans(Sensitive.ADDRESS, known.addresses(text))
    yield from _spans(Sensitive.NAME, known.people(text))


def _spans(kind: Sensitive, found: Iterable[Range]) -> Iterator[Span]:
    return (Span(start, end, kind) for start, end in found)


_SEARCHES: tuple[Callable[[str], Iterator[Span]], ...] = (_personal_numbers, _emails, _phones, _as_written_there)
