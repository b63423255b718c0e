"""Request Tracker 5, by REST 2 (docs.bestpractical.com/rt/5.0/RT/REST2.html)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.header import Header
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from lyhord.core.http import Answer, Limits, fetch
from lyhord.exchange.adapter import (
    NOON,
    URL,
    USER,
    Adapter,
    AdapterError,
    Attachment,
    Batch,
    Change,
    Connection,
    News,
)
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of
from lyhord.exchange.models import ChangeKind

LIMITS = Limits(most_bytes=40_000_000, seconds=30)
PAGE = 100  # the most that RT gives
OVERLAP = 50  # ids are handed out before they are committed: read a little of what was before, too
LOGIN = {302, 401}  # with a session that has ended, RT leads to its log-in page rather than saying 401
LATER = {*LOGIN, 403, 408, 425, 429}  # who we are may be put right there: what waits is not lost
ITSELF = "RT_System"  # it opens a ticket that we or others answer in: nobody has decided that
UNSET_YEAR = 1970  # what a date that is not set may read as
KINDS = {"Correspond": ChangeKind.PUBLIC, "Comment": ChangeKind.INTERNAL, "Status": ChangeKind.STATE}

SCRIP: list[tuple[str | Promise, str]] = [
    (
        lazy("RT, Scrip, Custom condition (Condition och Action: User Defined, Template: Blank)"),
        """my $by = $self->TransactionObj->CreatorObj->Name;
return 0 if $by eq %(user)s || $by eq 'RT_System';
return $self->TransactionObj->Type =~ /^(Correspond|Comment|Status|Set|SetWatcher)$/;
""",
    ),
    (
        lazy("RT, Scrip, Custom action commit code"),
        """use Digest::SHA qw(hmac_sha256); use MIME::Base64 qw(encode_base64 decode_base64); use LWP::UserAgent;
my ($address, $secret) = (%(address)s, %(secret)s);
my ($id, $at, $body) = ('rt-' . $self->TransactionObj->id, time, '{}');
my $sum = encode_base64(hmac_sha256("$id.$at.$body", decode_base64(substr $secret, 6)), '');
my $answer = LWP::UserAgent->new(timeout => 5)->post(
    $address, Content => $body, 'Content-Type' => 'application/json',
    'webhook-id' => $id, 'webhook-timestamp' => $at, 'webhook-signature' => "v1,$sum",
);
$RT::Logger->warning('Lyhörd: ' . $answer->status_line) if !$answer->is_success;
return 1;
""",
    ),
]
"""It says nothing but that something is new."""

_sessions: dict[tuple[int, str], str] = {}
"""Cookies by system and user: with a token RT runs bcrypt for every question, a quarter of a second each."""


class RequestTracker(Adapter):
    """Tickets; public replies are Correspond, internal notes Comment, news is read by transaction."""

    slug = "rt"
    label = "RT 5"
    settings = (URL, USER)
    states_out = {
        "received": "open",
        "assigned": "open",
        "in_progress": "open",
        "planned": "open",
        "waiting": "stalled",
        "resolved": "resolved",
        "not_resolved": "rejected",
        "refused": "rejected",
        "duplicate": "rejected",
    }
    states_in = {
        "new": "",
        "open": "in_progress",
        "stalled": "",
        "resolved": "resolved",
        "rejected": "not_resolved",
        "deleted": "not_resolved",
    }

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Log in, and look for each queue and the field that our id is kept in."""
        for queue in queues:
            self._ask(connection, f"/tickets?{urlencode({'query': _where(queue, 'x'), 'per_page': 1})}")
            found = self._post(connection, "/queues", [{"field": "Name", "value": queue}])
            if not found.get("items"):
                raise AdapterError("queue", queue, permanent=True)

    def create(self, connection: Connection, change: Change) -> str:
        """A ticket, unless there is one with our id in it."""
        query = urlencode({"query": _where(change.queue, change.key), "orderby": "id", "per_page": 1})
        items = self._ask(connection, f"/tickets?{query}").get("items") or []
        if items:
            return str(items[0]["id"])
        fields = {"Lyhord ID": change.key}
        if change.lat is not None:
            fields |= {"Latitude": f"{change.lat:.6f}", "Longitude": f"{change.lon:.6f}"}
        body = {"Queue": change.queue, "Subject": change.title, "CustomFields": fields, **_content(change)}
        return str(self._post(connection, "/ticket", body)["id"])

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """A reply, a note, or other values."""
        if change.kind is ChangeKind.OWNER:
            self._set(connection, remote_id, change, {"Owner": change.value})
            return
        if change.kind is ChangeKind.STATE:
            day = {"Due": f"{change.until} {NOON}"} if change.until else {}
            self._set(connection, remote_id, change, {"Status": change.value, **day})
            return
        if again and self._said(connection, remote_id, change.key):
            return
        way = "comment" if change.kind is ChangeKind.INTERNAL else "correspond"
        self._post(connection, f"/ticket/{remote_id}/{way}", {"Subject": change.key, **_content(change)})

    def _set(self, connection: Connection, remote_id: str, change: Change, values: Mapping[str, str]) -> None:
        """RT says 200 also to what it did not do, with the reason as a text: so look whether it was done."""
        said = self._ask(connection, f"/ticket/{remote_id}", method="PUT", body=values)
        ticket = self._ask(connection, f"/ticket/{remote_id}")
        there = _id(ticket.get("Status" if change.kind is ChangeKind.STATE else "Owner"))
        if there != change.value or (change.until and _due(connection, ticket) != change.until):
            raise AdapterError("refused", "; ".join(map(str, said)) or change.value, permanent=True)

    def _said(self, connection: Connection, remote_id: str, key: str) -> bool:
        page = 1
        while True:
            query = urlencode({"fields": "Subject", "per_page": PAGE, "page": page})
            items = self._ask(connection, f"/ticket/{remote_id}/attachments?{query}").get("items") or []
            if any(item.get("Subject") == key for item in items):
                return True
            if len(items) < PAGE:
                return False
            page += 1

    def start(self, connection: Connection) -> str:
        """The newest transaction."""
        items = self._transactions(connection, 0, order="DESC", most=1)
        return str(items[0]["id"]) if items else "0"

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """By transaction id: RT reads dates in the user's own time zone, whatever they say."""
        after = int(cursor)
        items = self._transactions(connection, max(after - OVERLAP, 0), order="ASC", most=PAGE)
        newest = max([after, *(int(item["id"]) for item in items)])
        news = tuple(one for item in items if (one := _news(item, connection.settings["user"])))
        return Batch(news, str(newest), more=len(items) == PAGE and newest > after)

    def _transactions(self, connection: Connection, after: int, *, order: str, most: int) -> list[dict[str, Any]]:
        query = {
            "query": f"ObjectType='RT::Ticket' AND id > {after}",
            "fields": "Type,ObjectId,Field,NewValue,Created,Creator",
            "orderby": "id",
            "order": order,
            "per_page": most,
        }
        return list(self._ask(connection, f"/transactions?{urlencode(query)}").get("items") or [])

    def content(self, connection: Connection, news: News) -> News:
        """The text, and the files as they are; for a new owner, who it is; for a new date, which, and in what state."""
        if news.kind is ChangeKind.OWNER:
            owner = self._ask(connection, f"/ticket/{news.remote_id}").get("Owner")
            return replace(news, value=_id(owner))
        if news.kind is ChangeKind.STATE:
            if news.value:
                return news
            ticket = self._ask(connection, f"/ticket/{news.remote_id}")
            return replace(news, value=str(ticket.get("Status")), until=_due(connection, ticket))
        query = urlencode({"fields": "Filename,ContentType", "per_page": PAGE})
        listed = self._ask(connection, f"/transaction/{news.key}/attachments?{query}").get("items") or []
        text, files = "", []
        for item in listed:
            sort, name = str(item.get("ContentType") or ""), str(item.get("Filename") or "")
            if sort.startswith("multipart/") or (not name and (text or sort != "text/plain")):
                continue
            whole = self._ask(connection, f"/attachment/{item['id']}")
            data = base64.b64decode(whole.get("Content") or "")
            if name:
                files.append(Attachment(name, sort, data))
            else:
                text = data.decode("utf-8", "replace")
        return news.with_content(text, tuple(files))

    def bell(self, settings: Mapping[str, str], address: str, secret: str) -> list[tuple[str | Promise, str]]:
        """A scrip, with our own changes left out."""
        told = {"user": settings["user"], "address": address, "secret": secret}
        return [(label, text % {name: _perl(said) for name, said in told.items()}) for label, text in SCRIP]

    def page(self, settings: Mapping[str, str], remote_id: str) -> str:
        """The ticket in RT's own pages."""
        return f"{settings['url'].rstrip('/')}/Ticket/Display.html?id={remote_id}"

    def _post(self, connection: Connection, path: str, body: object) -> Any:
        return self._ask(connection, path, method="POST", body=body)

    def _ask(self, connection: Connection, path: str, *, method: str = "GET", body: object = None) -> Any:
        """One question, with the session that we have; when it has ended, once more with a new one."""
        url = f"{connection.settings['url'].rstrip('/')}/REST/2.0{path}"
        content = None if body is None else json.dumps(body).encode()
        answer = _fetch(connection, url, method, content)
        if answer.status in LOGIN:
            _sessions.pop(_who(connection), None)
            answer = _fetch(connection, url, method, content)
        if not answer.fine:
            said = answer.body[:200].decode("utf-8", "replace")
            code = "login" if answer.status in LOGIN else code_of(answer.status)
            final = CLIENT_ERROR <= answer.status < SERVER_ERROR and answer.status not in LATER
            raise AdapterError(code, f"{answer.status} {said}", permanent=final)
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise AdapterError("answer") from error


def _perl(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _who(connection: Connection) -> tuple[int, str]:
    return connection.system, f"{connection.settings['url']} {connection.settings['user']}"


def _fetch(connection: Connection, url: str, method: str, content: bytes | None) -> Answer:
    root = connection.settings["url"].rstrip("/")
    cookie = _sessions.get(_who(connection))
    if cookie is None:
        form = urlencode({"user": connection.settings["user"], "pass": connection.secret}).encode()
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{root}/"}
        answer = fetch(f"{root}/NoAuth/Login.html", limits=LIMITS, method="POST", headers=sent, content=form)
        cookie = _sessions[_who(connection)] = "; ".join(answer.cookies)
    headers = {"Cookie": cookie, "Referer": f"{root}/", "Accept": "application/json"}
    if content is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"
    return fetch(url, limits=LIMITS, method=method, headers=headers, content=content)


def _where(queue: str, key: str) -> str:
    return f"Queue='{_quoted(queue)}' AND 'CF.{{Lyhord ID}}'='{_quoted(key)}'"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _content(change: Change) -> dict[str, Any]:
    """Text and files. A file name that is not ASCII must come as in mail (RFC 2047), or RT loses its letters."""
    body: dict[str, Any] = {"Content": change.text, "ContentType": "text/plain"}
    if change.files:
        body["Attachments"] = [
            {
                "FileName": file.name if file.name.isascii() else Header(file.name, "utf-8", maxlinelen=900).encode(),
                "FileType": file.content_type,
                "FileContent": base64.b64encode(file.data).decode(),
            }
            for file in change.files
        ]
    return body


def _news(item: dict[str, Any], user: str) -> News | None:
    """What a transaction means to us; None for our own, and for mails and links that RT also counts."""
    sort, name = str(item.get("Type")), item.get("Field")
    kind = KINDS.get(sort)
    if sort in {"Set", "SetWatcher"} and name == "Owner":
        kind = ChangeKind.OWNER
    if sort == "Set" and name == "Due":
        kind = ChangeKind.STATE
    if kind is None or _id(item.get("Creator")) in {user, ITSELF}:
        return None
    at = datetime.fromisoformat(str(item["Created"]))
    return News(
        key=str(item["id"]),
        remote_id=_id(item.get("ObjectId")),
        kind=kind,
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        value=str(item.get("NewValue") or "") if sort == "Status" else "",
    )


def _id(held: object) -> str:
    return str(held.get("id")) if isinstance(held, dict) else str(held)


def _due(connection: Connection, ticket: Mapping[str, Any]) -> date | None:
    """The day that the ticket is due; None where none is set, which RT says in several ways."""
    try:
        at = datetime.fromisoformat(str(ticket.get("Due") or ""))
    except ValueError:
        return None
    return connection.day(at if at.tzinfo else at.replace(tzinfo=UTC)) if at.year > UNSET_YEAR else None
