"""What has happened to cases, as other systems read on about it: updates in their order, each with an id for good.

Nothing that was said is here, only where a case went and what was published of the answer. A client also reads where
the cases went that it sent itself and that are not published, unless they are confidential.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lyhord.audit.settling import settled_until
from lyhord.cases.kind import KINDS
from lyhord.cases.states import State
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.models import ApiKey


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened to a case."""

    update_id: int
    number: str
    kind: str
    state: State | None
    """None: as it was."""
    at: datetime
    text: str
    service: str = ""
    """What the case is now taken for, when that changed."""
    photos: tuple[UUID, ...] = ()
    until: date | None = None
    """The day that it is planned for."""


class _News(NamedTuple):
    update_id: int
    at: datetime
    verb: str
    data: str
    case_id: int
    number: str
    kind: str
    state_now: str


# "published" is news only for its answer, and only the latest: what was taken back must not be read on.
_NEWS = """
select e.id, e.at, e.verb, e.data, c.id, c.number, c.kind, c.state
from audit_event e
join cases_case c on c.organisation_id = e.organisation_id and c.id = e.subject_id
where e.organisation_id = %(organisation)s and e.subject_type = 'case' and e.verb <> 'case.registered'
    and e.at >= %(first)s and e.at <= %(last)s
    and (
        e.verb in ('case.state_changed', 'case.reopened', 'case.merged', 'case.converted')
        or e.verb in ('case.replied', 'case.assigned', 'case.moved') and e.data->>'new_state' is not null
        or e.verb = 'case.published' and c.publication_state = 'published'
            and exists (
                select 1 from cases_publication p
                where p.organisation_id = c.organisation_id and p.case_id = c.id and p.answer <> ''
            )
            and not exists (
                select 1 from audit_event later
                where later.organisation_id = e.organisation_id and later.subject_type = 'case'
                    and later.subject_id = c.id and later.id > e.id and later.verb = 'case.published'
            )
    )
"""
_PUBLISHED = " and c.publication_state = 'published'"
_PUBLISHED_OR_OWN = """
    and (
        c.publication_state = 'published'
        or not c.confidential and not c.protected and exists (
            select 1 from intake_reception r
            where r.organisation_id = c.organisation_id and r.case_id = c.id and r.source like 'open311:%%'
                and r.source = %(source)s
        )
    )
"""
_IN_ORDER = " order by e.at, e.id limit %(most)s offset %(offset)s"
_ANSWERS = "select case_id, answer from cases_publication where organisation_id = %s and case_id = any(%s)"
_PHOTOS = """
select photo.case_id, file.uid from cases_photo photo
join files_storedfile file on file.organisation_id = photo.organisation_id and file.id = photo.file_id
join cases_message message on message.organisation_id = photo.organisation_id and message.id = photo.message_id
where photo.organisation_id = %s and photo.case_id = any(%s) and photo.published and not photo.internal
    and message.side = 'office'
order by photo.position, photo.id
"""


def updates(first: datetime, last: datetime, key: ApiKey | None, *, offset: int, most: int) -> list[Update]:
    """What happened between two seconds, both included, oldest first, as far as it is settled: none comes later.

    At most four queries, however many there are.
    """
    values: dict[str, Any] = {
        "organisation": require_organisation_id(),
        "first": first.replace(microsecond=0),
        "last": settled_until(last.replace(microsecond=999_999)),
        "source": f"open311:{key.pk}" if key else "",
        "most": most,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_NEWS}{_PUBLISHED_OR_OWN if key else _PUBLISHED}{_IN_ORDER}", values)
        rows = cursor.fetchall()
    answered = [row[4] for row in rows if row[2] == "case.published"]
    answers: dict[int, str] = dict(_of_cases(_ANSWERS, answered))
    photos: dict[int, tuple[UUID, ...]] = {}
    for case_id, uid in _of_cases(_PHOTOS, answered):
        photos[case_id] = (*photos.get(case_id, ()), uid)
    return [_update(_News(*row), answers, photos) for row in rows]


def _of_cases(sql: str, case_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    if not case_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [require_organisation_id(), list(case_ids)])
        return list(cursor.fetchall())


def _update(news: _News, answers: Mapping[int, str], photos: Mapping[int, tuple[UUID, ...]]) -> Update:
    if news.verb == "case.published":
        text, shown = answers.get(news.case_id, ""), photos.get(news.case_id, ())
        return Update(news.update_id, news.number, news.kind, State(news.state_now), news.at, text, photos=shown)
    data = json.loads(news.data)
    if news.verb == "case.converted":
        text = _("Ärendet gäller nu: %(name)s") % {"name": data["after_name"]}
        new = State(data["new_state"]) if data.get("new_state") else None
        return Update(news.update_id, news.number, news.kind, new, news.at, text, service=data["after_name"])
    if news.verb == "case.merged":
        state = State.DUPLICATE
    else:
        state = State(data.get("new_state") or data.get("after") or State.RECEIVED)
    until = date.fromisoformat(data["until"]) if data.get("until") else None
    text = KINDS.get(news.kind).sentence(state, until=until)
    planned = until if state is State.PLANNED else None
    return Update(news.update_id, news.number, news.kind, state, news.at, text, until=planned)
