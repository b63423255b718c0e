"""One endpoint for several organisations: a host name that is none's own, where `jurisdiction_id` says whose it is.

The settings name such hosts (LYHORD_OPEN311_HOSTS). Nothing else is there, and every call is inside one organisation,
as on its own host. Keys are the organisation's as well: the same client has one for each.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from lyhord.www.open311 import jurisdiction
from lyhord.www.open311.discovery import shared_discovery
from lyhord.www.open311.failures import PREFIX, Failure, failed
from lyhord.www.open311.formats import format_of, response
from lyhord.www.open311.parameters import Parameters
from lyhord.www.sizes import without_length


def is_shared(request: HttpRequest) -> bool:
    """Whether the request came to a host of several organisations."""
    host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    return host in settings.OPEN311_HOSTS


class SharedEndpointMiddleware:
    """Finds the organisation where the host name does not tell; the next one walls the request in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.OPEN311_HOSTS or not request.path_info.startswith(f"{PREFIX}/") or not is_shared(request):
            return self.get_response(request)
        if without_length(request):
            return failed(request, Failure(411))
        given = Parameters.of(request).text("jurisdiction_id")
        organisation = jurisdiction.named(given) if given else None
        if organisation is not None:
            request.organisation = organisation  # type: ignore[attr-defined]  # declared by OrganisationRequest
            return self.get_response(request)
        if given:
            return failed(request, jurisdiction.unknown(given))
        steps = request.path_info.rstrip("/").removesuffix(".xml").removesuffix(".json").split("/")
        if steps[-1] == "discovery" and request.method in {"GET", "HEAD"}:
            return response(shared_discovery(f"{request.scheme}://{request.get_host()}"), format_of(request))
        return failed(request, Failure(400, _("jurisdiction_id saknas.")))
