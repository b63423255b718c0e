"""GeoReport v2 as we speak it to others: form-encoded out, JSON in, whatever shape the rows come in."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from lyhord.core.http import Answer, Limits, fetch, in_parts
from lyhord.exchange.adapter import AdapterError, Change, Connection
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of

LIMITS = Limits(most_bytes=20_000_000, seconds=30)
LATER = {401, 403, 408, 425, 429}
MOST_PHOTOS = 3
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def requested(connection: Connection, change: Change) -> str:
    """The id of a new request there. `Idempotency-Key` makes one of two where the other side heeds it."""
    fields = {
        "service_code": change.queue,
        "description": f"{change.text}\n\n({change.key})",
        **({"lat": f"{change.lat:.6f}", "long": f"{change.lon:.6f}"} if change.lat is not None else {}),
        **({"address_string": _("Se texten.")} if change.lat is None else {}),
    }
    row = first_of(post(connection, "requests.json", fields, change, key=change.key))
    if row.get("service_request_id"):
        return str(row["service_request_id"])
    if row.get("token"):
        polled = first_of(get(connection, f"tokens/{quote(str(row['token']))}.json", {}))
        if polled.get("service_request_id"):
            return str(polled["service_request_id"])
        raise AdapterError("busy", "token")
    raise AdapterError("answer", json.dumps(row, ensure_ascii=False)[:200])


def moment(at: datetime) -> str:
    """A moment as the standard writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_moment(row: Mapping[str, Any], name: str = "updated_datetime") -> datetime | None:
    """A moment of a row; None when it has none that can be read."""
    try:
        at = datetime.fromisoformat(str(row.get(name)))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def get(connection: Connection, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows that a GET is answered with."""
    asked = {**query, **_jurisdiction(connection)}
    asked = {name: value for name, value in asked.items() if value}
    url = _url(connection, path)
    return _rows(fetch(f"{url}?{urlencode(asked)}" if asked else url, limits=LIMITS))


def post(
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


def first_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The first row; AdapterError when there is none."""
    if not rows:
        raise AdapterError("answer")
    return rows[0]
