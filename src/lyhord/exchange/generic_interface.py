"""Asking Znuny's Generic Interface, and what is put into it so that it knocks.

It says yes to everything, and what went wrong in the body. It hangs up between questions: each has a connection of its
own, and what may have been done is looked for before it is done again (adapters/znuny.py).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from lyhord.core.http import Answer, Limits, fetch
from lyhord.exchange.adapter import AdapterError, Connection
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of

LIMITS = Limits(most_bytes=60_000_000, seconds=30)
EVENTS = (*("ArticleCreate", "TicketStateUpdate", "TicketPendingTimeUpdate", "TicketOwnerUpdate"),)
_REQUESTER = """Requester:
  Transport:
    Type: HTTP::REST
    Config:
      Host: %(root)s
      DefaultCommand: POST
      Timeout: '10'
      Authentication: {AuthType: BasicAuth, BasicAuthUser: lyhord, BasicAuthPassword: %(secret)s}
      InvokerControllerMapping:
        knock: {Command: POST, Controller: %(path)s}
  Invoker:
    knock:
      Type: Ticket::Generic
      Description: Lyhörd
      Events:
%(events)s\
      MappingOutbound:
        Type: XSLT
        Config:
          Template: |
            <xsl:transform version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:template match="/"><RootElement><New>1</New></RootElement></xsl:template>
            </xsl:transform>
"""

_sessions: dict[tuple[int, str], str] = {}
"""By system and user: a password for each question would be checked each time."""


def requester(address: str, secret: str) -> str:
    """The part of a web service by which it knocks at the address."""
    read = urlsplit(address)
    root = f"{read.scheme}://{read.netloc}"
    events = "".join(f"        - {{Event: {one}, Asynchronous: '1'}}\n" for one in EVENTS)
    return _REQUESTER % {"root": _yaml(root), "path": _yaml(read.path), "secret": _yaml(secret), "events": events}


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def listed(held: Any) -> list[Any]:
    """Znuny writes a list of one as the one itself."""
    return [] if held is None else held if isinstance(held, list) else [held]


def ask(connection: Connection, method: str, path: str, body: Mapping[str, Any], code: str = "") -> dict[str, Any]:
    """One question with the session that we have; when it has ended, once more with a new one.

    Znuny says 200 to everything, and what went wrong in the body.
    """
    said = _asked(connection, method, path, body)
    if "AuthFail" in _error(said):
        _sessions.pop(_who(connection), None)
        said = _asked(connection, method, path, body)
    wrong = _error(said)
    if "AuthFail" in wrong:
        raise AdapterError("login", wrong)
    if "AccessDenied" in wrong:
        raise AdapterError("denied", wrong)
    if wrong:
        raise AdapterError(code or "refused", wrong, permanent=True)
    return said


def _error(said: Mapping[str, Any]) -> str:
    error = said.get("Error")
    return f"{error.get('ErrorCode')} {error.get('ErrorMessage')}"[:300] if isinstance(error, dict) else ""


def _asked(connection: Connection, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    who = _who(connection)
    if who not in _sessions:
        user = {"UserLogin": connection.settings["user"], "Password": connection.secret}
        answer = _read_answer(_fetch(connection, "POST", "/Session", user))
        if not answer.get("SessionID"):
            raise AdapterError("login", _error(answer))
        _sessions[who] = str(answer["SessionID"])
    return _read_answer(_fetch(connection, method, path, {"SessionID": _sessions[who], **body}))


def _fetch(connection: Connection, method: str, path: str, body: Mapping[str, Any]) -> Answer:
    url = f"{connection.settings['url'].rstrip('/')}{path}"
    if method == "GET":
        return fetch(f"{url}?{urlencode(body)}", limits=LIMITS)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return fetch(url, limits=LIMITS, method=method, headers=headers, content=json.dumps(body).encode())


def _read_answer(answer: Answer) -> dict[str, Any]:
    said = answer.body[:200].decode("utf-8", "replace")
    if not answer.fine:
        final = CLIENT_ERROR <= answer.status < SERVER_ERROR and answer.status not in {401, 403, 408, 429}
        raise AdapterError(code_of(answer.status), f"{answer.status} {said}", permanent=final)
    try:
        read = json.loads(answer.body or b"{}")
    except ValueError as error:
        raise AdapterError("answer", said) from error
    if not isinstance(read, dict):
        raise AdapterError("answer", said)
    return read


def _who(connection: Connection) -> tuple[int, str]:
    return connection.system, f"{connection.settings['url']} {connection.settings['user']}"


def moment(at: datetime) -> str:
    """As Znuny says it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def read_moment(text: str) -> datetime:
    """As Znuny has said it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
