"""Finds the organisation by the request's host name, and walls the whole request in."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import organisation_by_host


class OrganisationRequest(HttpRequest):
    """A request inside an organisation, as every view gets it."""

    organisation: Organisation


class OrganisationMiddleware:
    """One transaction and one organisation for each request; an unknown host gets a plain 404.

    The answer leaves only after the commit, so a number is never shown for something that was not saved.
    What ended in a server error is rolled back. On a host of several, one was found before (www/open311/several.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return self.get_response(request)
        organisation = getattr(request, "organisation", None) or self._by_host(request)
        if organisation is None:
            return HttpResponse("Den här adressen hör inte till någon kommun.", status=404, content_type="text/plain")
        request.organisation = organisation  # type: ignore[attr-defined]  # declared by OrganisationRequest
        with organisation_scope(organisation.pk):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    @staticmethod
    def _by_host(request: HttpRequest) -> Organisation | None:
        host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))  # small letters; "" when it is no name
        return organisation_by_host(host) if host else None
