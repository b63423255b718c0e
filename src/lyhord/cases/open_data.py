"""Published cases as other people's programs read them: nothing here says who sent anything.

Rows, not objects: a list of a thousand must cost little.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lyhord.audit.settling import settled_until
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType
from lyhord.cases.models.case_type import CaseTypeQuerySet
from lyhord.cases.questions import in_language
from lyhord.cases.states import OPEN
from lyhord.core.tenancy import require_organisation_id
from lyhord.places.morton import EARTH_RADIUS_M, covering

_OPEN = sorted(state.value for state in OPEN)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A published case, with what was published of it."""

    number: str
    kind: str
    state: str
    state_until: date | None
    registered_at: datetime
    changed_at: datetime
    lat: float | None
    lon: float | None
    place_text: str
    channel: str
    title: str
    text: str
    answer: str
    published_at: datetime
    same_as: str
    """Number of the case that it is the same as, if that is published too."""
    type_code: str
    type_name: str
    unit_name: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases to read; what is empty or None does not matter. Moments are whole seconds, both ends included."""

    numbers: Sequence[str] | None = None
    type_codes: Sequence[str] = ()
    open: bool | None = None
    states: Sequence[str] = ()
    registered: tuple[datetime | None, datetime | None] = (None, None)
    changed: tuple[datetime | None, datetime | None] = (None, None)
    near: tuple[float, float, float] | None = None
    """Latitude, longitude, metres."""
    offset: int = 0
    most: int = field(default=1000)

    @property
    def by_change(self) -> bool:
        """Whether changes are asked for, of cases of any age."""
        return self.changed != (None, None)


# What belongs to the cases is fetched by their ids afterwards: a join would be planned anew, and now and then badly.
_SELECT = """
select c.id, c.number, c.kind, c.state, c.state_until, c.registered_at, c.changed_at, c.lat, c.lon, c.place_text,
    c.channel, c.case_type_id, c.unit_id, c.duplicate_of_id
from cases_case c where c.organisation_id = %s and c.publication_state = 'published'
"""
_TEXTS = """
select case_id, title, text, answer, published_at from cases_publication
where organisation_id = %s and case_id = any(%s)
"""
_NUMBERS = """
select id, number from cases_case
where organisation_id = %s and id = any(%s) and publication_state = 'published'
"""
_PHOTOS = """
select photo.case_id, file.uid from cases_photo photo
join files_storedfile file on file.organisation_id = photo.organisation_id and file.id = photo.file_id
where photo.organisation_id = %s and photo.case_id = any(%s) and photo.published and not photo.internal
order by photo.position, photo.id
"""
_UNITS = "select id, name from organisations_unit where organisation_id = %s and id = any(%s)"
_TYPES = """
select type.id, type.code, version.content -> 'name' from cases_casetype type
left join cases_casetypeversion version
    on version.organisation_id = type.organisation_id and version.id = type.current_id
where type.organisation_id = %s and type.id = any(%s)
"""


_NEWEST_FIRST = "c.registered_at desc, c.id desc"
_AS_CHANGED = "c.changed_at, c.id"  # who pages while something changes meets it again at the end, and misses nothing


def open_cases(wanted: Wanted, language: str) -> list[OpenCase]:
    """Published cases in an order that never changes: newest first; where changes are asked for, as they changed.

    Changes are read as far as they are settled, so that none comes to light later that is earlier than one of them.
    At most seven queries, however many there are.
    """
    order = _NEWEST_FIRST
    if wanted.by_change:
        first, last = wanted.changed
        wanted = replace(wanted, changed=(first, settled_until(last and _end_of(last))))
        order = _AS_CHANGED
    conditions, values = _conditions(wanted)
    rows = _rows(
        f"{_SELECT}{conditions} order by {order} limit %s offset %s",  # ours, values apart
        *values,
        wanted.most,
        wanted.offset,
    )
    if not rows:
        return []
    ids = [row[0] for row in rows]
    texts = {row[0]: row[1:] for row in _rows(_TEXTS, ids)}
    photos: dict[int, tuple[UUID, ...]] = {}
    for case_id, uid in _rows(_PHOTOS, ids):
        photos[case_id] = (*photos.get(case_id, ()), uid)
    parents = {row[13] for row in rows if row[13]}
    numbers = dict(_rows(_NUMBERS, list(parents))) if parents else {}
    units = dict(_rows(_UNITS, list({row[12] for row in rows})))
    types = {
        pk: (code, in_language(json.loads(name or "{}"), language) or code)
        for pk, code, name in _rows(_TYPES, list({row[11] for row in rows if row[11]}))
    }
    return [
        OpenCase(
            *[
                *row[1:11],
                *texts[row[0]],
                numbers.get(row[13], ""),
                *types.get(row[11], ("", "")),
                units.get(row[12], ""),
                photos.get(row[0], ()),
            ]
        )
        for row in rows
        if row[0] in texts  # else it was taken back in between
    ]


def _end_of(second: datetime) -> datetime:
    """Moments are shown in whole seconds, so that the last of them is wholly inside."""
    return second.replace(microsecond=999_999)


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [require_organisation_id(), *values])
        return list(cursor.fetchall())


def open_types() -> CaseTypeQuerySet:
    """The types that anybody may send cases of, in the order of the organisation."""
    kinds = KINDS.slugs()
    return CaseType.objects.choosable().filter(kind__in=kinds).order_by("position", "code")


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    """Conditions on the table `c`, each beginning with "and", and their values."""
    parts: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        parts.append(f" and {condition}")
        values.extend(given)

    if wanted.numbers is not None:
        add("c.number = any(%s)", list(wanted.numbers))
    if wanted.type_codes:
        add(
            "c.case_type_id = any(array(select id from cases_casetype t"
            " where t.organisation_id = c.organisation_id and t.code = any(%s)))",
            list(wanted.type_codes),
        )
    if wanted.open is not None:
        add("c.state = any(%s)" if wanted.open else "not c.state = any(%s)", _OPEN)
    if wanted.states:
        add("c.state = any(%s)", list(wanted.states))
    first, last = wanted.registered
    if first is not None:
        add("c.registered_at >= %s", first.replace(microsecond=0))
    if last is not None:
        add("c.registered_at <= %s", _end_of(last))
    first, last = wanted.changed
    if first is not None:
        add("c.changed_at >= %s", first.replace(microsecond=0))
    if last is not None:  # as far as settled, to the microsecond
        add("c.changed_at <= %s", last)
    if wanted.near is not None:
        _add_near(add, *wanted.near)
    return "".join(parts), values


def _add_near(add: Any, lat: float, lon: float, metres: float) -> None:
    ranges = covering(lat, lon, metres)
    add(
        "(" + " or ".join(["c.cell >= %s and c.cell < %s"] * len(ranges)) + ")",
        *(end for pair in ranges for end in pair),
    )
    add(
        "2 * %s * asin(least(1, sqrt(sin(radians(c.lat - %s) / 2) ^ 2"
        " + cos(radians(%s)) * cos(radians(c.lat)) * sin(radians(c.lon - %s) / 2) ^ 2))) <= %s",
        EARTH_RADIUS_M,
        lat,
        lat,
        lon,
        metres,
    )
