"""All mails that are made, and the table of what becomes of each."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.intake.mail.make import Made, automatic, charsets, fresh, hostile, replies, strangers

CORPUS = Path(__file__).parents[1] / "corpus"
_TABLE = CORPUS / "expected.tsv"


class Row(NamedTuple):
    """What shall become of one mail."""

    path: str
    sort: str
    outcome: str
    files: int


def everything() -> Iterator[Made]:
    """In order; no two of one name."""
    names = set()
    for module in (replies, automatic, strangers, fresh, charsets, hostile):
        for one in module.made():
            if one.name in names:
                raise ValueError(f"two mails are called {one.name}")
            names.add(one.name)
            yield one


def row_of(one: Made) -> Row:
    """Its row in the table."""
    return Row(f"made/{one.name}.eml", one.sort, one.outcome, one.files)


def expected() -> list[Row]:
    """The table."""
    if not _TABLE.exists():
        return []
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.reader(table, delimiter="\t")
        next(rows)
        return [Row(path, sort, outcome, int(files)) for path, sort, outcome, files in rows]


def write_expected(rows: list[Row]) -> None:
    """The table anew, sorted by path."""
    with _TABLE.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(sorted(rows))
