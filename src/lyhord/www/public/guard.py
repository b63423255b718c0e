"""What guards forms that anybody may send, where a session would be one trace too many.

Residents get no session cookie and no CSRF cookie. A forged request to these forms could do nothing that the forger
could not do alone: nobody's rights are in the browser, filing is open to all, and a case is opened by its code, which
a forger does not have. What remains is making somebody's browser send a report unawares. Browsers tell where a
request began (Sec-Fetch-Site, Origin); one that began on another site is not refused, since what was written must not
be lost: the page comes back with everything kept and the button is pressed once more.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

type View = Callable[..., HttpResponseBase]


def without_session(view: View) -> View:
    """For forms of residents: no CSRF cookie is asked for; the view itself asks `from_elsewhere`."""
    return csrf_exempt(view)


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that this form was sent from another site's page."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    if not origin or origin == "null":  # old browsers, and pages with a strict referrer policy
        return False
    return _host_of(origin) != request.get_host().lower()


def from_here(request: HttpRequest) -> bool:
    """Whether the browser says that this was sent from a page of ours; unlike in `from_elsewhere`, silence is no."""
    site = request.headers.get("Sec-Fetch-Site", "")
    return site == "same-origin" if site else _host_of(request.headers.get("Origin", "")) == request.get_host().lower()


def _host_of(origin: str) -> str:
    """The host and port that an Origin header names; "" for one that makes no sense."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def sender_address(request: HttpRequest) -> str:
    """The network address a request came from, to count by and then forget; behind a proxy, what the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:  # set when, and only when, the installation is behind a proxy of its own
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if seen:
            return seen[:60]
    return str(request.META.get("REMOTE_ADDR", ""))[:60]


def personal(view: View) -> View:
    """For pages behind a code or with a form of one's own: no shared cache keeps them, no search engine lists them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        # no-cache rather than no-store: the browser's own back button must find what was typed
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return wrapped


def readable(view: View) -> View:
    """For pages that everybody may read: the same for all but in their language."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, max-age=0")
        return response

    return wrapped


def too_large_page(request: HttpRequest) -> HttpResponse:
    """413, in plain words: more came than any form of ours sends."""
    return render(request, "413.html", status=413)


def secret_page(response: HttpResponse) -> HttpResponse:
    """Marks a page whose address is a secret: nothing keeps it and no link tells where it came from."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
