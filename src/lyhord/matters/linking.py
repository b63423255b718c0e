"""Items of agendas and minutes that belong to one matter, by number and, second, by (body, date, §).

A number in the heading identifies. One in running text is a relation only: there it is as often a county board's own
number, or that of a tariff. A number without a series counts within its board: two boards both have a 2024-00001.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lyhord.matters.items import Item, Paper

_COMMITTEE = re.compile(r"s?\s+(?:arbetsutskott|au|presidium|utskott)$")
_REFERENCE = re.compile(
    r"(?P<body>[A-ZÅÄÖa-zåäö]*(?:nämnden|styrelsen|fullmäktige|utskottet))[ \t]+"
    r"(?P<day>\d{4}-\d\d-\d\d),?\s+§ ?(?P<number>\d{1,4})"
)
_TREATED = re.compile(r"(?i)ärendet har (?:tidigare )?behandlats av[^\n]*(?:\n[^\n]+)?")


@dataclass(frozen=True, order=True)
class Place:
    """Where an item stands: the paper's name and its number there."""

    paper: str
    item: int


def board(body: str) -> str:
    """The board that a body belongs to: "Byggnadsnämndens arbetsutskott" → "byggnadsnämnden"."""
    name = " ".join(body.casefold().split())
    return _COMMITTEE.sub("", name)


def references(item: Item) -> Iterator[tuple[str, date, int]]:
    """(board, date, §) of earlier treatments: what the basis lists, and "Ärendet har behandlats av"."""
    for text in (item.sections.get("basis", ""), *_TREATED.findall(item.text)):
        for match in _REFERENCE.finditer(text):
            try:
                day = date.fromisoformat(match["day"])
            except ValueError:
                continue
            yield board(match["body"]), day, int(match["number"])


def link(papers: list[Paper]) -> list[list[Place]]:
    """The matters, each as the places of its items; every item is in exactly one of them."""
    parents: dict[Place, Place] = {}
    by_number: dict[tuple[str, int, int], Place] = {}
    by_treatment = {
        (board(paper.body), paper.day, item.number): Place(paper.name, item.number)
        for paper in papers
        if paper.minutes
        for item in paper.items
    }
    for paper in papers:
        for item in paper.items:
            place = Place(paper.name, item.number)
            parents.setdefault(place, place)
            if item.identifier:
                number = item.identifier
                key = (number.series or board(paper.body), number.year, number.serial)
                _join(parents, by_number.setdefault(key, place), place)
            for treatment in references(item):
                if earlier := by_treatment.get(treatment):
                    parents.setdefault(earlier, earlier)
                    _join(parents, earlier, place)
    matters: dict[Place, list[Place]] = {}
    for place in sorted(parents):
        matters.setdefault(_root(parents, place), []).append(place)
    return list(matters.values())


def _root(parents: dict[Place, Place], place: Place) -> Place:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def _join(parents: dict[Place, Place], one: Place, other: Place) -> None:
    first, second = sorted((_root(parents, one), _root(parents, other)))
    parents[second] = first
