"""Error pages in plain words. No exception's own text is ever shown unless Lyhörd wrote it for people."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render

from lyhord.accounts.staff import LoggedOut
from lyhord.core.errors import Conflict, Invalid, LyhordError, NotAllowed, NotFound
from lyhord.www.kept import logged_out, too_old, written
from lyhord.www.public.guard import from_here

STATUS: list[tuple[type[LyhordError], int]] = [(NotFound, 404), (NotAllowed, 403), (Invalid, 400), (Conflict, 409)]


class PlainErrorsMiddleware:
    """Turns Lyhörd's own errors into pages with their sentence; whatever was begun is rolled back by the action."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = _page(request, 405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, LoggedOut):
            return logged_out(request)
        if not isinstance(exception, LyhordError):
            return None
        status = next((code for kind, code in STATUS if isinstance(exception, kind)), 400)
        return _page(request, status, str(exception.message))


def _page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    own = {403, 404, 405, 409, 413}
    template = f"{status}.html" if status in own else "400.html"
    return render(request, template, {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when more came than any form of ours sends."""
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: what does not exist and what belongs to somebody else look the same."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: static, since anything may be broken."""
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or cookies are off; `reason` is for programmers and not shown.

    What was written is given back, to copy. Only when the browser itself says that it came from a page of ours may it
    be sent on from here: else that would undo the protection.
    """
    match = request.resolver_match
    ours = match is not None and match.app_name in {"desk", "manage"} and from_here(request)
    if not ours:
        return render(request, "403_csrf.html", {"said": written(request.POST)}, status=403)
    return too_old(request) if getattr(request, "staff", None) is not None else logged_out(request)
