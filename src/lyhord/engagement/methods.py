"""The method library: how far people are let in, when that is fitting, how it is done, and what to ask afterwards.

The five levels, from information to co-decision, stand in data/methods.json: data, which anybody can read and improve.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data/methods.json"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in several languages."""

    by_language: dict[str, str]

    def __call__(self, language: str) -> str:
        """In that language, else in Swedish."""
        return self.by_language.get(language) or self.by_language["sv"]


@dataclass(frozen=True, slots=True)
class MethodStep:
    """What is done so many days after the beginning; `mechanism` is what to open then, if anything."""

    code: str
    day: int
    title: Words
    mechanism: str
    public: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the evaluation."""

    code: str
    text: Words


@dataclass(frozen=True, slots=True)
class Method:
    """One level of involvement."""

    code: str
    name: Words
    promise: Words
    """What residents may count on."""
    when: Words
    """When it fits."""
    not_when: Words
    steps: tuple[MethodStep, ...]
    evaluation: tuple[Asked, ...]


@cache
def methods() -> dict[str, Method]:
    """All, by code, from the least to the most involvement."""
    read: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    common = tuple(Asked(one["code"], Words(one["text"])) for one in read["evaluation"])
    return {one["code"]: _method(one, common) for one in read["methods"]}


def _method(one: dict[str, Any], common: tuple[Asked, ...]) -> Method:
    steps = tuple(
        MethodStep(
            step["code"], step["day"], Words(step["title"]), step.get("mechanism", ""), step.get("public", False)
        )
        for step in one["steps"]
    )
    own = tuple(Asked(asked["code"], Words(asked["text"])) for asked in one["evaluation"])
    return Method(
        one["code"],
        Words(one["name"]),
        Words(one["promise"]),
        Words(one["when"]),
        Words(one["not_when"]),
        steps,
        common + own,
    )
