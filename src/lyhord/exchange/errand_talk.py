"""What is said on an errand in support-management, and how it is asked: conversations, notes, files, keys."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from lyhord.exchange.adapter import Attachment, Change, Connection
from lyhord.exchange.models import ChangeKind
from lyhord.exchange.rest import Rest, listed

PAGE, MOST_PAGES = 100, 50
NOTE = 2000  # the API takes 2,048 signs in a note


def say(connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
    """A message that ends with our name for it: by that it is found again."""
    key = change.key.rpartition("/")[0]
    conversation, mark = conversation_of(connection, remote_id, key), f"[{change.key}]"
    if not conversation:
        body = {"topic": topic(key), "type": "EXTERNAL"}
        conversation = rest_of(connection).made(talk_path(remote_id), body) or conversation_of(
            connection, remote_id, key
        )
    if again and any(
        str(one.get("content")).endswith(mark) for one in messages_of(connection, remote_id, conversation)
    ):
        return
    text = _("Invånaren skriver:") + "\n" + change.text if change.kind is ChangeKind.RESIDENT else change.text
    message = json.dumps({"content": f"{text}\n\n{mark}"}).encode()
    parts: list[tuple[str, tuple[str | None, bytes, str]]] = [("message", (None, message, "application/json"))]
    parts += [("attachments", (file.name, file.data, file.content_type)) for file in change.files]
    rest_of(connection).parts(f"{talk_path(remote_id)}/{quote(conversation)}/messages", parts)


def write_note(connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
    """A note, in as many parts as it takes; its files lie on the errand."""
    keep_files(connection, remote_id, change.files)
    there = {note.get("subject") for note in notes_of(connection, remote_id)} if again else set()
    parts = [change.text[start : start + NOTE] for start in range(0, len(change.text), NOTE)] or ["-"]
    for number, part in enumerate(parts, start=1):
        subject = f"{change.key} ({number}/{len(parts)})" if len(parts) > 1 else change.key
        if subject not in there:
            us = connection.settings["user"]
            body = {"context": "LYHORD", "role": "LYHORD", "createdBy": us, "subject": subject, "body": part}
            rest_of(connection).made(f"/errands/{quote(remote_id)}/notes", body)


def keep_files(connection: Connection, remote_id: str, files: tuple[Attachment, ...]) -> None:
    """Those that do not lie there. Until the sum of a file's bytes is told, some time after it has come, it is read."""
    root, rest = f"/errands/{quote(remote_id)}/attachments", rest_of(connection)
    there = listed(ask(connection, root)) if files else []
    for file in files:
        sums = {one.get("hash") or _sum(rest.file(f"{root}/{one['id']}")) for one in there if _named(one, file)}
        if _sum(file.data) not in sums:
            rest.parts(root, [("errandAttachment", (file.name, file.data, file.content_type))])


def _named(held: Mapping[str, Any], file: Attachment) -> bool:
    return bool(held.get("fileName") == file.name)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def notes_of(connection: Connection, remote_id: str) -> list[dict[str, Any]]:
    query = urlencode({"page": 1, "limit": 1000})
    return listed(ask(connection, f"/errands/{quote(remote_id)}/notes?{query}").get("notes"))


def talk_path(remote_id: str) -> str:
    return f"/errands/{quote(remote_id)}/communication/conversations"


def topic(key: str) -> str:
    return f"Lyhörd {key}"


def conversation_of(connection: Connection, remote_id: str, key: str) -> str:
    held = listed(ask(connection, talk_path(remote_id)))
    return next((str(one["id"]) for one in held if one.get("topic") == topic(key)), "")


def messages_of(connection: Connection, remote_id: str, conversation: str) -> Iterator[dict[str, Any]]:
    for number in range(MOST_PAGES):
        query = urlencode({"page": number, "size": PAGE, "sort": "created,asc"})
        page = ask(connection, f"{talk_path(remote_id)}/{quote(conversation)}/messages?{query}")
        yield from listed(page.get("content"))
        if page.get("last", True):
            return


def ask(connection: Connection, path: str, *, method: str = "GET", body: object = None) -> Any:
    return rest_of(connection).ask(path, method=method, body=body)


def rest_of(connection: Connection) -> Rest:
    said = connection.settings
    root = f"{said['url'].rstrip('/')}/{quote(said['municipality'])}/{quote(said['namespace'])}"
    sent_by = f"{said['user']}; type=adAccount"
    return Rest(root, connection.secret, said.get("token_url", ""), {"X-Sent-By": sent_by}, connection.system)


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def read_moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
