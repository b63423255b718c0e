"""How many published cases lie in each cell, from the counts that are kept as cases change (models/map_count.py)."""

from typing import Any

from django.db import connection

from lyhord.cases.models import MapCount
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.states import CLOSED, OPEN, State
from lyhord.core.tenancy import require_organisation_id
from lyhord.places.morton import AXIS_BITS, Range

LEVELS = (11, 14, 17, 20)
"""Depths that are counted, each at most eight times finer than what is asked for."""
STAGES: dict[str, frozenset[State]] = {
    "going": OPEN - {State.PLANNED},
    "planned": frozenset({State.PLANNED}),
    "closed": CLOSED,
}

# Counts at the level, summed to the depth that is asked for. One range of an index: of whole cells where all is wanted.
_COUNTS = """
select m.prefix >> %s as key, sum({count}) from cases_mapcount m
where m.organisation_id = %s and m.depth = %s and m.prefix >= %s and m.prefix < %s{conditions}
group by key having sum({count}) > 0
"""
_LIVE = """
select c.cell >> %s as key, count(*) from cases_case c
where c.organisation_id = %s and c.cell >= %s and c.cell < %s and c.publication_state = 'published'{conditions}
group by key
"""


def counted(wanted: PublicFilter) -> bool:
    """Whether the counts that are kept can answer: whole stages and years, types and categories, nothing else."""
    if wanted.words or wanted.area or wanted.first or wanted.last:
        return False
    return _columns(wanted.states) is not None


def is_quick(wanted: PublicFilter) -> bool:
    """Whether the counts of whole cells answer: a row of each, however many sorts of cases lie there."""
    return counted(wanted) and not (wanted.category or wanted.type_code or wanted.kind or wanted.year)


def cell_counts(cells: Range, wanted: PublicFilter, depth: int) -> list[tuple[int, int]]:
    """(cell shifted to `depth`, how many published cases) within a range of whole cells of that depth, in no order.

    From the kept counts where they can answer, else counted case by case within the range.
    """
    columns = _columns(wanted.states)
    if not counted(wanted) or columns is None or depth > LEVELS[-1]:
        return live_counts(cells, wanted, depth)
    level = next(level for level in LEVELS if level >= depth)
    conditions, values = _conditions(wanted)
    shift = 2 * (AXIS_BITS - level)
    sql = _COUNTS.format(count=" + ".join(f"m.{column}" for column in columns), conditions=conditions)
    bounds = (cells[0] >> shift, cells[1] >> shift)
    return _rows(sql, [2 * (level - depth), require_organisation_id(), level, *bounds, *values])


def live_counts(cells: Range, wanted: PublicFilter, depth: int) -> list[tuple[int, int]]:
    """The same, counted case by case."""
    conditions, values = wanted.sql()
    sql = _LIVE.format(conditions=conditions)
    return _rows(sql, [2 * (AXIS_BITS - depth), require_organisation_id(), *cells, *values])


def _columns(states: frozenset[State]) -> list[str] | None:
    """The columns that together hold exactly these states; None when a stage would have to be parted."""
    if not states:
        return list(STAGES)
    if any(states & held and not held <= states for held in STAGES.values()):
        return None
    return [name for name, held in STAGES.items() if held <= states]


def _conditions(wanted: PublicFilter) -> tuple[str, list[Any]]:
    if is_quick(wanted):
        return f" and m.year = {MapCount.TOTAL}", []
    parts = [f" and m.year > {MapCount.TOTAL}"]
    values: list[Any] = []
    for column, table, field, value in (
        ("category_pk", "cases_category", "code", wanted.category),
        ("case_type_pk", "cases_casetype", "code", wanted.type_code),
        ("case_type_pk", "cases_casetype", "kind", wanted.kind),
    ):
        if value:
            found = f"select id from {table} where organisation_id = %s and {field} = %s"  # noqa: S608  # our own names
            parts.append(f" and m.{column} = any(array({found}))")
            values += [require_organisation_id(), value]
    if wanted.year:
        parts.append(" and m.year = %s")
        values.append(wanted.year)
    return "".join(parts), values


def _rows(sql: str, values: list[Any]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(int(key), int(count)) for key, count in cursor.fetchall()]
