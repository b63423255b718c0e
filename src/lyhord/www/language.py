"""Which language a page is in: the person's choice by cookie, else the organisation's own. Never guessed by place."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_STAFF = ("/desk/", "/installningar/", "/konto/password/")


class LanguageMiddleware:
    """Activates a language that the organisation offers. One that the address asks for comes first.

    The browser's own wish counts only when it asks for one that is offered, and not Swedish speakers' English
    browsers: the organisation's first language comes before a browser's default.

    `request.LANGUAGE_CODE` is the language chosen. For one in which only the organisation's own words exist (Northern
    Sami, Meänkieli) the page itself is Swedish and says so, and those words say theirs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        organisation = getattr(request, "organisation", None)
        offered: list[str] = (organisation.languages if organisation else None) or [settings.LANGUAGE_CODE]
        if request.path_info.startswith(_STAFF):
            offered = [one for one in offered if one in settings.STAFF_LANGUAGES] or [settings.LANGUAGE_CODE]
        language = next((one for one in _wished(request) if one in offered), offered[0])
        spoken = settings.LANGUAGE_CODE if language in settings.OWN_WORDS_LANGUAGES else language
        with translation.override(spoken):
            request.LANGUAGE_CODE = language
            request.languages = offered  # type: ignore[attr-defined]  # read by parts/languages.html
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", spoken)
        return response


def _wished(request: HttpRequest) -> list[str]:
    """What the person has chosen; a program, which has no cookie, says so by Accept-Language, best first."""
    if not request.path_info.startswith("/api/"):
        asked = request.GET.get("sprak", "")  # of a page in a frame on another site, which gets no cookie
        return [asked, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    accepted = request.headers.get("Accept-Language", "")[:200].lower()
    return [part.split(";")[0].strip().partition("-")[0] for part in accepted.split(",")]
