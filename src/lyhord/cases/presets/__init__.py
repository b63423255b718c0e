"""What an organisation starts with: a fault tree, four sorts of feedback and the areas they are about.

Data, not code: every organisation gets its own copy and changes it. Each case type routes to a *role* ("gata_park"),
which the organisation's units carry, so that one tree fits all of them. Free to use (CC0).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lyhord.cases.description import CaseTypeDescription, parse_description


@dataclass(frozen=True, slots=True)
class CategoryPreset:
    """A group of fault types, or an area that feedback is about. `role` is what the unit that has it carries."""

    code: str
    names: Mapping[str, str]
    icon: str
    role: str
    position: int
    for_faults: bool
    publishable: bool
    words: tuple[str, ...] = ()


def fault_categories() -> list[CategoryPreset]:
    """The groups of the fault tree, in the order of the form."""
    return [_category(group, position, for_faults=True) for position, group in enumerate(_groups(), start=1)]


def feedback_areas() -> list[CategoryPreset]:
    """The areas that complaints, praise, suggestions and questions are about, in the order of the form."""
    areas: list[dict[str, Any]] = _load("areas")["areas"]
    return [_category(area, position, for_faults=False) for position, area in enumerate(areas, start=1)]


def case_type_descriptions(kind: str | None = None) -> list[CaseTypeDescription]:
    """The case types of a kind, or of all kinds, in the order of the form: first the fault tree, then feedback."""
    return [description for description in _all_types() if kind in {None, description.kind}]


@cache
def _all_types() -> tuple[CaseTypeDescription, ...]:
    tree = [parse_description(_with_group(group, leaf)) for group in _groups() for leaf in group["types"]]
    feedback = [parse_description(entry) for entry in _load("feedback")["types"]]
    return (*tree, *feedback)


def _with_group(group: Mapping[str, Any], leaf: Mapping[str, Any]) -> dict[str, Any]:
    """A leaf of the tree with what its group says for all of them."""
    said_by_all = {"kind": "felanmalan", "category": group["code"], "icon": group["icon"]}
    return {**said_by_all, "routing": {"role": group["role"]}, **group["defaults"], **leaf}


def _category(entry: Mapping[str, Any], position: int, *, for_faults: bool) -> CategoryPreset:
    return CategoryPreset(
        code=entry["code"],
        names=entry["name"],
        icon=entry["icon"],
        role=entry["role"],
        position=position * 10,
        for_faults=for_faults,
        publishable=entry.get("publishable", True),
        words=tuple(entry.get("words", ())),
    )


def _groups() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = _load("faults")["categories"]
    return groups


@cache
def _load(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
