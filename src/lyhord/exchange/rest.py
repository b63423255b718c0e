"""Asking a REST interface that speaks JSON. Keys that end are had anew, and a no in a yes is a no."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from lyhord.core.http import Answer, Limits, fetch, in_parts
from lyhord.exchange.adapter import AdapterError
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of

LIMITS = Limits(most_bytes=60_000_000, seconds=30)
LATER = {401, 403, 408, 409, 412, 425, 429}
"""Not done now, and perhaps later: who we are may be put right there, or somebody else was changing the same thing."""

_keys: dict[tuple[int, str, str], str] = {}
"""By system, where they come from and what they were had for."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where the interface is and who asks. With `token_url` the secret ("name:password") buys keys there (OAuth 2)."""

    root: str
    secret: str
    token_url: str
    headers: Mapping[str, str]
    system: int

    def ask(self, path: str, *, method: str = "GET", body: object = None) -> Any:
        """What it says, read."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._call(path, method, content, {"Content-Type": "application/json"} if content else {})
        try:
            return json.loads(answer.body or b"{}")
        except ValueError as error:
            raise AdapterError("answer", _said(answer)) from error

    def made(self, path: str, body: object) -> str:
        """The id of what is made, "" when it is not told."""
        content = json.dumps(body, ensure_ascii=False).encode()
        answer = self._call(path, "POST", content, {"Content-Type": "application/json"})
        return answer.location.rstrip("/").rpartition("/")[2].partition("?")[0]

    def parts(self, path: str, parts: list[tuple[str, tuple[str | None, bytes, str]]]) -> None:
        """Send a form in parts, files among them."""
        content, content_type = in_parts(parts)
        self._call(path, "POST", content, {"Content-Type": content_type})

    def file(self, path: str) -> bytes:
        """A file, byte for byte."""
        return self._answer(path, "GET", None, {}).body

    def _call(self, path: str, method: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        answer = self._answer(path, method, content, headers)
        if status := _error_in(answer):
            raise _refused(status, answer)
        return answer

    def _answer(self, path: str, method: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        for last in (False, True):
            sent = {"Accept": "*/*", **self._key(), **self.headers, **headers}
            answer = fetch(f"{self.root}{path}", limits=LIMITS, method=method, headers=sent, content=content)
            if answer.status != 401 or last or not self.token_url:  # HTTP's own number
                break
            _keys.pop(self._who, None)
        if not answer.fine:
            raise _refused(answer.status, answer)
        return answer

    def _key(self) -> dict[str, str]:
        if not self.token_url:
            return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        if self._who not in _keys:
            sent = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Authorization": "Basic " + base64.b64encode(self.secret.encode()).decode(),
            }
            asked = urlencode({"grant_type": "client_credentials"}).encode()
            answer = fetch(self.token_url, limits=LIMITS, method="POST", headers=sent, content=asked)
            try:
                _keys[self._who] = str(json.loads(answer.body)["access_token"])
            except (ValueError, KeyError, TypeError) as error:
                raise AdapterError("login", _said(answer)) from error
        return {"Authorization": f"Bearer {_keys[self._who]}"}

    @property
    def _who(self) -> tuple[int, str, str]:
        return self.system, self.token_url, self.secret


def listed(held: Any) -> list[Any]:
    """A list, where what is missing is an empty one."""
    return held if isinstance(held, list) else []


def _error_in(answer: Answer) -> int:
    """The status of a problem that came with a yes, 0 when there is none."""
    try:
        read = json.loads(answer.body or b"{}")
    except ValueError:
        return 0
    status = read.get("status") if isinstance(read, dict) else 0
    return status if isinstance(status, int) and status >= CLIENT_ERROR else 0


def _refused(status: int, answer: Answer) -> AdapterError:
    code = "login" if status == 401 else code_of(status)  # HTTP's own number
    final = CLIENT_ERROR <= status < SERVER_ERROR and status not in LATER
    return AdapterError(code if code != "refused" or final else "busy", _said(answer), permanent=final)


def _said(answer: Answer) -> str:
    """What went wrong, as the interface puts it (RFC 9457), or how its answer begins."""
    begins = answer.body[:200].decode("utf-8", "replace")
    try:
        read = json.loads(answer.body[:5000])
    except ValueError:
        return f"{answer.status} {begins}"
    if not isinstance(read, dict):
        return f"{answer.status} {begins}"
    wrong = [f"{one.get('field')} {one.get('message')}" for one in listed(read.get("violations"))]
    told = [str(read[name]) for name in ("title", "detail") if read.get(name)]
    return " ".join([str(answer.status), *told, *wrong])[:300] if told else f"{answer.status} {begins}"
