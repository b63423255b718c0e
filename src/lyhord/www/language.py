"""Which language a page is in: the person's choice by cookie, else the organisation's own. Never guessed by place."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """Activates a language that the organisation offers.

    The browser's own wish counts only when it asks for one that is offered, and not Swedish speakers' English
    browsers: the organisation's first language comes before a browser's default.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        organisation = getattr(request, "organisation", None)
        offered: list[str] = (organisation.languages if organisation else None) or [settings.LANGUAGE_CODE]
        language = next((one for one in _wished(request) if one in offered), offered[0])
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _wished(request: HttpRequest) -> list[str]:
    """What the person has chosen; a program, which has no cookie, says so by Accept-Language, best first."""
    if not request.path_info.startswith("/api/"):
        return [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    accepted = request.headers.get("Accept-Language", "")[:200].lower()
    return [part.split(";")[0].strip().partition("-")[0] for part in accepted.split(",")]
