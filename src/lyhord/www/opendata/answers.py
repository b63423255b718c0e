"""How open data is answered: the same for all, asked for anew each time but not sent again while it is the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from lyhord.core.errors import NotFound
from lyhord.opendata.versions import version_of
from lyhord.organisations.middleware import OrganisationRequest


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only where the organisation publishes; other sites' scripts may read it, since it has no secrets."""

    @wraps(view)
    def wrapped(request: OrganisationRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.organisation.publishes:
            raise NotFound
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
        response["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(response, ["Cookie"])  # the language
        return response

    return wrapped


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 when the one who asks has this already."""
    asked = {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}
    if etag not in asked and etag.removeprefix("W/") not in asked:
        return None
    response = HttpResponseNotModified()
    response["ETag"] = etag
    return response


def whole(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """A body that is made at once, or 304."""
    etag = version_of(body)
    if same := unchanged(request, etag):
        return same
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    return response
