"""How somebody came to the form: on our own page, in a frame on another site of the organisation's, from Facebook.

In a frame (www/embed) the form and its receipt have addresses of their own, which those sites may frame; all others may
not be framed by anybody. So whatever leads on from the form asks here where to.
"""

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

WIDGET = "widget"
CAME_BY = frozenset({"app", WIDGET, "facebook"})
"""Channels that a page or a link may say that it is; all else is the web."""
LANGUAGE = "sprak"


def channel_in(data: QueryDict) -> str:
    """How the form was come by, as it says itself; "" for the web."""
    said = data.get("kanal", "")
    return said if said in CAME_BY else ""


def is_framed(request: HttpRequest) -> bool:
    """Whether the page is one of those that are shown in a frame."""
    return bool(getattr(request, "framed", False))


def language_query(request: HttpRequest) -> str:
    """The language that the frame was asked for, as a query; a frame gets no cookie to remember it by."""
    asked = request.GET.get(LANGUAGE, "")
    return f"?{urlencode({LANGUAGE: asked})}" if asked in getattr(request, "languages", ()) else ""


def form_address(request: HttpRequest, slug: str) -> str:
    """Where the form of a kind is sent."""
    if is_framed(request):
        return reverse("embed:report", args=[slug]) + language_query(request)
    return reverse("public:report", args=[slug])


def receipt_address(request: HttpRequest, code: str, channel: str = "") -> str:
    """Where the receipt stands; also for the page's own script, which posts to another address than its frame's."""
    if is_framed(request) or channel == WIDGET:
        return reverse("embed:receipt", args=[code]) + language_query(request)
    return reverse("public:receipt", args=[code])
