"""A small support-management that answers over HTTP, each question and answer checked against its description.

What is described in support-management.json (MIT, Sundsvalls kommun) is what Lyhörd uses of the interface. As the real
one does: notes and messages do not touch an errand, the sum of a file's bytes is told later, a no is a problem in JSON.
"""

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from jsonschema import Draft202012Validator

SPEC: dict[str, Any] = json.loads((Path(__file__).parent / "support-management.json").read_text(encoding="utf-8"))
ROOT = "/0580/KONTAKTCENTER"
STATUSES = {"NEW", "ASSIGNED", "ONGOING", "PENDING", "SOLVED", "REOPENED", "SUSPENDED"}
CATEGORIES: list[dict[str, Any]] = [{"name": "GATA", "types": [{"name": "BELYSNING"}, {"name": "HÅL"}]}]
WITH_TAG = re.compile(r"exists\(externalTags\.key:'(?P<key>[^']+)'( and externalTags\.value:'(?P<value>[^']+)')?\)")
TOUCHED = re.compile(r"touched>'(?P<after>[^']+)'")


class Refused(Exception):
    """A no, with its status."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass
class Asked:
    """One question."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    content_type: str
    by: str

    @property
    def json(self) -> Any:
        """Its body, read."""
        return json.loads(self.body)

    def parts(self) -> tuple[Any, Any]:
        """The fields and files of a form in parts."""
        meta = {"CONTENT_TYPE": self.content_type, "CONTENT_LENGTH": len(self.body)}
        parser = MultiPartParser(meta, BytesIO(self.body), [MemoryFileUploadHandler()])
        return parser.parse()


@dataclass
class Kept:
    """An errand with all that belongs to it."""

    errand: dict[str, Any]
    notes: list[dict[str, Any]] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    on_errand: list[str] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


class ErrandServer:
    """All that there is, and how it answers. `faults` holds one for each coming question: "" is none."""

    def __init__(self) -> None:
        self.errands: dict[str, Kept] = {}
        self.asked: list[Asked] = []
        self.wrong: list[str] = []
        self.faults: list[str] = []
        self.heeds_filters = self.tells_where = True
        self.tells_sums = False
        self.tokens: set[str] = set()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._lock = threading.Lock()
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"there": self}))
        server.daemon_threads = True
        self._server, self.port = server, server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/support-management/15.0"

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def by_key(self, key: str) -> list[Kept]:
        """The errands with such an id of ours."""
        tag = {"key": "LyhordId", "value": key}
        return [one for one in self.errands.values() if tag in one.errand["externalTags"]]

    # What somebody who works there does.

    def change(self, errand: str, by: str = "anna", **values: Any) -> None:
        """Other values: a revision, and an event that says who."""
        kept = self.errands[errand]
        kept.errand |= {**values, "modified": self._now(), "touched": self._now()}
        self._revise(kept, by, "UPDATE")

    def note(self, errand: str, body: str, *, subject: str = "Anteckning", by: str = "anna") -> None:
        """A note, which touches nothing."""
        note = {"id": str(uuid4()), "subject": subject, "body": body, "createdBy": by, "created": self._now()}
        self.errands[errand].notes.append({"context": "SUPPORT", "role": "HANDLÄGGARE", **note})

    def say(self, errand: str, text: str, *files: tuple[str, str, bytes], by: str = "anna", topic: str = "") -> None:
        """A message in the conversation with that topic, else the first."""
        kept = self.errands[errand]
        if topic:
            made = {"id": str(uuid4()), "topic": topic, "type": "EXTERNAL"}
            kept.conversations.append(made)
        held = kept.conversations[-1 if topic else 0]["id"]
        self._message(kept, held, text, list(files), by)

    def spoken(self, errand: str) -> list[str]:
        """What has been said in the conversations."""
        return [one["content"] for held in self.errands[errand].messages.values() for one in held]

    def _now(self) -> str:
        return self.clock().isoformat(timespec="milliseconds")

    def _message(self, kept: Kept, held: str, text: str, files: list[tuple[str, str, bytes]], by: str) -> None:
        listed = []
        for name, sort, data in files:
            key = str(uuid4())
            kept.files[key] = (name, sort, data)
            listed.append({"id": key, "fileName": name, "mimeType": sort, "fileSize": len(data)})
        said: dict[str, Any] = {"id": str(uuid4()), "content": text, "created": self._now(), "attachments": listed}
        said |= {"createdBy": {"type": "adAccount", "value": by}, "type": "USER_CREATED"}
        kept.messages.setdefault(held, []).append(said)

    def _revise(self, kept: Kept, by: str, sort: str) -> None:
        kept.revisions.append(dict(kept.errand))
        version = len(kept.revisions) - 1
        told = {"ExecutedBy": by, "CurrentVersion": str(version)}
        told |= {"PreviousVersion": str(version - 1)} if version else {}
        metadata = [{"key": key, "value": value} for key, value in told.items()]
        kept.events.append({"type": sort, "sourceType": "Errand", "created": self._now(), "metadata": metadata})

    # How it answers.

    def answer(self, asked: Asked) -> tuple[int, Any, str]:
        """Status, body and where what was made is. Schemas are checked on the way in and out."""
        with self._lock:
            self.asked.append(asked)
            for template, operations in SPEC["paths"].items():
                pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
                found = re.fullmatch(f".*{re.escape(ROOT)}{pattern}", asked.path)
                if found and asked.method.lower() in operations:
                    return self._do(operations[asked.method.lower()], asked, found.groupdict())
            raise Refused(404, asked.path)

    def _do(self, operation: dict[str, Any], asked: Asked, names: dict[str, str]) -> tuple[int, Any, str]:
        self._check_question(operation, asked)
        if names.get("errandId") and names["errandId"] not in self.errands:
            raise Refused(404, "errand")
        status, body, where = getattr(self, f"do_{operation['operationId']}")(asked, **names)
        schema = operation["responses"][str(status)]["content"].get("application/json", {}).get("schema")
        if schema:
            self._check(schema, body, f"answer of {operation['operationId']}")
        return status, body, where

    def _check_question(self, operation: dict[str, Any], asked: Asked) -> None:
        known = {one["name"] for one in operation["parameters"]} | {"page", "limit"}
        if set(asked.query) - known:
            self.wrong.append(f"{operation['operationId']}: {set(asked.query) - known}")
        content = operation.get("requestBody", {}).get("content", {})
        if schema := content.get("application/json", {}).get("schema"):
            if errors := _errors(schema, asked.json):
                raise Refused(400, errors[0])
        elif content and not asked.content_type.startswith("multipart/form-data"):
            self.wrong.append(f"{operation['operationId']}: {asked.content_type}")

    def _check(self, schema: dict[str, Any], body: Any, what: str) -> None:
        self.wrong += [f"{what}: {one}" for one in _errors(schema, body)]

    def do_getCategories(self, _asked: Asked) -> tuple[int, Any, str]:  # the interface calls it so
        return 200, CATEGORIES, ""

    def do_findErrands(self, asked: Asked) -> tuple[int, Any, str]:
        said, found = asked.query.get("filter", ""), [one.errand for one in self.errands.values()]
        if self.heeds_filters and said:
            rest = TOUCHED.sub("", WITH_TAG.sub("", said)).replace(" and ", "").strip()
            if rest:
                raise Refused(400, f"filter: {rest}")
            if tag := WITH_TAG.search(said):
                found = [one for one in found if _tagged(one, tag["key"], tag["value"])]
            if after := TOUCHED.search(said):
                since = datetime.fromisoformat(after["after"])
                found = [one for one in found if datetime.fromisoformat(one["touched"]) > since]
        name, _comma, way = asked.query.get("sort", "created,asc").partition(",")
        return 200, _paged(sorted(found, key=lambda one: one[name], reverse=way == "desc"), asked), ""

    def do_createErrand(self, asked: Asked) -> tuple[int, Any, str]:
        self._status(asked.json)
        key, moment = str(uuid4()), self._now()
        number = f"KC-26{len(self.errands) + 1:06}"
        errand = {**asked.json, "id": key, "errandNumber": number, "created": moment, "touched": moment, "version": 0}
        self.errands[key] = Kept(errand)
        self._revise(self.errands[key], asked.by, "CREATE")
        return 201, None, f"{ROOT}/errands/{key}"

    def do_readErrand(self, _asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, self.errands[errandId].errand, ""

    def do_updateErrand(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        self._status(asked.json)
        self.change(errandId, asked.by, **asked.json)
        return 200, self.errands[errandId].errand, ""

    def _status(self, given: dict[str, Any]) -> None:
        if given.get("status", "NEW") not in STATUSES:
            raise Refused(400, f"status {given['status']}")

    def do_findErrandNotes(self, _asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, {"notes": self.errands[errandId].notes, "_meta": {"page": 1}}, ""

    def do_createErrandNote(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        given = asked.json
        self.note(errandId, given["body"], subject=given["subject"], by=given["createdBy"])
        return 201, None, f"{ROOT}/errands/{errandId}/notes/{self.errands[errandId].notes[-1]['id']}"

    def do_readErrandAttachments(self, _asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        kept = self.errands[errandId]
        rows = [{"id": key, "fileName": kept.files[key][0], "mimeType": kept.files[key][1]} for key in kept.on_errand]
        if self.tells_sums:
            rows = [{**row, "hash": sha256(kept.files[row["id"]][2]).hexdigest()} for row in rows]
        return 200, rows, ""

    def do_createErrandAttachment(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        file, kept, key = asked.parts()[1]["errandAttachment"], self.errands[errandId], str(uuid4())
        kept.files[key] = (file.name, file.content_type, file.read())
        kept.on_errand.append(key)
        return 201, None, f"{ROOT}/errands/{errandId}/attachments/{key}"

    def do_readErrandAttachment(self, _asked: Asked, errandId: str, attachmentId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, self.errands[errandId].files[attachmentId][2], ""

    def do_getConversations(self, _asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, self.errands[errandId].conversations, ""

    def do_createConversation(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        made = {"id": str(uuid4()), **asked.json}
        self.errands[errandId].conversations.append(made)
        return 201, None, f"{ROOT}/errands/{errandId}/communication/conversations/{made['id']}"

    def do_getConversationMessages(self, asked: Asked, errandId: str, conversationId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, _paged(self.errands[errandId].messages.get(conversationId, []), asked), ""

    def do_createConversationMessage(self, asked: Asked, errandId: str, conversationId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        fields, files = asked.parts()
        message = json.loads(fields["message"])
        self._check({"$ref": "#/components/schemas/MessageRequest"}, message, "message")
        sent = [(one.name, one.content_type, one.read()) for one in files.getlist("attachments")]
        self._message(self.errands[errandId], conversationId, message["content"], sent, asked.by)
        return 204, None, ""

    def do_getConversationMessageAttachment(self, _asked: Asked, errandId: str, **names: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, self.errands[errandId].files[names["attachmentId"]][2], ""

    def do_getErrandEvents(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        return 200, _paged(self.errands[errandId].events[::-1], asked), ""

    def do_getErrandDiffByVersions(self, asked: Asked, errandId: str) -> tuple[int, Any, str]:  # noqa: N803  # as the description names it
        before, after = (self.errands[errandId].revisions[int(asked.query[one])] for one in ("source", "target"))
        changed = [name for name in after if before.get(name) != after[name] and name not in {"modified", "touched"}]
        operations = [{"op": "replace", "path": f"/{name}", "value": str(after[name])} for name in changed]
        return 200, {"operations": operations}, ""


def _tagged(errand: dict[str, Any], key: str, value: str | None) -> bool:
    return any(tag["key"] == key and value in {None, tag["value"]} for tag in errand.get("externalTags", []))


def _paged(rows: list[Any], asked: Asked) -> dict[str, Any]:
    number, size = int(asked.query.get("page", "0")), int(asked.query.get("size", "20"))
    shown = rows[number * size : (number + 1) * size]
    return {"content": shown, "number": number, "size": size, "last": (number + 1) * size >= len(rows)}


def _errors(schema: dict[str, Any], body: Any) -> list[str]:
    checker = Draft202012Validator({**schema, "components": SPEC["components"]})
    return [f"{'/'.join(map(str, one.path))} {one.message}"[:200] for one in checker.iter_errors(body)]


class _Handler(BaseHTTPRequestHandler):
    there: ErrandServer

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever asked was killed
        fault = self.there.faults.pop(0) if self.there.faults else ""
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.path.startswith("/token"):
            self.there.tokens.add(token := str(uuid4()))
            self._say(200, {"access_token": token, "expires_in": 3600})
        elif fault == "before":
            self._say(503, {"title": "Service Unavailable", "status": 503})
        elif fault == "key has ended" or (self.there.tokens and key not in self.there.tokens):
            self.there.tokens.discard(key)
            self._say(401, {"title": "Unauthorized", "status": 401})
        else:
            self._done(fault, *self._answer(body))

    def _done(self, fault: str, status: int, said: Any, where: str) -> None:
        if fault == "after":
            self.connection.close()
        elif fault == "error in a yes":
            self._say(200, {"title": "Internal Server Error", "status": 500})
        else:
            self._say(status, said, where)

    do_POST = do_PATCH = do_GET  # noqa: N815  # the base class calls them so

    def _answer(self, body: bytes) -> tuple[int, Any, str]:
        read, by = urlsplit(self.path), self.headers.get("X-Sent-By", "").partition(";")[0]
        query = {name: values[0] for name, values in parse_qs(read.query).items()}
        asked = Asked(self.command, unquote(read.path), query, body, self.headers.get("Content-Type", ""), by)
        try:
            return self.there.answer(asked)
        except Refused as no:
            return no.status, {"title": "No", "status": no.status, "detail": no.detail}, ""
        except Exception as error:
            self.there.wrong.append(f"{asked.method} {asked.path}: {error!r}")
            return 500, {"title": "Internal Server Error", "status": 500}, ""

    def _say(self, status: int, said: Any, where: str = "") -> None:
        data = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if where and self.there.tells_where:
            self.send_header("Location", where)
        with contextlib.suppress(OSError):  # whoever asked was killed
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def answering(settings: Any) -> Iterator[ErrandServer]:
    """One that the settings allow us to call; nothing that was asked or answered may be against its description."""
    there = ErrandServer()
    settings.OUTWARD_PORTS, settings.OUTWARD_ALLOW = [there.port], ["127.0.0.0/8"]
    try:
        yield there
        assert there.wrong == []
    finally:
        there.close()
