"""One piece of news to many: one statement writes the notices of a whole batch, each as its contact wants it.

The words are worked out once for each language, with marks where a reader's own stand; the database puts those in. What
it comes to is what `actions.tell` does for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from psycopg.types.numeric import Int8

from lyhord.core.clock import now
from lyhord.jobs.many import enqueue_many
from lyhord.notifications import delivery
from lyhord.notifications.actions import BEHIND_OTHERS, wrong_with
from lyhord.notifications.kind import rendered
from lyhord.notifications.models import Notice, NoticeState
from lyhord.notifications.quiet_hours import morning_after
from lyhord.notifications.sender import SENDERS
from lyhord.notifications.tasks import deliver
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url

_WRITE = """
with phrase(language, subject, body) as (
    select * from unnest(%(languages)s::text[], %(subjects)s::text[], %(bodies)s::text[])
), letter as (
    select contact.*, reader.place, reader.reason, phrase.language as said_in, phrase.subject,
        %(root)s || reader.path as change, %(root)s || reader.path || 'sluta/' as stop,
        case when contact.stopped_at is not null then 'cancelled'
            when contact.paused_at is not null or contact.news_rhythm <> 'now' then 'held' else 'queued' end as state,
        case when contact.sender = any(%(brief)s::text[]) then phrase.subject || ' ' || %(link)s
            else replace(replace(replace(replace(phrase.body, %(reason)s, reader.reason),
                %(change)s, %(root)s || reader.path), %(stop)s, %(root)s || reader.path || 'sluta/'),
                %(settings)s, %(root)s || '/kontakt/' || contact.token || '/') end as body
    from unnest(%(contacts)s::bigint[], %(reasons)s::text[], %(paths)s::text[])
        with ordinality as reader(contact_id, reason, path, place)
    join notifications_contact contact on contact.id = reader.contact_id
    join phrase on phrase.language
        = case when contact.language = any(%(languages)s::text[]) then contact.language else %(usual)s end
    where contact.sender <> all(%(unfit)s::text[])
), made as (
    insert into notifications_notice (organisation_id, kind, sender, address, contact_id, language, subject, body, link,
        stop_link, reply_to, reason, thread, private, subject_type, subject_id, state, attempts, last_error, created_at,
        dedupe_key)
    select organisation_id, %(kind)s, sender, address, id, said_in, left(subject, 200),
        case when state = 'cancelled' then '' else body end, case when state = 'cancelled' then '' else %(link)s end,
        case when state = 'cancelled' then '' else stop end, '',
        case when state = 'cancelled' then '' else left(reason, 300) end, '', true, %(about)s, %(about_id)s, state, 0,
        case when state = 'cancelled' then %(stopped)s when paused_at is not null then %(paused)s else '' end,
        %(at)s, %(key)s || '-' || id
    from letter order by place
    on conflict (organisation_id, dedupe_key) do nothing
    returning id, contact_id, state
)
select made.id, contact.sender, contact.address, contact.quiet
from made join notifications_contact contact on contact.id = made.contact_id where made.state = 'queued'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidings:
    """What many are told. `key` is the same for the same news; `context` is what the kind's template says of it."""

    kind: str
    """The slug of its NoticeKind."""
    organisation: Organisation
    key: str
    about: tuple[str, int]
    path: str
    context: Mapping[str, Any]
    level: int


class Reader(NamedTuple):
    """One of the many: why they are told, in their language, and the page of their wish to be."""

    contact_id: int
    reason: str
    path: str


class _Queued(NamedTuple):
    id: int
    sender: str
    address: str
    quiet: bool


@transaction.atomic(savepoint=False)
def spread(tidings: Tidings, readers: Sequence[Reader], *, priority: int = BEHIND_OTHERS) -> None:
    """Tell them, in the caller's transaction and each once, however often it is called; private, as what somebody
    follows is nobody else's business. Ways that are only for what is more important are passed by.
    """
    if not readers:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, _values(tidings, readers))
        queued = [_Queued(*row) for row in cursor.fetchall()]
    sound = [one for one in queued if not (wrong := wrong_with(one.sender, one.address)) or _fails(one, wrong)]
    morning = morning_after(now())
    for quiet in (False, True):
        calls = [
            {"organisation_id": tidings.organisation.pk, "notice_id": one.id} for one in sound if one.quiet == quiet
        ]
        run_after = morning if quiet else None
        enqueue_many(deliver, calls, organisation_id=tidings.organisation.pk, priority=priority, run_after=run_after)


def _fails(one: _Queued, wrong: str) -> bool:
    """Have a notice to what is no address stand as failed, where staff see it; False, since it does not leave."""
    Notice.objects.filter(pk=one.id).update(state=NoticeState.FAILED, last_error=wrong)
    delivery.log(Notice.objects.get(pk=one.id), "notice.failed", delivery.SYSTEM)
    return False


def _values(tidings: Tidings, readers: Sequence[Reader]) -> dict[str, Any]:
    marks = {name: f"{name}{uuid4().hex}" for name in ("reason", "change", "stop", "settings")}
    link = public_url(tidings.organisation, tidings.path)
    data = {
        "organisation": tidings.organisation,
        "reply_to": "",
        "link": link,
        "reason": marks["reason"],
        "change_link": marks["change"],
        "stop_link": marks["stop"],
        "settings_link": marks["settings"],
        **tidings.context,
    }
    languages = [code for code, _name in settings.LANGUAGES]
    words = [rendered(f"notices/{tidings.kind}.txt", data, language) for language in languages]
    about, about_id = tidings.about
    return {
        **marks,
        "languages": languages,
        "usual": settings.LANGUAGE_CODE,
        "subjects": [said.subject for said in words],
        "bodies": [said.body for said in words],
        "contacts": [Int8(reader.contact_id) for reader in readers],
        "reasons": [reader.reason for reader in readers],
        "paths": [reader.path for reader in readers],
        "brief": [sender.slug for sender in SENDERS if sender.brief],
        "unfit": [sender.slug for sender in SENDERS if sender.least_news_level > tidings.level],
        "root": public_url(tidings.organisation, "/").removesuffix("/"),
        "link": link,
        "kind": tidings.kind,
        "about": about,
        "about_id": Int8(about_id),
        "stopped": delivery.STOPPED,
        "paused": delivery.PAUSED,
        "at": now(),
        "key": tidings.key,
    }
