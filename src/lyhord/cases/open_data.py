"""Published cases as other people's programs read them: nothing here says who sent anything.

Rows, not objects: a list of a thousand must cost little.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType
from lyhord.cases.models.case_type import CaseTypeQuerySet
from lyhord.cases.questions import in_language
from lyhord.cases.states import OPEN
from lyhord.core.tenancy import require_organisation_id
from lyhord.organisations.models import Unit
from lyhord.places.morton import EARTH_RADIUS_M, covering

_SECOND = timedelta(seconds=1)
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
    registered: tuple[datetime | None, datetime | None] = (None, None)
    changed: tuple[datetime | None, datetime | None] = (None, None)
    near: tuple[float, float, float] | None = None
    """Latitude, longitude, metres."""
    offset: int = 0
    most: int = field(default=1000)


_SELECT = """
select c.id, c.number, c.kind, c.state, c.state_until, c.registered_at, c.changed_at, c.lat, c.lon, c.place_text,
    c.channel, p.title, p.text, p.answer, p.published_at, coalesce(same.number, ''), c.case_type_id, c.unit_id
from cases_case c
join cases_publication p on p.organisation_id = c.organisation_id and p.case_id = c.id
left join cases_case same on same.organisation_id = c.organisation_id and same.id = c.duplicate_of_id
    and same.publication_state = 'published'
where c.organisation_id = %s and c.publication_state = 'published'
"""
_PHOTOS = """
select photo.case_id, file.uid from cases_photo photo
join files_storedfile file on file.organisation_id = photo.organisation_id and file.id = photo.file_id
where photo.organisation_id = %s and photo.case_id = any(%s) and photo.published and not photo.internal
order by photo.position, photo.id
"""


def open_cases(wanted: Wanted, language: str) -> list[OpenCase]:
    """Published cases, newest first, in an order that never changes. Four queries, however many there are."""
    conditions, values = _conditions(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_SELECT}{conditions} order by c.registered_at desc, c.id desc limit %s offset %s",  # ours, values apart
            [require_organisation_id(), *values, wanted.most, wanted.offset],
        )
        rows = cursor.fetchall()
    if not rows:
        return []
    types = {
        pk: (code, in_language(name or {}, language) or code)
        for pk, code, name in CaseType.objects.values_list("pk", "code", "current__content__name")
    }
    units = dict(Unit.objects.values_list("pk", "name"))
    photos = _photos([row[0] for row in rows])
    return [_case(row, types.get(row[16], ("", "")), units.get(row[17], ""), photos.get(row[0], ())) for row in rows]


def _case(row: Sequence[Any], named: tuple[str, str], unit: str, photos: tuple[UUID, ...]) -> OpenCase:
    return OpenCase(*[*row[1:16], *named, unit, photos])


def open_types() -> CaseTypeQuerySet:
    """The types that anybody may send cases of, in the order of the organisation."""
    kinds = KINDS.slugs()
    return CaseType.objects.choosable().filter(kind__in=kinds).order_by("position", "code")


def _photos(case_ids: list[int]) -> dict[int, tuple[UUID, ...]]:
    found: dict[int, tuple[UUID, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PHOTOS, [require_organisation_id(), case_ids])
        for case_id, uid in cursor.fetchall():
            found[case_id] = (*found.get(case_id, ()), uid)
    return found


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
    for column, (first, last) in (("registered_at", wanted.registered), ("changed_at", wanted.changed)):
        if first is not None:
            add(f"c.{column} >= %s", first.replace(microsecond=0))
        if last is not None:  # shown in whole seconds, so that the last of them is wholly inside
            add(f"c.{column} < %s", last.replace(microsecond=0) + _SECOND)
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
