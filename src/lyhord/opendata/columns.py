"""The columns that every file has, in order, with their names and what they hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from lyhord.cases.export import ExportRow

type Sort = Literal["text", "moment", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the files, how it is typed, and its value."""

    name: str
    sort: Sort
    value: Callable[[ExportRow], Any]


COLUMNS: tuple[Column, ...] = (
    Column("nummer", "text", lambda row: row.number),
    Column("sort", "text", lambda row: row.kind),
    Column("sort_namn", "text", lambda row: row.kind_name),
    Column("typ", "text", lambda row: row.type_code),
    Column("typ_namn", "text", lambda row: row.type_name),
    Column("kategori", "text", lambda row: row.category_code),
    Column("kategori_namn", "text", lambda row: row.category_name),
    Column("lage", "text", lambda row: row.state),
    Column("lage_namn", "text", lambda row: row.state_name),
    Column("kom_in", "moment", lambda row: row.registered_at),
    Column("andrad", "moment", lambda row: row.changed_at),
    Column("avslutad", "moment", lambda row: row.closed_at),
    Column("publicerad", "moment", lambda row: row.published_at),
    Column("rubrik", "text", lambda row: row.title),
    Column("text", "text", lambda row: row.text),
    Column("svar", "text", lambda row: row.answer),
    Column("plats", "text", lambda row: row.place_text),
    Column("omrade", "text", lambda row: row.area_code),
    Column("omrade_namn", "text", lambda row: row.area_name),
    Column("enhet", "text", lambda row: row.unit_name),
    Column("lat", "number", lambda row: row.lat),
    Column("lon", "number", lambda row: row.lon),
    Column("sweref99tm_n", "number", lambda row: row.northing),
    Column("sweref99tm_e", "number", lambda row: row.easting),
)


def plain(value: Any) -> Any:
    """A value as JSON has it: moments in UTC to the second, "2026-11-23T15:42:00Z"."""
    return moment(value) if isinstance(value, datetime) else value


def moment(at: datetime) -> str:
    """RFC 3339, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
