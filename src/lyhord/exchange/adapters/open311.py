"""Open311 GeoReport v2 with FixMyStreet's servicerequestupdates: other municipalities, road owners, work order systems.

The standard knows no internal notes and no people: neither leaves by this way. What others say there is read on from
the moment of the last thing that they said, that second included.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.core.clock import now
from lyhord.core.http import Answer, Limits, fetch, in_parts
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
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of
from lyhord.exchange.models import ChangeKind

LIMITS = Limits(most_bytes=20_000_000, seconds=30)
PICTURE = Limits(most_bytes=20_000_000, seconds=30, types=("image/",), redirects=3)
LATER = {401, 403, 408, 425, 429}
OVERLAP = timedelta(minutes=5)  # clocks differ, and some servers write an update's moment before they show it
SPAN = timedelta(days=89)  # servers give 90 days at most
OURS = "lyhord-"  # begins the name of each update that we send: so we know it when it is read back
MOST_PHOTOS = 3
WITH_DAY = {"action_scheduled", "planned"}  # where a request says when it is expected to be done
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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
        codes = {str(row.get("service_code")) for row in _get(connection, "services.json", {})}
        for queue in queues:
            if queue not in codes:
                raise AdapterError("queue", queue, permanent=True)
        _get(connection, "servicerequestupdates.json", {"api_key": connection.secret})

    def create(self, connection: Connection, change: Change) -> str:
        """A request. `Idempotency-Key` makes one of two where the other side heeds it, as Lyhörd does."""
        fields = {
            "service_code": change.queue,
            "description": f"{change.text}\n\n({change.key})",
            **({"lat": f"{change.lat:.6f}", "long": f"{change.lon:.6f}"} if change.lat is not None else {}),
            **({"address_string": _("Se texten.")} if change.lat is None else {}),
        }
        row = _first(_post(connection, "requests.json", fields, change, key=change.key))
        if row.get("service_request_id"):
            return str(row["service_request_id"])
        if row.get("token"):
            polled = _first(_get(connection, f"tokens/{quote(str(row['token']))}.json", {}))
            if polled.get("service_request_id"):
                return str(polled["service_request_id"])
            raise AdapterError("busy", "token")
        raise AdapterError("answer", json.dumps(row, ensure_ascii=False)[:200])

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """An update: what we or the resident said, or a new state. The same `update_id` again is the same update."""
        state = change.kind is ChangeKind.STATE
        fields = {
            "service_request_id": remote_id,
            "update_id": OURS + change.key.replace("/", "-"),
            "status": (change.value if state else "unchanged").upper(),
            "updated_datetime": _moment(now()),
            "description": _state_in_words(change) if state else change.text,
        }
        try:
            row = _first(_post(connection, "servicerequestupdates.json", fields, change))
        except AdapterError as error:
            if "already exists" in error.detail:
                return
            raise
        if not row.get("update_id"):
            raise AdapterError("answer", json.dumps(row, ensure_ascii=False)[:200])

    def start(self, connection: Connection) -> str:
        """This very moment."""
        return _moment(now())

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """What was said and done there since, a little of it again."""
        first = datetime.fromisoformat(cursor) - OVERLAP
        last = min(first + SPAN, now() + OVERLAP)
        window = {"start_date": _moment(first), "end_date": _moment(last), "api_key": connection.secret}
        rows = _get(connection, "servicerequestupdates.json", window)
        news, newest = list[News](), datetime.fromisoformat(cursor)
        for row in rows:
            at = _read_moment(row)
            if at is None or not row.get("update_id"):
                continue
            newest = max(newest, at)
            if not str(row["update_id"]).startswith(OURS):
                news += _news(connection, row, at)
        behind = last < now()
        return Batch(tuple(news), _moment(max(newest, last - OVERLAP) if behind else newest), more=behind)

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
        row = _first(_get(connection, f"requests/{quote(news.remote_id)}.json", {"api_key": connection.secret}))
    except AdapterError as error:
        if error.permanent:
            return news  # it is not shown to all
        raise
    return replace(news, until=_expected(connection, row))


def _expected(connection: Connection, row: Mapping[str, Any]) -> date | None:
    extras = row.get("extras")
    at = _read_moment({**row, **extras} if isinstance(extras, dict) else row, "expected_datetime")
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


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read_moment(row: Mapping[str, Any], name: str = "updated_datetime") -> datetime | None:
    try:
        at = datetime.fromisoformat(str(row.get(name)))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _get(connection: Connection, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    asked = {**query, **_jurisdiction(connection)}
    asked = {name: value for name, value in asked.items() if value}
    url = _url(connection, path)
    return _rows(fetch(f"{url}?{urlencode(asked)}" if asked else url, limits=LIMITS))


def _post(
    connection: Connection, path: str, fields: Mapping[str, str], change: Change, *, key: str = ""
) -> list[dict[str, Any]]:
    """Form-encoded; as parts when pictures go along. Other files cannot go this way."""
    sent = {**fields, "api_key": connection.secret, **_jurisdiction(connection)}
    pictures = [file for file in change.files if file.content_type.startswith("image/")][:MOST_PHOTOS]
    headers = {"Idempotency-Key": key} if key else {}
    if pictures:
        parts: list[tuple[str, tuple[str | None, bytes, str]]] = [
            (name, (None, value.encode(), "text/plain; charset=utf-8")) for name, value in sent.items()
        ]
        parts += [(f"photo{n}", (file.name, file.data, file.content_type)) for n, file in enumerate(pictures, start=1)]
        content, headers["Content-Type"] = in_parts(parts)
    else:
        headers, content = {**headers, **FORM}, urlencode(sent).encode()
    return _rows(fetch(_url(connection, path), limits=LIMITS, method="POST", headers=headers, content=content))


def _url(connection: Connection, path: str) -> str:
    return f"{connection.settings['url'].rstrip('/')}/{path}"


def _jurisdiction(connection: Connection) -> dict[str, str]:
    said = connection.settings.get("jurisdiction", "")
    return {"jurisdiction_id": said} if said else {}


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows, whether they lie in a list or in something around it. A yes with an error in it is a no."""
    said = answer.body[:200].decode("utf-8", "replace")
    if not answer.fine:
        code = "login" if answer.status in {401, 403} else code_of(answer.status)
        final = CLIENT_ERROR <= answer.status < SERVER_ERROR and answer.status not in LATER
        raise AdapterError(code, f"{answer.status} {said}", permanent=final)
    try:
        read = json.loads(answer.body)
    except ValueError as error:
        raise AdapterError("answer", said) from error
    while isinstance(read, dict) and len(read) == 1 and isinstance(inner := next(iter(read.values())), dict | list):
        read = inner
    rows = [row for row in (read if isinstance(read, list) else [read]) if isinstance(row, dict)]
    for row in rows:
        if "code" in row and "description" in row and not {"service_code", "update_id"} & set(row):
            raise AdapterError("refused", f"{row['code']} {row['description']}"[:200], permanent=True)
    return rows


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        raise AdapterError("answer")
    return rows[0]
