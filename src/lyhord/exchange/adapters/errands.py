"""Errands as Swedish municipalities have them in support-management (github.com/Sundsvallskommun, API 15).

What is said to the resident goes into a conversation of our own on the errand, notes are notes, and our id is an
external tag. An errand tells when it was last touched, but not of notes and messages: so those that were not touched
are looked at in turn, some in each round. Nothing about the person who reported leaves.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

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
from lyhord.exchange.errand_talk import (
    MOST_PAGES,
    PAGE,
    ask,
    conversation_of,
    keep_files,
    messages_of,
    moment,
    notes_of,
    read_moment,
    rest_of,
    say,
    talk_path,
    write_note,
)
from lyhord.exchange.models import ChangeKind
from lyhord.exchange.rest import listed

TAG = "LyhordId"
OVERLAP = timedelta(minutes=5)  # clocks differ, and what is written is not always shown at once
IN_TURN = 25  # errands that are looked at for notes and messages, each time
AWAKE = timedelta(days=180)  # those that nobody has touched since are left alone


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
        for category in ask(connection, "/metadata/categories"):
            known |= {f"{category.get('name')}/{one.get('name')}" for one in listed(category.get("types"))}
        for queue in queues:
            if queue not in known:
                raise AdapterError("queue", queue, permanent=True)
        ask(connection, f"/errands?{urlencode({'filter': _tagged('-'), 'size': 1})}")

    def create(self, connection: Connection, change: Change) -> str:
        """An errand, unless there is one with our id; and the pictures that it does not have."""
        errand = _find(connection, change.key) or rest_of(connection).made("/errands", _new(connection, change))
        errand = errand or _find(connection, change.key)
        if not errand:
            raise AdapterError("answer", "Location")
        keep_files(connection, errand, change.files)
        return errand

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """What we say to the resident, a note, or other values."""
        if change.kind in {ChangeKind.STATE, ChangeKind.OWNER}:
            name = "status" if change.kind is ChangeKind.STATE else "assignedUserId"
            body = {name: change.value, **_suspension(connection, change)}
            said = ask(connection, f"/errands/{quote(remote_id)}", method="PATCH", body=body)
            if said.get(name) != change.value:
                raise AdapterError("refused", change.value, permanent=True)
        elif change.kind is ChangeKind.INTERNAL:
            write_note(connection, remote_id, change, again=again)
        else:
            say(connection, remote_id, change, again=again)

    def start(self, connection: Connection) -> str:
        """This very moment, when we may log in."""
        ask(connection, f"/errands?{urlencode({'filter': _tagged('-'), 'size': 1})}")
        return str(_Place(now(), 0, (now(), now(), now())))

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """All that others did to errands touched since, and what they said in the next ones in turn."""
        place, found = _Place.read(cursor), dict[str, News]()
        since, newest, rounds = place.touched - OVERLAP, place.touched, place.rounds
        for errand in _errands(connection, since):
            newest = max(newest, read_moment(errand["touched"]))
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
            errand = ask(connection, f"/errands/{quote(news.remote_id)}")
            until = (errand.get("suspension") or {}).get("suspendedTo")
            day = connection.day(read_moment(until)) if until else None
            return replace(news, value=str(errand.get("status")), until=day)
        if news.kind is not ChangeKind.PUBLIC or not news.value:
            return news
        conversation, *held = json.loads(news.value)
        root = f"{talk_path(news.remote_id)}/{quote(conversation)}/messages/{quote(news.key[1:])}/attachments"
        files = tuple(
            Attachment(name, kind, rest_of(connection).file(f"{root}/{quote(one)}")) for one, name, kind in held
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
        return " ".join((moment(self.touched), str(self.page), *map(moment, self.rounds)))

    @staticmethod
    def read(cursor: str) -> "_Place":
        """As it was kept."""
        touched, page, before, last, this = cursor.split()
        return _Place(read_moment(touched), int(page), (read_moment(before), read_moment(last), read_moment(this)))


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
    return {"suspension": {"suspendedFrom": moment(now()), "suspendedTo": moment(noon)}}


def _find(connection: Connection, key: str) -> str:
    """The errand with our id: looked at, since a filter that a system does not heed gives any errand."""
    query = urlencode({"filter": _tagged(key), "size": 5, "sort": "created,asc"})
    for errand in listed(ask(connection, f"/errands?{query}").get("content")):
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
    asked = f"exists(externalTags.key:'{TAG}') and touched>'{moment(since)}'"
    query = urlencode({"filter": asked, "page": number, "size": size, "sort": sort})
    page = ask(connection, f"/errands?{query}")
    ours = [one for one in listed(page.get("content")) if any(tag.get("key") == TAG for tag in _tags(one))]
    return {**page, "content": ours}


def _tags(errand: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed(errand.get("externalTags"))


def _done(connection: Connection, errand: str, since: datetime) -> Iterator[News]:
    """New states and owners: who did what the event says, and what it was the difference between two revisions."""
    root = f"/errands/{quote(errand)}"
    events = ask(connection, f"{root}/events?{urlencode({'size': PAGE, 'sort': 'created,desc'})}")
    for event in listed(events.get("content")):
        at = read_moment(event["created"])
        told = {one.get("key"): one.get("value") for one in listed(event.get("metadata"))}
        about_errand = str(event.get("sourceType")).casefold() == "errand" and event.get("type") == "UPDATE"
        if at < since or not about_errand or told.get("ExecutedBy") == connection.settings["user"]:
            continue
        if not (told.get("PreviousVersion") and told.get("CurrentVersion")):
            continue
        versions = {"source": told["PreviousVersion"], "target": told["CurrentVersion"]}
        said = ask(connection, f"{root}/revisions/difference?{urlencode(versions)}")
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
    for note in notes_of(connection, remote):
        if note.get("createdBy") != us and read_moment(note["created"]) >= since:
            text = "\n\n".join(filter(None, (note.get("subject"), note.get("body"))))
            at = read_moment(note["created"])
            yield News(key=f"n{note['id']}", remote_id=remote, kind=ChangeKind.INTERNAL, at=at, text=text)
    ours = next((str(tag.get("value")) for tag in _tags(errand) if tag.get("key") == TAG), "")
    conversation = conversation_of(connection, remote, ours)
    for one in messages_of(connection, remote, conversation) if conversation else ():
        at = read_moment(one["created"])
        if at < since or one.get("type") == "SYSTEM_CREATED" or (one.get("createdBy") or {}).get("value") == us:
            continue
        files = [(held["id"], held.get("fileName"), held.get("mimeType")) for held in listed(one.get("attachments"))]
        yield News(
            key=f"m{one['id']}", remote_id=remote, kind=ChangeKind.PUBLIC, at=at, text=str(one.get("content") or ""),
            value=json.dumps([conversation, *files]) if files else "",
        )  # fmt: skip
