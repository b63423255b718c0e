"""What goes wrong, said in the client's own format: every answer that is no success is one of these."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lyhord.www.open311.formats import FormattedResponse, errors, format_of, response

PREFIX = "/open311"


class Failure(Exception):
    """The request cannot be answered: a status and one sentence per problem."""

    def __init__(self, status: int, *sentences: str, allow: Sequence[str] = (), retry_after: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.sentences = sentences
        self.allow = allow
        self.retry_after = retry_after


def failed(request: HttpRequest, failure: Failure) -> FormattedResponse:
    """The failure as an answer."""
    problems = [(failure.status, sentence) for sentence in failure.sentences or (said(failure.status),)]
    made = response(errors(problems), format_of(request), failure.status)
    made["Cache-Control"] = "no-store"
    if failure.allow:
        made["Allow"] = ", ".join(failure.allow)
    if failure.retry_after:
        made["Retry-After"] = str(failure.retry_after)
    return made


def said(status: int) -> str:
    """A sentence for a status that nobody has said anything better about."""
    words = {
        400: _("Det som skickades går inte att läsa."),
        403: _("Nyckeln (api_key) saknas eller gäller inte här."),
        404: _("Det finns inget på den här adressen."),
        405: _("Det går inte att göra så på den här adressen."),
        411: _("Skicka hur långt det är (Content-Length)."),
        413: _("Det som skickades är för stort."),
        429: _("Det kom för mycket på kort tid. Försök igen senare."),
    }
    if status in words:
        return words[status]
    if status >= 500:
        return _("Något gick fel hos oss. Försök igen senare.")
    return words[400]


class FormattedErrorsMiddleware:
    """Under /open311 nothing leaves as a page: what other middleware or Django itself refuses is said anew.

    Outermost, so that it sees an unknown host name, a body that is too large and a program error alike.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = self.get_response(request)
        path = request.path_info
        ours = path == PREFIX or path.startswith(f"{PREFIX}/")
        if not ours or given.status_code < 400 or isinstance(given, FormattedResponse):
            return given
        return failed(request, Failure(given.status_code))
