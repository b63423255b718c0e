"""GeoJSON (RFC 7946) and CSV (RFC 4180) of published cases, written as they are read."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from lyhord.cases.export import ExportRow
from lyhord.opendata.columns import COLUMNS, plain

type Address = Callable[[str], str]
"""The page of a case by its number."""

_FORMULA = ("=", "+", "-", "@", "\t")


def geojson(batches: Iterable[list[ExportRow]], address: Address) -> Iterator[bytes]:
    """A FeatureCollection; longitude before latitude. A case without a place has no geometry."""
    yield b'{"type":"FeatureCollection","features":['
    separator = ""
    for rows in batches:
        features = (json.dumps(_feature(row, address), ensure_ascii=False, separators=(",", ":")) for row in rows)
        yield f"{separator}{',\n'.join(features)}".encode()
        separator = ",\n"
    yield b"]}\n"


def _feature(row: ExportRow, address: Address) -> dict[str, object]:
    point = None if row.lat is None or row.lon is None else {"type": "Point", "coordinates": [row.lon, row.lat]}
    properties = {column.name: plain(column.value(row)) for column in COLUMNS}
    return {
        "type": "Feature",
        "id": row.number,
        "geometry": point,
        "properties": {**properties, "url": address(row.number)},
    }


def table(batches: Iterable[list[ExportRow]], address: Address) -> Iterator[bytes]:
    """CSV with headings: comma, UTF-8, moments in UTC, decimal points.

    A text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    yield _lines([[*(column.name for column in COLUMNS), "url"]])
    for rows in batches:
        yield _lines([[*_cells(row), address(row.number)] for row in rows])


def _cells(row: ExportRow) -> Iterator[object]:
    for column in COLUMNS:
        value = plain(column.value(row))
        if column.sort == "text" and value.startswith(_FORMULA):
            value = f"'{value}"
        yield value


def _lines(rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
