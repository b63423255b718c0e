"""Errands as Swedish municipalities have them in support-management (github.com/Sundsvallskommun, API 15).

What is said to the resident goes into a conversation of our own on the errand, notes are notes, and our id is an
external tag. An errand tells when it was last touched, but not of notes and messages: so those that were not touched
are looked at in turn, some in each round. Nothing about the person who reported leaves.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.core.clock import now
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
    Setting,
)
from lyhord.exchange.models import ChangeKind
from lyhord.exchange.rest import Rest, listed

TAG = "LyhordId"
OVERLAP = timedelta(minutes=5)  # clocks differ, and what is written is not always shown at once
PAGE, MOST_PAGES = 100, 50
IN_TURN = 25  # errands that are looked at for notes and messages, each time
AWAKE = timedelta(days=180)  # those that nobody has touched since are left alone
NOTE = 2000  # the API takes 2,048 signs in a note


class Errands(Adapter):
    """An errand with notes, and a conversation for what the resident is to hear."""

    slug = "errands"
    label = lazy("Ärenden enligt support-management")
    queue_label = lazy("KATEGORI/TYP")
    settings = (
        URL,
        Setting("municipality", lazy("Kommunens kod"), lazy("Fyra siffror, som i adressen till systemet.")),
        Setting("namespace", lazy("Namnrymd"), lazy("Den del av systemet där ärendena finns.")),
        USER,
        Setting(
            "token_url",
            lazy("Adress som ger nycklar"),
            lazy("Om systemet kräver OAuth 2. Hemligheten är då namn:lösenord. Tomt: hemligheten är själva nyckeln."),
            required=False,
            address=True,
        ),
    )
    states_out = {
        "received": "NEW",
        "assigned": "ASSIGNED",
        "in_progress": "ONGOING",
        "planned": "ONGOING",
        "waiting": "PENDING",
        "resolved": "SOLVED",
        "not_resolved": "SOLVED",
        "refused": "SOLVED",
        "duplicate": "SOLVED",
    }
    states_in = {
        "NEW": "",
        "ASSIGNED": "",
        "ONGOING": "in_progress",
        "PENDING": "",
        "AWAITING_INTERNAL_RESPONSE": "",
        "SUSPENDED": "",
        "REOPENED": "in_progress",
        "SOLVED": "resolved",
    }

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Log in, and look for each category and type."""
        known = set()
        for category in _ask(connection, "/metadata/categories"):
            known |= {f"{category.get('name')}/{one.get('name')}" for one in listed(category.get("types"))}
        for queue in queues:
            if queue not in known:
                raise AdapterError("queue", queue, permanent=True)
        _ask(connection, f"/errands?{urlencode({'filter': _tagged('-'), 'size': 1})}")

    def create(self, connection: Connection, change: Change) -> str:
        """An errand, unless there is one with our id; and the pictures that it does not have."""
        errand = _find(connection, change.key) or _rest(connection).made("/errands", _new(connection, change))
        errand = errand or _find(connection, change.key)
        if not errand:
            raise AdapterError("answer", "Location")
        _keep_files(connection, errand, change.files)
        return errand

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """What we say to the resident, a note, or other values."""
        if change.kind in {ChangeKind.STATE, ChangeKind.OWNER}:
            name = "status" if change.kind is ChangeKind.STATE else "assignedUserId"
            body = {name: change.value, **_suspension(connection, change)}
            said = _ask(connection, f"/errands/{quote(remote_id)}", method="PATCH", body=body)
            if said.get(name) != change.value:
                raise AdapterError("refused", change.value, permanent=True)
        elif change.kind is ChangeKind.INTERNAL:
            _note(connection, remote_id, change, again=again)
        else:
            _say(connection, remote_id, change, again=again)

    def start(self, connection: Connection) -> str:
        """This very moment, when we may log in."""
        _ask(connection, f"/errands?{urlencode({'filter': _tagged('-'), 'size': 1})}")
        return str(_Place(now(), 0, (now(), now(), now())))

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """All that others did to errands touched since, and what they said in the next ones in turn."""
        place, found = _Place.read(cursor), dict[str, News]()
        since, newest, rounds = place.touched - OVERLAP, place.touched, place.rounds
        for errand in _errands(connection, since):
            newest = max(newest, _read(errand["touched"]))
            for one in (*_done(connection, errand["id"], since), *_told(connection, errand, since)):
                found[f"{one.remote_id} {one.key}"] = one
        turn = _page(connection, now() - AWAKE, "created,asc", place.page, IN_TURN)
        for errand in listed(turn.get("content")):
            for one in _told(connection, errand, rounds[0] - OVERLAP):
                found[f"{one.remote_id} {one.key}"] = one
        last = turn.get("last", True)
        onward = _Place(newest, 0, (*rounds[1:], now())) if last else _Place(newest, place.page + 1, rounds)
        return Batch(tuple(sorted(found.values(), key=lambda one: (one.at, one.key))), str(onward))

    def content(self, connection: Connection, news: News) -> News:
        """The files of a message: `value` says in which conversation they lie. Notes have none."""
        if news.kind is ChangeKind.STATE and not news.value:
            errand = _ask(connection, f"/errands/{quote(news.remote_id)}")
            until = (errand.get("suspension") or {}).get("suspendedTo")
            day = connection.day(_read(until)) if until else None
            return replace(news, value=str(errand.get("status")), until=day)
        if news.kind is not ChangeKind.PUBLIC or not news.value:
            return news
        conversation, *held = json.loads(news.value)
        root = f"{_talk(news.remote_id)}/{quote(conversation)}/messages/{quote(news.key[1:])}/attachments"
        files = tuple(
            Attachment(name, kind, _rest(connection).file(f"{root}/{quote(one)}")) for one, name, kind in held
        )
        return replace(news, files=files, value="")


@dataclass(frozen=True, slots=True)
class _Place:
    """How far news is read: what was touched, the page of the round through the others, and when rounds began.

    What is shown moves while it is paged through: so a round reads from where the last but one began.
    """

    touched: datetime
    page: int
    rounds: tuple[datetime, datetime, datetime]

    def __str__(self) -> str:
        return " ".join((_moment(self.touched), str(self.page), *map(_moment, self.rounds)))

    @staticmethod
    def read(cursor: str) -> "_Place":
        """As it was kept."""
        touched, page, before, last, this = cursor.split()
        return _Place(_read(touched), int(page), (_read(before), _read(last), _read(this)))


def _new(connection: Connection, change: Change) -> dict[str, Any]:
    category, _slash, kind = change.queue.partition("/")
    places = {"latitude": change.lat, "longitude": change.lon}
    return {
        "title": change.title[:255],
        "description": change.text,
        "priority": "MEDIUM",
        "status": change.value or Errands.states_out["received"],
        "classification": {"category": category, "type": kind},
        "externalTags": [{"key": TAG, "value": change.key}],
        "parameters": [{"key": key, "values": [f"{value:.6f}"]} for key, value in places.items() if value is not None],
        "channel": "ESERVICE",
        "reporterUserId": connection.settings["user"],
    }


def _suspension(connection: Connection, change: Change) -> dict[str, Any]:
    """Until when it rests, where the state has a date."""
    if change.until is None:
        return {}
    noon = datetime.combine(change.until, time.fromisoformat(NOON), connection.zone)
    return {"suspension": {"suspendedFrom": _moment(now()), "suspendedTo": _moment(noon)}}


def _find(connection: Connection, key: str) -> str:
    """The errand with our id: looked at, since a filter that a system does not heed gives any errand."""
    query = urlencode({"filter": _tagged(key), "size": 5, "sort": "created,asc"})
    for errand in listed(_ask(connection, f"/errands?{query}").get("content")):
        if {"key": TAG, "value": key} in listed(errand.get("externalTags")):
            return str(errand["id"])
    return ""


def _tagged(key: str) -> str:
    return f"exists(externalTags.key:'{TAG}' and externalTags.value:'{key}')"


def _errands(connection: Connection, since: datetime) -> Iterator[dict[str, Any]]:
    for number in range(MOST_PAGES):
        page = _page(connection, since, "touched,asc", number, PAGE)
        yield from listed(page.get("content"))
        if page.get("last", True):
            return


def _page(connection: Connection, since: datetime, sort: str, number: int, size: int) -> dict[str, Any]:
    """Errands of ours, touched since; others, should the filter not be heeded, are left out."""
    asked = f"exists(externalTags.key:'{TAG}') and touched>'{_moment(since)}'"
    query = urlencode({"filter": asked, "page": number, "size": size, "sort": sort})
    page = _ask(connection, f"/errands?{query}")
    ours = [one for one in listed(page.get("content")) if any(tag.get("key") == TAG for tag in _tags(one))]
    return {**page, "content": ours}


def _tags(errand: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed(errand.get("externalTags"))


def _done(connection: Connection, errand: str, since: datetime) -> Iterator[News]:
    """New states and owners: who did what the event says, and what it was the difference between two revisions."""
    root = f"/errands/{quote(errand)}"
    events = _ask(connection, f"{root}/events?{urlencode({'size': PAGE, 'sort': 'created,desc'})}")
    for event in listed(events.get("content")):
        at = _read(event["created"])
        told = {one.get("key"): one.get("value") for one in listed(event.get("metadata"))}
        about_errand = str(event.get("sourceType")).casefold() == "errand" and event.get("type") == "UPDATE"
        if at < since or not about_errand or told.get("ExecutedBy") == connection.settings["user"]:
            continue
        if not (told.get("PreviousVersion") and told.get("CurrentVersion")):
            continue
        versions = {"source": told["PreviousVersion"], "target": told["CurrentVersion"]}
        said = _ask(connection, f"{root}/revisions/difference?{urlencode(versions)}")
        for operation in listed(said.get("operations")):
            if operation.get("op") in {"add", "replace"} and (one := _changed(operation)):
                kind, letter, value = one
                key = f"r{told['CurrentVersion']}{letter}"
                yield News(key=key, remote_id=errand, kind=kind, at=at, value=value)


def _changed(operation: Mapping[str, Any]) -> tuple[ChangeKind, str, str] | None:
    """What one difference between two revisions means to us. For a new date "": which, is read from the errand."""
    value = str(operation.get("value"))
    match str(operation.get("path")).split("/")[1:]:
        case ["status"]:
            return ChangeKind.STATE, "s", value
        case ["assignedUserId"]:
            return ChangeKind.OWNER, "o", value
        case ["suspension"] | ["suspension", "suspendedTo"]:
            return ChangeKind.STATE, "u", ""
    return None


def _told(connection: Connection, errand: Mapping[str, Any], since: datetime) -> Iterator[News]:
    """Notes of others, and what they said in our conversation. Other conversations are not meant for the resident."""
    remote, us = str(errand["id"]), connection.settings["user"]
    for note in _notes(connection, remote):
        if note.get("createdBy") != us and _read(note["created"]) >= since:
            text = "\n\n".join(filter(None, (note.get("subject"), note.get("body"))))
            at = _read(note["created"])
            yield News(key=f"n{note['id']}", remote_id=remote, kind=ChangeKind.INTERNAL, at=at, text=text)
    ours = next((str(tag.get("value")) for tag in _tags(errand) if tag.get("key") == TAG), "")
    conversation = _conversation(connection, remote, ours)
    for one in _messages(connection, remote, conversation) if conversation else ():
        at = _read(one["created"])
        if at < since or one.get("type") == "SYSTEM_CREATED" or (one.get("createdBy") or {}).get("value") == us:
            continue
        files = [(held["id"], held.get("fileName"), held.get("mimeType")) for held in listed(one.get("attachments"))]
        yield News(
            key=f"m{one['id']}", remote_id=remote, kind=ChangeKind.PUBLIC, at=at, text=str(one.get("content") or ""),
            value=json.dumps([conversation, *files]) if files else "",
        )  # fmt: skip


def _say(connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
    """A message that ends with our name for it: by that it is found again."""
    key = change.key.rpartition("/")[0]
    conversation, mark = _conversation(connection, remote_id, key), f"[{change.key}]"
    if not conversation:
        body = {"topic": _topic(key), "type": "EXTERNAL"}
        conversation = _rest(connection).made(_talk(remote_id), body) or _conversation(connection, remote_id, key)
    if again and any(str(one.get("content")).endswith(mark) for one in _messages(connection, remote_id, conversation)):
        return
    text = _("Invånaren skriver:") + "\n" + change.text if change.kind is ChangeKind.RESIDENT else change.text
    message = json.dumps({"content": f"{text}\n\n{mark}"}).encode()
    parts: list[tuple[str, tuple[str | None, bytes, str]]] = [("message", (None, message, "application/json"))]
    parts += [("attachments", (file.name, file.data, file.content_type)) for file in change.files]
    _rest(connection).parts(f"{_talk(remote_id)}/{quote(conversation)}/messages", parts)


def _note(connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
    """A note, in as many parts as it takes; its files lie on the errand."""
    _keep_files(connection, remote_id, change.files)
    there = {note.get("subject") for note in _notes(connection, remote_id)} if again else set()
    parts = [change.text[start : start + NOTE] for start in range(0, len(change.text), NOTE)] or ["-"]
    for number, part in enumerate(parts, start=1):
        subject = f"{change.key} ({number}/{len(parts)})" if len(parts) > 1 else change.key
        if subject not in there:
            us = connection.settings["user"]
            body = {"context": "LYHORD", "role": "LYHORD", "createdBy": us, "subject": subject, "body": part}
            _rest(connection).made(f"/errands/{quote(remote_id)}/notes", body)


def _keep_files(connection: Connection, remote_id: str, files: tuple[Attachment, ...]) -> None:
    """Those that do not lie there. Until the sum of a file's bytes is told, some time after it has come, it is read."""
    root, rest = f"/errands/{quote(remote_id)}/attachments", _rest(connection)
    there = listed(_ask(connection, root)) if files else []
    for file in files:
        sums = {one.get("hash") or _sum(rest.file(f"{root}/{one['id']}")) for one in there if _named(one, file)}
        if _sum(file.data) not in sums:
            rest.parts(root, [("errandAttachment", (file.name, file.data, file.content_type))])


def _named(held: Mapping[str, Any], file: Attachment) -> bool:
    return bool(held.get("fileName") == file.name)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _notes(connection: Connection, remote_id: str) -> list[dict[str, Any]]:
    query = urlencode({"page": 1, "limit": 1000})
    return listed(_ask(connection, f"/errands/{quote(remote_id)}/notes?{query}").get("notes"))


def _talk(remote_id: str) -> str:
    return f"/errands/{quote(remote_id)}/communication/conversations"


def _topic(key: str) -> str:
    return f"Lyhörd {key}"


def _conversation(connection: Connection, remote_id: str, key: str) -> str:
    held = listed(_ask(connection, _talk(remote_id)))
    return next((str(one["id"]) for one in held if one.get("topic") == _topic(key)), "")


def _messages(connection: Connection, remote_id: str, conversation: str) -> Iterator[dict[str, Any]]:
    for number in range(MOST_PAGES):
        query = urlencode({"page": number, "size": PAGE, "sort": "created,asc"})
        page = _ask(connection, f"{_talk(remote_id)}/{quote(conversation)}/messages?{query}")
        yield from listed(page.get("content"))
        if page.get("last", True):
            return


def _ask(connection: Connection, path: str, *, method: str = "GET", body: object = None) -> Any:
    return _rest(connection).ask(path, method=method, body=body)


def _rest(connection: Connection) -> Rest:
    said = connection.settings
    root = f"{said['url'].rstrip('/')}/{quote(said['municipality'])}/{quote(said['namespace'])}"
    sent_by = f"{said['user']}; type=adAccount"
    return Rest(root, connection.secret, said.get("token_url", ""), {"X-Sent-By": sent_by}, connection.system)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _read(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
