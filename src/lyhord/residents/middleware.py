"""The one call to another machine that a request makes: a resident's code is exchanged while they wait (ADR 15).

It stands before the middleware that opens the organisation's transaction, so that none is open meanwhile; what came
back goes along on the request as `answered`. Few may wait at a time in each process: a provider that hangs must not
take the threads by which everybody else is served.
"""

import hmac
from collections.abc import Callable
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.queries import organisation_by_host
from lyhord.residents.models import Provider
from lyhord.residents.oidc import Answered, Begun, Why, begun, exchange

PATH = "/logga-in/svar/"
COOKIE = "lyhord_logging_in"
_LONGEST = 4_000
_waiting = BoundedSemaphore(1)


class ExchangeMiddleware:
    """Puts `answered` on a request that comes back from a provider."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH and request.method == "GET":
            request.answered = _answered(request)  # type: ignore[attr-defined]  # read by www/public/vouched.py
        return self.get_response(request)


def _answered(request: HttpRequest) -> Answered:
    given = begun(request.COOKIES.get(COOKIE, ""))
    host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    organisation = organisation_by_host(host) if host else None
    if given is None or organisation is None or organisation.pk != given.organisation_id:
        return Answered(None, Why.LOST)
    if not hmac.compare_digest(request.GET.get("state", "").encode(), given.state.encode()):
        return Answered(None, Why.LOST)
    with organisation_scope(organisation.pk):
        provider = Provider.objects.filter(pk=given.provider_id).first()
    if provider is None or not provider.ready:
        return Answered(None, Why.LOST)
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another one's answer
        return Answered(given, Why.WRONG)
    code = request.GET.get("code", "")
    if not 0 < len(code) <= _LONGEST:
        return Answered(given, Why.DENIED)
    return _exchanged(provider, given, code)


def _exchanged(provider: Provider, given: Begun, code: str) -> Answered:
    if not _waiting.acquire(timeout=1):
        return Answered(given, Why.BUSY)
    try:
        return exchange(provider, given, code)
    finally:
        _waiting.release()
