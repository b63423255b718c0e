"""What can happen to a matter, its stages by kind, and how much each matters: data, which an organisation may change.

The table stands in data/stages.json and is shown to residents; rows of an organisation's own (OwnLevel) go before it.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from lyhord.matters.models import Body, Item, OwnLevel

DETAIL, NORMAL, IMPORTANT = 1, 2, 3
FORMAL = "formal"
"""The kind of what belongs to a meeting and not to a matter: roll-call, who checks the minutes."""

_DATA = Path(__file__).parent / "data/stages.json"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: an event (`kind` is "") or a stage of a kind."""

    kind: str
    code: str
    level: int
    names: dict[str, str]
    shown: bool = True

    def name(self, language: str) -> str:
        """In that language, else in Swedish."""
        return self.names.get(language) or self.names["sv"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter, and the words in a heading that tell it."""

    code: str
    names: dict[str, str]
    words: frozenset[str]
    stages: tuple[Row, ...]

    def name(self, language: str) -> str:
        """In that language, else in Swedish."""
        return self.names.get(language) or self.names["sv"]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds, by code."""
    found: dict[str, Kind] = {}
    for each in _read()["kinds"]:
        code = each["code"]
        if "like" in each:
            stages = tuple(replace(row, kind=code) for row in found[each["like"]].stages)
        else:
            stages = tuple(Row(code, row["code"], row["level"], row["names"]) for row in each["stages"])
        found[code] = Kind(code, each["names"], frozenset(each["words"]), stages)
    return found


@cache
def events() -> dict[str, Row]:
    """What can happen, by code, as it stands for all."""
    return {row["code"]: Row("", row["code"], row["level"], row["names"]) for row in _read()["events"]}


def kind_of(heading: str) -> str:
    """The kind that a heading tells of: the first that has a word of it, also as the last part of a compound."""
    said = " ".join(heading.casefold().split())
    if any(said.startswith(words) for words in _read()["formal"]):
        return FORMAL
    words = _WORD.findall(said)
    for kind in kinds().values():
        if any(_is(word, known) for word in words for known in kind.words):
            return kind.code
    return "general"


def _is(word: str, known: str) -> bool:
    """ "Detaljplanen" and "detaljplaneändring" are of "detaljplan"; "emotion" is not of "motion"."""
    return word.startswith(known) or (len(known) >= 8 and known in word)


class Levels:
    """The organisation's table, read once."""

    def __init__(self) -> None:
        self._own = {(own.kind, own.code): own for own in OwnLevel.objects.all()}

    def row(self, kind: str, code: str) -> Row | None:
        """The row of an event (`kind` "") or of a stage; None where there is none."""
        known = events().get(code) if not kind else stage(kind, code)
        own = self._own.get((kind, code))
        return replace(known, level=own.level, shown=own.shown) if known and own else known

    def level(self, kind: str, event: str, to_stage: str = "") -> int:
        """How much it matters that this happens; a new stage counts as the stage does."""
        row = self.row(kind, to_stage) if event == "stage" else self.row("", event)
        return row.level if row else NORMAL

    def events(self) -> list[Row]:
        """The rows of events, in order."""
        return [row for code in events() if (row := self.row("", code)) is not None]

    def stages(self, kind: str) -> list[Row]:
        """The rows of a kind's stages, in order."""
        return [row for each in kinds()[kind].stages if (row := self.row(kind, each.code)) is not None]


def stage(kind: str, code: str) -> Row | None:
    """A stage of a kind as it stands for all, or None."""
    known = kinds().get(kind)
    return next((row for row in known.stages if row.code == code), None) if known else None


_BY_RESULT = {
    Item.Result.REFERRED_BACK: "referred_back",
    Item.Result.POSTPONED: "postponed",
    Item.Result.DROPPED: "postponed",
    Item.Result.NOTED: "noted",
    Item.Result.ENDORSED: "proposed",
}
_AT = {
    Body.Classification.COMMITTEE: "committee",
    Body.Classification.BOARD: "board",
    Body.Classification.EXECUTIVE: "executive",
    Body.Classification.COUNCIL: "council",
}


def event_of(result: str, classification: str) -> str:
    """What happened, by what minutes say. A committee that says nothing of how it ended has only prepared."""
    if result in _BY_RESULT:
        return _BY_RESULT[Item.Result(result)]
    if not result and classification == Body.Classification.COMMITTEE:
        return "proposed"
    return "decided"


def stage_after(event: str, classification: str, kind: str, result: str) -> str:
    """Where a matter then is: decided, or with the body that has it."""
    if event == "decided":
        adopted = kind == "plan" and result == Item.Result.APPROVED and classification == Body.Classification.COUNCIL
        return "adopted" if adopted else "decided"
    if event == "referred_back":
        return "preparation" if stage(kind, "preparation") else "started"
    return _AT.get(Body.Classification(classification), "")


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return read
