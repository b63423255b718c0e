"""Tables that people upload as text files: CSV as spreadsheets and other systems save it.

Comma, semicolon or tab; UTF-8 or the old Windows alphabet; headings in any case and order, with other names allowed.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file (the heading is 1) and its values by column, cleaned, "" where there is none."""

    number: int
    values: Mapping[str, str]


def read_table(
    data: bytes,
    columns: Mapping[str, tuple[str, ...]],
    *,
    optional: frozenset[str] = frozenset(),
    most_rows: int,
    most_bytes: int = 20_000_000,
) -> list[Line]:
    """The rows of a table, empty ones left out.

    `columns` maps each column's name to the headings that may stand over it. Raises Invalid with one sentence for the
    whole file when it is too large, is no table, or lacks a column that is not optional.
    """
    if len(data) > most_bytes:
        raise Invalid(_("Filen är för stor. Den får vara högst %(size)s MB.") % {"size": most_bytes // 1_000_000})
    text = _text(data)
    heading = text.partition("\n")[0]
    delimiter = max(";,\t", key=heading.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        found = _positions(next(rows, []), columns, optional)
        lines = []
        for row in rows:
            values = {
                name: clean_text(row[at], one_line=True) if at is not None and at < len(row) else ""
                for name, at in found.items()
            }
            if any(values.values()):
                lines.append(Line(rows.line_num, values))
            if len(lines) > most_rows:
                raise Invalid(_("Filen har för många rader. Den får ha högst %(count)s.") % {"count": most_rows})
    except csv.Error as error:
        raise Invalid(_("Filen går inte att läsa. Spara den som CSV, UTF-8, och försök igen.")) from error
    if not lines:
        raise Invalid(_("Filen har inga rader under rubrikerna."))
    return lines


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise Invalid(_("Filen går inte att läsa. Spara den som CSV, UTF-8, och försök igen."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _positions(
    heading: list[str], columns: Mapping[str, tuple[str, ...]], optional: frozenset[str]
) -> dict[str, int | None]:
    given = [name.strip().casefold() for name in heading]
    found: dict[str, int | None] = {}
    missing = []
    for name, headings in columns.items():
        found[name] = next((given.index(other) for other in (name, *headings) if other in given), None)
        if found[name] is None and name not in optional:
            missing.append(name)
    if missing:
        raise Invalid(
            _("Kolumnen %(missing)s saknas. Första raden ska ha rubrikerna %(all)s.")
            % {"missing": ", ".join(missing), "all": ";".join(columns)}
        )
    return found
