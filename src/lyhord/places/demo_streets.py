"""A small street list for the two demo municipalities: real street names, rough positions. For trying out only."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from lyhord.places.actions import Street


def demo_streets(code: str) -> Iterator[Street]:
    """The list for a municipality code; empty for all but the demo's two."""
    source = files("lyhord.places.data").joinpath(f"streets_{code}.csv")
    if not code.isdecimal() or not source.is_file():
        return
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        yield Street(row["street"], row["number"], row["locality"], float(row["lat"]), float(row["lon"]))
