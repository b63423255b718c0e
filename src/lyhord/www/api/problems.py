"""Failures as problem details (RFC 9457): every answer under /api/ that is no success is one, whoever refuses it."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, Field

from lyhord.cases.description import sentence_of
from lyhord.core.errors import Conflict, Invalid, LyhordError, NotAllowed, NotFound
from lyhord.www.sizes import without_length

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
LARGEST_JSON = 1024 * 1024
UPLOADS = "/photos"
"""How addresses end that take files, as a form does; all others take JSON."""
_BODIES = ("POST", "PUT", "PATCH", "DELETE")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description='Always "about:blank": the status and the code say what it is.')
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="A sentence for people, in the language asked for.")
    code: str = Field(description="For programs; stays the same.")
    errors: dict[str, str] = Field(default={}, description="One sentence for each field that something is wrong with.")


class Refused(Exception):
    """The request is answered with a problem."""

    def __init__(
        self, status: int, detail: str = "", *, code: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.code = code
        self.headers = headers or {}


def hold_back(seconds: int) -> None:
    """Refuse with 429 when there are seconds to wait; 0 lets the request go on."""
    if seconds:
        raise Refused(429, headers={"Retry-After": str(seconds)})


class ProblemResponse(HttpResponse):
    """An answer that is a problem already; all other failures are made so by the middleware."""


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The problem as an answer."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or _said(status),
        "code": code or title.lower().replace(" ", "_"),
        "errors": dict(errors or {}),
    }
    made = ProblemResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    made["Cache-Control"] = "no-store"
    made["X-Content-Type-Options"] = "nosniff"
    if status == HTTPStatus.UNAUTHORIZED:
        made["WWW-Authenticate"] = "Bearer"
    for name, value in (headers or {}).items():
        made[name] = value
    return made


def of_lyhord(request: HttpRequest, error: LyhordError) -> ProblemResponse:
    """One of our own errors."""
    detail, code = str(error.message), error.code
    if isinstance(error, Invalid):
        fields = {name: str(sentence) for name, sentence in error.errors.items() if name}
        return problem(422, detail or _said(422), code=code, errors=fields)
    if isinstance(error, Conflict):
        return problem(412 if code == "revision" else 409, detail, code=code)
    status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 409
    return problem(status, detail, code=code)


def of_refusal(request: HttpRequest, error: Refused) -> ProblemResponse:
    """A refusal by a resource of ours."""
    return problem(error.status, error.detail, code=error.code, headers=error.headers)


def of_validation(request: HttpRequest, error: ValidationError) -> ProblemResponse:
    """What does not fit the description of the request: one sentence for each place."""
    errors: dict[str, str] = {}
    for fault in error.errors:
        where = ".".join(str(step) for step in fault["loc"][1:] if step not in {"body", "data"})
        errors.setdefault(where or str(fault["loc"][0]), sentence_of(fault["type"], fault.get("ctx", {})))
    return problem(422, code="invalid", errors=errors)


def of_http(request: HttpRequest, error: HttpError) -> ProblemResponse:
    """What the framework refuses: no key, a body that cannot be read."""
    return problem(error.status_code)


def of_size(request: HttpRequest, error: RequestDataTooBig) -> ProblemResponse:
    """More than anybody sends."""
    return problem(413)


def _said(status: int) -> str:
    """A sentence for a status that nobody has said anything better about."""
    words = {
        400: _("Det som skickades går inte att läsa."),
        401: _("Det behövs en nyckel eller ett intyg (token) som gäller här."),
        403: _("Du har inte behörighet till det här."),
        404: _("Det finns inget på den här adressen, eller inte för dig."),
        405: _("Det går inte att göra så på den här adressen."),
        410: _("Det här ärendet visas inte längre för andra."),
        411: _("Skicka hur långt det är (Content-Length)."),
        413: _("Det som skickades är för stort."),
        415: _("Skicka JSON (application/json). Bilder skickas som multipart/form-data."),
        422: _("Något i det som skickades går inte att använda."),
        429: _("Det kom för mycket på kort tid. Försök igen senare."),
    }
    if status in words:
        return words[status]
    return _("Något gick fel hos oss. Försök igen senare.") if status >= 500 else words[400]


class ProblemMiddleware:
    """Under /api/ nothing leaves as a page: what other middleware or Django itself refuses is said anew.

    Outermost, so that it sees an unknown host name and a program error alike. HEAD is GET without a body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        given = self.get_response(request)
        if given.status_code >= 400 and not isinstance(given, ProblemResponse):
            allow = {"Allow": given["Allow"]} if "Allow" in given else {}
            given = problem(given.status_code, headers=allow)
        if head:
            given.content = b""
        return given

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Judge a body by what it says of itself, before anything of it is read."""
        if not request.path_info.startswith(PREFIX) or request.method not in _BODIES:
            return None
        if without_length(request):
            return problem(411)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if not length:
            return None
        files = request.path_info.endswith(UPLOADS)
        if request.content_type != ("multipart/form-data" if files else "application/json"):
            return problem(415)
        return problem(413) if length > LARGEST_JSON and not files else None
