"""How well a folder of agendas and minutes is linked, against what a person has said belongs together.

The folder holds one text per paper (.md or .txt) that begins with its facts between two lines of "---": `organ` (the
body), `datum` (ISO) and `typ` ("kallelse" or "protokoll"). The gold file has tab-separated columns matter, paper, item,
with a heading: the paper is its file's name, the item its number there.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from lyhord.matters.items import Paper, cut
from lyhord.matters.linking import Place, link
from lyhord.matters.models import Item


@dataclass(frozen=True)
class Measured:
    """Counts of pairs of items of different papers: in gold, linked by us, and both."""

    papers: int
    items: int
    gold: int
    linked: int
    right: int
    missed: list[tuple[Place, Place]]
    wrong: list[tuple[Place, Place]]

    @property
    def precision(self) -> float:
        """The part of our links that are right; 1 where we made none."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """The part of the gold's links that we found; 1 where it has none."""
        return self.right / self.gold if self.gold else 1.0


def read_paper(path: Path) -> Paper:
    """A paper from its file. Raises ValueError, with the file's name, when facts are missing or the date is none."""
    text = path.read_text(encoding="utf-8")
    parts = text.split("---\n", 2)
    if len(parts) < 3 or parts[0].strip():
        raise ValueError(f"{path.name}: facts between two lines of --- are missing")
    facts = dict(line.split(": ", 1) for line in parts[1].splitlines() if ": " in line)
    try:
        day = date.fromisoformat(facts["datum"])
        return Paper(path.name, facts["typ"] == "protokoll", facts["organ"], day, cut(parts[2]))
    except KeyError as missing:
        raise ValueError(f"{path.name}: {missing.args[0]} is missing") from None
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def read_gold(path: Path) -> list[list[Place]]:
    """The matters of a gold file. Raises ValueError when a column is missing or an item is no number."""
    matters: dict[str, list[Place]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            try:
                place = Place(row["paper"], int(row["item"]))
                matters.setdefault(row["matter"], []).append(place)
            except (KeyError, TypeError) as error:
                raise ValueError(f"{path.name}: the columns are matter, paper and item") from error
    return list(matters.values())


def measure(folder: Path, gold: Path) -> Measured:
    """Links the folder's papers and compares with the gold file. Papers that gold leaves out don't count."""
    wanted = read_gold(gold)
    named = {place.paper for matter in wanted for place in matter}
    papers = [read_paper(path) for path in sorted(folder.iterdir()) if path.name in named]
    missing = named - {paper.name for paper in papers}
    if missing:
        raise ValueError(f"{gold.name}: no such papers: {', '.join(sorted(missing))}")
    return _compared(wanted, link(papers), len(papers), sum(len(paper.items) for paper in papers))


def measure_stored(gold: Path) -> Measured:
    """What the database of the organisation in scope has linked, people's corrections included, against a gold file.

    A paper is known by the name that its source has for it: a file's name, for papers from a folder.
    """
    wanted = read_gold(gold)
    named = {place.paper for matter in wanted for place in matter}
    matters: dict[int, list[Place]] = {}
    seen: set[str] = set()
    items = Item.objects.filter(gone=False, matter__isnull=False).order_by("pk")
    rows = items.values_list("matter_id", "document__key", "number")
    count = 0
    for matter_id, key, number in rows.iterator():
        name = key.partition(":")[2]
        if name in named:
            seen.add(name)
            count += 1
            matters.setdefault(int(matter_id or 0), []).append(Place(name, number))
    if named - seen:
        raise ValueError(f"{gold.name}: no such papers: {', '.join(sorted(named - seen))}")
    return _compared(wanted, list(matters.values()), len(seen), count)


def _compared(wanted: list[list[Place]], made: list[list[Place]], papers: int, items: int) -> Measured:
    told, ours = _pairs(wanted), _pairs(made)
    return Measured(
        papers=papers,
        items=items,
        gold=len(told),
        linked=len(ours),
        right=len(told & ours),
        missed=sorted(told - ours),
        wrong=sorted(ours - told),
    )


def _pairs(matters: Iterable[list[Place]]) -> set[tuple[Place, Place]]:
    return {
        (one, other) for matter in matters for one, other in combinations(sorted(matter), 2) if one.paper != other.paper
    }
