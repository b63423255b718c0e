"""Published cases as rows of a file: everything that is published of each, a thousand at a time, however many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType, Category
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.questions import in_language
from lyhord.cases.states import State
from lyhord.core.country import country
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.organisations.models import Unit
from lyhord.places.models import Area
from lyhord.places.sweref import to_sweref99tm

BATCH = 1000


class ExportRow(NamedTuple):
    """One published case. Codes never change meaning; names are in one language. Positions are None for no place."""

    number: str
    kind: str
    kind_name: str
    type_code: str
    type_name: str
    category_code: str
    category_name: str
    state: str
    state_name: str
    registered_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    published_at: datetime
    title: str
    text: str
    answer: str
    place_text: str
    area_code: str
    area_name: str
    unit_name: str
    lat: float | None
    lon: float | None
    northing: float | None
    """SWEREF 99 TM, metres."""
    easting: float | None


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes and ids of the rows are called, read once for a whole file. Each is (code, name) by id."""

    types: Mapping[int, tuple[str, str]]
    categories: Mapping[int, tuple[str, str]]
    areas: Mapping[int, tuple[str, str]]
    units: Mapping[int, str]
    kinds: Mapping[str, str]
    states: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, language: str) -> "Names":
        """In one language; four queries."""
        types = CaseType.objects.values_list("pk", "code", "current__content__name")
        return cls(
            {pk: (code, in_language(names or {}, language) or code) for pk, code, names in types},
            {category.pk: (category.code, category.name(language)) for category in Category.objects.all()},
            {pk: (code, name) for pk, code, name in Area.objects.values_list("pk", "code", "name")},
            dict(Unit.objects.values_list("pk", "name")),
            {slug: str(KINDS.get(slug).label) for slug in KINDS.slugs()},
            {
                (slug, state.value): str(KINDS.get(slug).words(state).resident)
                for slug in KINDS.slugs()
                for state in State
            },
        )


_VERSION = """
select count(*), sum(c.revision), max(c.changed_at) from cases_case c
where c.organisation_id = %s and c.publication_state = 'published'
"""
_SPAN = """
select min(c.registered_at), max(c.changed_at) from cases_case c
where c.organisation_id = %s and c.publication_state = 'published'
"""
_UNTIL = """
select count(*) from cases_publication p join cases_case c on c.organisation_id = p.organisation_id and c.id = p.case_id
where p.organisation_id = %s and p.published_at <= %s and c.publication_state = 'published'
"""
# The texts are fetched by the cases' ids afterwards: a join would be planned anew, and now and then badly.
_SELECT = """
select c.id, c.number, c.kind, c.state, c.registered_at, c.changed_at, c.closed_at, c.place_text, c.lat, c.lon,
    c.case_type_id, c.category_id, c.area_id, c.unit_id
from cases_case c where c.organisation_id = %s and c.publication_state = 'published'
"""
_TEXTS = """
select case_id, published_at, title, text, answer from cases_publication
where organisation_id = %s and case_id = any(%s)
"""


def export_version(wanted: PublicFilter) -> tuple[Any, ...]:
    """Differs as soon as anything in the file does: every change to a case lets its revision grow."""
    conditions, values = wanted.sql()
    return _rows(f"{_VERSION}{conditions}", values)[0]  # our own conditions, values apart


def published_span() -> tuple[datetime | None, datetime | None]:
    """When the first of all published cases came in, and when one of them last changed; None where there are none."""
    first, last = _rows(_SPAN, [])[0]
    return first, last


def published_until(wanted: PublicFilter, moment: datetime) -> int:
    """How many of them were published by then, as they still are: fewer later on when some were taken back or edited.

    So whoever has kept a file knows whether it says something that nobody should read any more.
    """
    conditions, values = wanted.sql()
    return int(_rows(f"{_UNTIL}{conditions}", [moment, *values])[0][0])  # our own conditions, values apart


def export_batches(organisation_id: int, wanted: PublicFilter, names: Names) -> Iterator[list[ExportRow]]:
    """All of them, newest first, two queries for each thousand.

    Enters the organisation by itself for each batch, since a file goes on being sent after its request is over.
    """
    below: int | None = None
    while True:
        with organisation_scope(organisation_id):
            rows, last = _batch(wanted, names, below)
        if rows:
            yield rows
        if last is None:
            return
        below = last


def newest(wanted: PublicFilter, names: Names, most: int) -> list[ExportRow]:
    """The newest of them, at most so many; two queries."""
    return _batch(wanted, names, None, most)[0]


def _batch(
    wanted: PublicFilter, names: Names, below: int | None, most: int = BATCH
) -> tuple[list[ExportRow], int | None]:
    """So many rows and the id of the last of them; None when there are no more."""
    conditions, values = wanted.sql()
    if below is not None:
        conditions, values = f"{conditions} and c.id < %s", [*values, below]
    found = _rows(f"{_SELECT}{conditions} order by c.id desc limit %s", [*values, most])  # ours, values apart
    if not found:
        return [], None
    texts = {row[0]: row[1:] for row in _rows(_TEXTS, [[row[0] for row in found]])}
    rows = [_row(row, texts[row[0]], names) for row in found if row[0] in texts]
    return rows, found[-1][0] if len(found) == most else None


def _row(row: tuple[Any, ...], said: tuple[Any, ...], names: Names) -> ExportRow:
    _id, number, kind, state, registered, changed, closed, place, lat, lon, type_id, category_id, area_id, unit_id = row
    published, title, text, answer = said
    northing, easting = _plane(lat, lon)
    return ExportRow(
        number,
        kind,
        names.kinds.get(kind, kind),
        *names.types.get(type_id, ("", "")),
        *names.categories.get(category_id, ("", "")),
        state,
        names.states.get((kind, state), state),
        registered,
        changed,
        closed,
        published,
        title,
        text,
        answer,
        place,
        *names.areas.get(area_id, ("", "")),
        names.units.get(unit_id, ""),
        lat,
        lon,
        northing,
        easting,
    )


def _plane(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    if lat is None or lon is None or not country().sweref:
        return None, None
    try:
        northing, easting = to_sweref99tm(lat, lon)
    except ValueError:  # too far from Sweden for its plane
        return None, None
    return round(northing, 2), round(easting, 2)


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [require_organisation_id(), *values])
        return list(cursor.fetchall())
