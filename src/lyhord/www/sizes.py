"""How much may come in one request: known before anything of it is read."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lyhord.www.public.guard import too_large_page
from lyhord.www.public.uploads import LARGEST_REQUEST

LARGEST_FORM = 3 * 1024 * 1024
"""Far more than any form without pictures sends. Those with pictures let a large one go and keep the rest."""


def without_length(request: HttpRequest) -> bool:
    """Whether a body comes in pieces and does not say how long it is: the server reads nothing of it (411)."""
    return "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH")


class SizeMiddleware:
    """413 in plain words, before a single byte is read, for what is larger than its form can be.

    Views that read pictures by themselves are exempt from the CSRF check that would read them first, and are so told
    apart; the settings take whole files of streets and borders, and check those themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Judge by the length that the request itself gives: the server reads no further than that."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        match = request.resolver_match
        files = getattr(view, "csrf_exempt", False) or (match is not None and "manage" in match.app_names)
        largest = LARGEST_REQUEST if files else LARGEST_FORM
        return too_large_page(request) if length > largest else None
