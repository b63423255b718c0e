"""What a paper is, told from itself: which body, which day, agenda or minutes. For papers that come without such facts.

A text may begin with its facts between two lines of "---" (see measuring.py). Else the first page and the name tell.
"""

import re
from dataclasses import dataclass
from datetime import date

from lyhord.matters.models import Document

_FRONT = re.compile(r"\A\s*---\n(?P<facts>.*?)\n---\n", re.DOTALL)
_BODY = re.compile(
    r"\b(?P<name>[A-ZÅÄÖ][a-zåäö]+(?:[ -](?:och|[a-zåäö]+))?[ ]?[a-zåäö-]*(?:nämndens?|styrelsens?|fullmäktiges?)"
    r"(?:\s+(?:arbetsutskott|[a-zåäö]+utskott|presidium))?)\b"
)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_FIGURES = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_IN_WORDS = re.compile(rf"(?i)\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (20\d\d)\b")
_KINDS: tuple[tuple[str, Document.Kind], ...] = (
    (r"\b(?:justerat |sammanträdes)?protokoll", Document.Kind.MINUTES),
    (r"\b(?:kallelse|föredragningslista|ärendelista|dagordning)", Document.Kind.AGENDA),
    (r"\b(?:anslag|tillkännagivande)", Document.Kind.NOTICE),
    (r"\btjänsteskrivelse", Document.Kind.STATEMENT),
    (r"\b(?:plankarta|planbeskrivning|samrådsredogörelse)", Document.Kind.PLAN),
)
_FIRST = 3000


@dataclass(frozen=True, slots=True)
class Facts:
    """What could be told; "" and None where nothing could."""

    kind: str
    body: str
    held_on: date | None
    text: str
    """The text without the lines of facts."""


def facts_of(name: str, text: str) -> Facts:
    """The facts of a paper from its file's name and its text. A name that says something goes before the text."""
    given: dict[str, str] = {}
    if front := _FRONT.match(text):
        given = dict(line.split(": ", 1) for line in front["facts"].splitlines() if ": " in line)
        text = text[front.end() :]
    named, first = re.sub(r"[_]+", " ", name), text[:_FIRST]
    kind = kind_of(given.get("typ", "")) or kind_of(named) or kind_of(first) or Document.Kind.OTHER.value
    body = given.get("organ", "") or _body(named) or _body(first)
    day = _day(given.get("datum", "")) or _day(named) or _day(first)
    return Facts(kind, body, day, text)


def kind_of(text: str) -> str:
    """A value of Document.Kind that the words tell of, the one named first; "" for none."""
    lowered = text.casefold()
    found = [(match.start(), kind.value) for form, kind in _KINDS if (match := re.search(form, lowered))]
    return min(found)[1] if found else ""


def day_written(text: str) -> date | None:
    """The first day written in figures, 2026-10-06 or 20261006; None for none, or one that there is not."""
    found = _FIGURES.search(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _body(text: str) -> str:
    found = _BODY.search(" ".join(text.split()))
    return _plain(found["name"]) if found else ""


def _plain(name: str) -> str:
    """ "Kommunstyrelsens" alone is the body "Kommunstyrelsen"; "Kommunstyrelsens arbetsutskott" keeps its s."""
    return name[:-1] if name.endswith(("nämndens", "styrelsens", "fullmäktiges")) else name


def _day(text: str) -> date | None:
    found = _ISO.search(text)
    written = None if found else _IN_WORDS.search(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if written:
            return date(int(written[3]), _MONTHS.index(written[2].lower()) + 1, int(written[1]))
    except ValueError:
        return None
    return None
