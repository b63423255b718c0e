"""Log-in by somebody who vouches for residents: the way there, and the way back (by OpenID Connect; SAML: asserted)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.residents.actions import log_in
from lyhord.residents.middleware import COOKIE, PATH
from lyhord.residents.models import Protocol, Provider
from lyhord.residents.oidc import WITHIN, Answered, Begun, Why, claims_of, subject_of
from lyhord.residents.provider_actions import miss_key
from lyhord.residents.saml.request import own_key, request_url
from lyhord.www.public.guard import secret_page
from lyhord.www.public.log_in import address_page
from lyhord.www.public.resident import demand_log_in, remember

RESIDENT = Actor.resident()
SENTENCES: dict[Why, Promise] = {
    Why.DENIED: _("Inloggningen avbröts. Du kan prova igen, eller skriva din mejladress."),
    Why.LOST: _("Inloggningen tog för lång tid, eller började i ett annat fönster. Prova igen."),
    Why.BUSY: _("Många loggar in just nu. Prova igen om en liten stund."),
    Why.UNREACHABLE: _("Inloggningstjänsten svarar inte som den ska. Prova igen, eller skriv din mejladress."),
    Why.WRONG: _("Svaret från inloggningstjänsten stämmer inte. Prova igen, eller skriv din mejladress."),
    Why.KEY: _("Inloggningstjänsten har bytt nyckel. Prova igen om en minut."),
    Why.LEVEL: _("Den inloggningen räcker inte här. Prova en annan, eller skriv din mejladress."),
}
_SHOWN = ("iss", "aud", "acr", "amr", "auth_time", "exp")
"""Claims whose value whoever tries is shown; of others the name only, since they say who somebody is."""


@require_safe
def begin(request: OrganisationRequest, provider_id: int) -> HttpResponse:
    """Send the browser to the provider."""
    trial = "prova" in request.GET and _may_try(request)
    if not trial:
        demand_log_in(request)
    provider = Provider.objects.filter(pk=provider_id).first()
    if provider is None or not provider.ready or not (provider.active or trial):
        raise NotFound
    saml = provider.protocol == Protocol.SAML
    if saml and not own_key(provider):  # the installation has another key than it was sealed with
        return lost(request, Why.WRONG)
    given = Begun(
        organisation_id=request.organisation.pk,
        provider_id=provider.pk,
        redirect_uri=request.build_absolute_uri(f"{PATH}{provider.pk}/" if saml else PATH),
        trial=trial,
    )
    response = secret_page(redirect(request_url(provider, given) if saml else given.url(provider)))
    response.set_cookie(
        COOKIE,
        given.sealed(),
        max_age=WITHIN,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
def back(request: OrganisationRequest) -> HttpResponse:
    """Back from the provider: its words are looked at, and whom it means is logged in."""
    answered: Answered = getattr(request, "answered", Answered(None, Why.LOST))
    given = answered.begun
    provider = Provider.objects.filter(pk=given.provider_id).first() if given else None
    if given is None or provider is None:
        return lost(request, answered.why or Why.LOST)
    return finish(request, provider, given, claims_of(provider, answered))


def finish(
    request: OrganisationRequest, provider: Provider, given: Begun, found: Mapping[str, Any] | Why
) -> HttpResponse:
    """What the provider says has been looked at: whom it means is logged in, or told why not."""
    if found is Why.KEY:
        miss_key(provider_id=provider.pk, by=RESIDENT)
    if given.trial:
        return _without_cookie(_tried(request, provider, found))
    demand_log_in(request)
    if isinstance(found, Why) or not provider.active:
        return _without_cookie(address_page(request, why=SENTENCES[found if isinstance(found, Why) else Why.LOST]))
    token = log_in(issuer=provider.issuer, subject=subject_of(found), contact=None, by=RESIDENT)
    response = secret_page(redirect("public:mine"))
    response.status_code = HTTPStatus.SEE_OTHER
    remember(response, token)
    return _without_cookie(response)


def lost(request: OrganisationRequest, why: Why) -> HttpResponse:
    """It cannot be said whose answer it is, or it was begun elsewhere: here one begins anew."""
    demand_log_in(request)
    return _without_cookie(address_page(request, why=SENTENCES[why]))


def _tried(request: OrganisationRequest, provider: Provider, found: Any) -> HttpResponse:
    """What came of a trial: nobody is logged in, and nothing is kept."""
    if not _may_try(request):
        raise NotFound
    said = []
    if not isinstance(found, Why):
        said = [(name, str(value)[:300] if name in _SHOWN else "…") for name, value in sorted(found.items())]
    context = {
        "provider": provider,
        "said": said,
        "why": SENTENCES[found] if isinstance(found, Why) else "",
        "back": reverse("manage:provider", args=[provider.pk]),
    }
    return secret_page(render(request, "manage/provider_tried.html", context))


def _may_try(request: OrganisationRequest) -> bool:
    staff = getattr(request, "staff", None)
    return staff is not None and bool(staff.may(Permission.MANAGE_ISSUERS))


def _without_cookie(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response
