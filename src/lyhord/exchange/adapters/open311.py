"""Open311 GeoReport v2 with FixMyStreet's servicerequestupdates: other municipalities, road owners, work order systems.

The standard knows no internal notes and no people: neither leaves by this way. What others say there is read on from
the moment of the last thing that they said, that second included.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.core.clock import now
from lyhord.core.http import Limits, fetch
from lyhord.exchange.adapter import (
    URL,
    Adapter,
    AdapterError,
    Attachment,
    Batch,
    Change,
    Connection,
    News,
    Setting,
)
from lyhord.exchange.georeport import first_of, get, moment, post, read_moment, requested
from lyhord.exchange.models import ChangeKind

PICTURE = Limits(most_bytes=20_000_000, seconds=30, types=("image/",), redirects=3)
OVERLAP = timedelta(minutes=5)  # clocks differ, and some servers write an update's moment before they show it
SPAN = timedelta(days=89)  # servers give 90 days at most
OURS = "lyhord-"  # begins the name of each update that we send: so we know it when it is read back
WITH_DAY = {"action_scheduled", "planned"}  # where a request says when it is expected to be done


class Open311(Adapter):
    """A report there is a service request; answers and states are updates of it."""

    slug = "open311"
    label = lazy("Open311, till exempel en annan kommun")
    settings = (
        URL,
        Setting("jurisdiction", "jurisdiction_id", lazy("Om den andra sidan kräver det."), required=False),
    )
    queue_label = "service_code"
    carries_documents = False
    takes = frozenset({ChangeKind.CREATE, ChangeKind.PUBLIC, ChangeKind.RESIDENT, ChangeKind.STATE})
    states_out = {
        "received": "open",
        "assigned": "investigating",
        "in_progress": "in_progress",
        "planned": "action_scheduled",
        "waiting": "in_progress",
        "resolved": "fixed",
        "not_resolved": "no_further_action",
        "refused": "not_councils_responsibility",
        "duplicate": "duplicate",
    }
    states_in = {
        "open": "",
        "confirmed": "",
        "unchanged": "",
        "for_triage": "",
        "internal_referral": "",
        "reopen": "in_progress",
        "investigating": "in_progress",
        "in_progress": "in_progress",
        "planned": "in_progress",
        "action_scheduled": "in_progress",
        "fixed": "resolved",
        "closed": "resolved",
        "no_further_action": "not_resolved",
        "cancelled": "not_resolved",
        "duplicate": "not_resolved",
        "not_councils_responsibility": "refused",
    }

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Look for each service, and whether the key lets us read on."""
        codes = {str(row.get("service_code")) for row in get(connection, "services.json", {})}
        for queue in queues:
            if queue not in codes:
                raise AdapterError("queue", queue, permanent=True)
        get(connection, "servicerequestupdates.json", {"api_key": connection.secret})

    def create(self, connection: Connection, change: Change) -> str:
        """A request. `Idempotency-Key` makes one of two where the other side heeds it, as Lyhörd does."""
        return requested(connection, change)

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """An update: what we or the resident said, or a new state. The same `update_id` again is the same update."""
        state = change.kind is ChangeKind.STATE
        fields = {
            "service_request_id": remote_id,
            "update_id": OURS + change.key.replace("/", "-"),
            "status": (change.value if state else "unchanged").upper(),
            "updated_datetime": moment(now()),
            "description": _state_in_words(change) if state else change.text,
        }
        try:
            row = first_of(post(connection, "servicerequestupdates.json", fields, change))
        except AdapterError as error:
            if "already exists" in error.detail:
                return
            raise
        if not row.get("update_id"):
            raise AdapterError("answer", json.dumps(row, ensure_ascii=False)[:200])

    def start(self, connection: Connection) -> str:
        """This very moment."""
        return moment(now())

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """What was said and done there since, a little of it again."""
        first = datetime.fromisoformat(cursor) - OVERLAP
        last = min(first + SPAN, now() + OVERLAP)
        window = {"start_date": moment(first), "end_date": moment(last), "api_key": connection.secret}
        rows = get(connection, "servicerequestupdates.json", window)
        news, newest = list[News](), datetime.fromisoformat(cursor)
        for row in rows:
            at = read_moment(row)
            if at is None or not row.get("update_id"):
                continue
            newest = max(newest, at)
            if not str(row["update_id"]).startswith(OURS):
                news += _news(connection, row, at)
        behind = last < now()
        return Batch(tuple(news), moment(max(newest, last - OVERLAP) if behind else newest), more=behind)

    def bell(self, settings: Mapping[str, str], address: str, secret: str) -> list[tuple[str | Promise, str]]:
        """A webhook, where the other side is a Lyhörd or sends Standard Webhooks: its secret is theirs to make."""
        return [(lazy("Webhook hos dem, till adressen"), address)]

    def content(self, connection: Connection, news: News) -> News:
        """With the picture that the update points to, and the day that a planned action is promised for."""
        if news.kind is ChangeKind.STATE:
            return _with_day(connection, news) if news.value in WITH_DAY and not news.until else news
        if news.kind is not ChangeKind.PUBLIC or not news.value:
            return news
        answer = fetch(news.value, limits=PICTURE)
        if not answer.fine:
            return news
        return news.with_content(news.text, (Attachment("bild.jpg", answer.content_type, answer.body),))


def _state_in_words(change: Change) -> str:
    """The date too: an update has no field for it."""
    said = _("Läget hos oss: %(state)s") % {"state": change.value}
    return f"{said}, {change.until}" if change.until else said


def _with_day(connection: Connection, news: News) -> News:
    """The request itself says when it can be expected to be done, where the update does not."""
    try:
        row = first_of(get(connection, f"requests/{quote(news.remote_id)}.json", {"api_key": connection.secret}))
    except AdapterError as error:
        if error.permanent:
            return news  # it is not shown to all
        raise
    return replace(news, until=_expected(connection, row))


def _expected(connection: Connection, row: Mapping[str, Any]) -> date | None:
    extras = row.get("extras")
    at = read_moment({**row, **extras} if isinstance(extras, dict) else row, "expected_datetime")
    return connection.day(at) if at else None


def _news(connection: Connection, row: Mapping[str, Any], at: datetime) -> list[News]:
    """What was said comes first, so that a closing is not told twice."""
    name, remote = f"u{row['update_id']}"[:90], str(row.get("service_request_id"))
    found = []
    text, picture = str(row.get("description") or ""), row.get("media_url") or ""
    picture = picture[0] if isinstance(picture, list) and picture else picture
    picture = picture if isinstance(picture, str) and picture.startswith("http") else ""
    if text or picture:
        found.append(News(key=f"{name}/t", remote_id=remote, kind=ChangeKind.PUBLIC, at=at, text=text, value=picture))
    status = str(row.get("status") or "").strip().lower().replace(" ", "_")
    if status and status != "unchanged":
        until = _expected(connection, row) if status in WITH_DAY else None
        found.append(News(key=f"{name}/s", remote_id=remote, kind=ChangeKind.STATE, at=at, value=status, until=until))
    return found
