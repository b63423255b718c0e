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
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in offered else offered[0]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
