"""How answers are written: JSON with an ETag, 304 when nothing is new, lists that go on from where they ended."""

import base64
import binascii
import hashlib
import re
from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from ninja import Query
from pydantic import BaseModel
from pydantic_core import to_json

from lyhord.core.text import clean_text

CONTENT_TYPE = "application/json; charset=utf-8"
PRIVATE = "private, no-cache"
SECRET = "private, no-store"  # noqa: S105  # no password
OPEN = "public, max-age=0, must-revalidate"
MOST = 50
MATCHING = "x-if-match"
MEDIA = "x-media"
ANY_FILE = {MEDIA: "application/octet-stream"}
"""For `openapi_extra`: what comes is a file, and no picture."""
IF_MATCH = {MATCHING: True}
"""For `openapi_extra`: the operation heeds If-Match (`revision_of`)."""
_REVISION = re.compile(r'(?:W/)?"(\d{1,9})(?:-[^"]*)?"')
_NONE = -1

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Day = Annotated[
    date | None,
    Query(ge=date(2000, 1, 1), le=date(2100, 1, 1), description="By Swedish clocks; the day itself is included."),
]
After = Annotated[str, Query(max_length=200, description="What `next` said on the page before.")]


def answer(
    request: HttpRequest,
    body: BaseModel,
    *,
    status: int = 200,
    revision: int | None = None,
    cache: str = PRIVATE,
    following: str = "",
    location: str = "",
) -> HttpResponse:
    """The body as JSON. A GET gets an ETag, which begins with the revision where there is one to send back."""
    content = to_json(body)
    if request.method != "GET":
        made = HttpResponse(content, status=status, content_type=CONTENT_TYPE)
    else:
        digest = hashlib.blake2b(content, digest_size=9).digest()
        tag = base64.urlsafe_b64encode(digest).decode()
        tag = f'"{tag}"' if revision is None else f'"{revision}-{tag}"'
        known = _is_known(request, tag)
        made = HttpResponse(b"" if known else content, status=304 if known else status, content_type=CONTENT_TYPE)
        made["ETag"] = tag
    headers = made.headers
    headers["Cache-Control"] = cache
    headers["Vary"] = "Accept-Language, Authorization, X-API-Key, X-Follow-Code"
    headers["X-Content-Type-Options"] = "nosniff"
    if cache == OPEN:
        headers["Access-Control-Allow-Origin"] = "*"
    if cache == SECRET:
        headers["Referrer-Policy"] = "no-referrer"
    if location:
        headers["Location"] = location
    if following:
        query = {**{name: request.GET[name] for name in request.GET}, "after": following}
        headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{urlencode(query)}>; rel="next"'
    return made


def nothing() -> HttpResponse:
    """204: it is done, and there is nothing to say."""
    made = HttpResponse(status=204)
    del made["Content-Type"]
    made["Cache-Control"] = SECRET
    return made


def _is_known(request: HttpRequest, tag: str) -> bool:
    given = request.headers.get("If-None-Match", "")
    return bool(given) and (given.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in given.split(",")])


def revision_of(request: HttpRequest) -> int | None:
    """The revision that the caller has read, from If-Match; None when it says nothing. What is no ETag matches none."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    found = _REVISION.fullmatch(given)
    return int(found[1]) if found else _NONE


def message_id(request: HttpRequest) -> str:
    """The caller's own name for what it sends, so that the same sent twice is one: the header Idempotency-Key."""
    own = clean_text(request.headers.get("Idempotency-Key", ""), one_line=True)[:100]
    return f"api-{own}" if own else ""


def to_cursor(place: str) -> str:
    """Where a list goes on, as callers see it: nothing to read anything out of."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=") if place else ""


def from_cursor(after: str) -> str:
    """What `to_cursor` was given; "" for nonsense, which is the first page."""
    try:
        return base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def number_from(after: str) -> int | None:
    """A cursor that is an id."""
    text = from_cursor(after)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
