"""Agendas and minutes cut into their items (§), each with its heading, number, sections and pages."""

import re
from dataclasses import dataclass, field
from datetime import date

from lyhord.matters.numbers import CaseNumber, find_numbers, joined, normalise

_PAGE = re.compile(r"^(?:<!-- sida (\d+) -->|\f)\s*$")
_NOISE = re.compile(
    r"(?i)^(?:.*\bsammanträdesprotokoll\b.*|sida \d+ av \d+|\d+ ?\(\d+\)|justera(?:nde|s).{0,20}"
    r"|utdragsbestyrkande|expedierat/bestyrkt|datum|\d{4}-\d\d-\d\d|innehåll)$"
)
_PARAGRAPH = re.compile(r"^§ ?(?P<number>\d{1,4})(?P<rest>\s.*|)$")
_LEADER = re.compile(r"\.{4,}\s*\d*$|\s\.{2,}\s\d+$")
_AGENDA_ROW = re.compile(r"^\|\s*(?P<number>\d{1,3})\.?\s*\|(?P<cells>.*)\|\s*$")

# The headings that municipal minutes put inside an item; what follows is theirs until the next one.
SECTIONS = {
    "beslut": "decision",
    "beslutet": "decision",
    "förslag till beslut": "proposal",
    "sammanfattning av ärendet": "summary",
    "sammanfattning": "summary",
    "ärendebeskrivning": "summary",
    "ärendet": "summary",
    "beslutsunderlag": "basis",
    "yrkanden": "motions",
    "förslag under sammanträdet": "motions",
    "beslutsgång": "procedure",
    "omröstning": "vote",
    "omröstningsresultat": "vote",
    "reservation": "reservations",
    "reservationer": "reservations",
    "protokollsanteckning": "remark",
    "särskilt yttrande": "remark",
    "jäv": "recusal",
    "beslutsmotivering": "reasons",
    "beslutet skickas till": "recipients",
    "expedieras till": "recipients",
}


@dataclass
class Item:
    """One § or one row of an agenda. `identifier` is the number in its heading; numbers elsewhere are relations."""

    number: int
    heading: str = ""
    identifier: CaseNumber | None = None
    evidence: str = ""  # the heading's number as it was written
    page: int = 1  # the page that it begins on
    sections: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that stands in the item, without its heading."""
        return "\n".join(self.sections.values())

    @property
    def relations(self) -> list[CaseNumber]:
        """Numbers in running text: other cases, or other authorities' own numbers. They never identify."""
        return [found.number for found in find_numbers(self.text) if found.number != self.identifier]


@dataclass
class Paper:
    """An agenda or minutes. Only in minutes is an item's number a § that others refer to."""

    name: str
    minutes: bool
    body: str
    day: date | None
    items: list[Item]


def cut(text: str) -> list[Item]:
    """The items of a text, by number. Each § counts once, though a contents list repeats them all."""
    lines = [line.strip(" \t\r") for line in text.replace("\f", "\n\f\n").split("\n")]
    cutter = _Cutter(_page_heads(lines))
    for line in lines:
        cutter.read(line)
    return [cutter.items[number] for number in sorted(cutter.items)]


class _Cutter:
    """Reads a text line by line. `current` is the item that lines go to, `section` where in it; "" is its heading."""

    def __init__(self, page_heads: frozenset[str]) -> None:
        self.items: dict[int, Item] = {}
        self.page_heads = page_heads
        self.page = 1
        self.current: Item | None = None
        self.section = ""

    def read(self, line: str) -> None:
        if turned := _PAGE.match(line):
            self.page = int(turned[1]) if turned[1] else self.page + 1
        elif row := _AGENDA_ROW.match(line):
            self._begin(_from_row(row, self.page))
            self.current = None
        elif start := _PARAGRAPH.match(line):
            self._begin(_from_heading(start, self.page))
        elif self.current is not None and line not in self.page_heads and not _NOISE.match(line):
            self._inside(self.current, line)

    def _begin(self, item: Item) -> None:
        known = self.items.get(item.number)
        if known is None or not known.text:  # the contents list's entry gives way to the item itself
            self.items[item.number] = self.current = item
            self.section = ""
        else:
            self.current = known  # "§ 74 forts." on the next page

    def _inside(self, item: Item, line: str) -> None:
        title = line.rstrip(":").lower()
        name = SECTIONS.get(title) or ("proposal" if title.startswith("förslag till beslut i ") else "")
        if name:
            self.section = name
            item.sections.setdefault(name, "")
        elif self.section and (line or item.sections.get(self.section)):
            item.sections[self.section] = f"{item.sections.get(self.section, '')}\n{line}".strip("\n")
        elif line and not self.section:
            item.heading = f"{item.heading} {_without_leader(line)}".strip()
            if _LEADER.search(line):
                self.current = None  # a contents list's entry ends with its page
        elif item.heading:
            self.section = "introduction"


def _page_heads(lines: list[str]) -> frozenset[str]:
    """Lines that stand among the first of several pages: the body's name, the date, the kind of paper."""
    seen: dict[str, int] = {}
    for index, line in enumerate(lines):
        if _PAGE.match(line):
            for head in {each for each in lines[index + 1 : index + 6] if each and not _PARAGRAPH.match(each)}:
                seen[head] = seen.get(head, 0) + 1
    return frozenset(head for head, times in seen.items() if times > 1 and head.rstrip(":").lower() not in SECTIONS)


def _from_heading(start: re.Match[str], page: int) -> Item:
    item = Item(number=int(start["number"]), page=page)
    found = find_numbers(start["rest"])
    if found:
        item.identifier, item.evidence = found[0].number, found[0].text
    else:
        item.heading = _without_leader(start["rest"])
    return item


def _without_leader(line: str) -> str:
    return " ".join(_LEADER.sub("", line.strip()).split())


def _from_row(row: re.Match[str], page: int) -> Item:
    cells = [joined(cell).strip() for cell in row["cells"].split("|")]
    item = Item(number=int(row["number"]), heading=cells[0], page=page)
    for cell in cells[1:2]:
        item.identifier, item.evidence = normalise(cell), cell
    if len(cells) > 2 and cells[2]:
        item.sections["proposal"] = cells[2]
    return item
