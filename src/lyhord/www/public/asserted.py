"""Log-in by SAML: the form that a provider has the browser send here, and what the provider needs to know of us."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from lyhord.core.errors import NotFound
from lyhord.intake.abuse import CODES, too_many
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.queries import urls_at_all_hosts
from lyhord.residents.middleware import COOKIE, PATH
from lyhord.residents.models import Protocol, Provider
from lyhord.residents.oidc import Why, begun
from lyhord.residents.saml.answer import LARGEST, claims_in
from lyhord.residents.saml.request import own_metadata
from lyhord.www.public.guard import from_elsewhere, secret_page, sender_address, without_session
from lyhord.www.public.vouched import finish, lost


@without_session  # it comes from another site by design; what was begun in this browser stands in a cookie
@require_POST
def back(request: OrganisationRequest, provider_id: int) -> HttpResponse:
    """A provider's answer. From another site no cookie of ours comes along, so a page sends the same once more."""
    provider = _provider(provider_id)
    written, state = request.POST.get("SAMLResponse", ""), request.POST.get("RelayState", "")
    if len(written) > LARGEST or len(state) > 100:
        return lost(request, Why.WRONG)
    if from_elsewhere(request) or "har" not in request.POST:
        return secret_page(render(request, "public/log_in_answer.html", {"written": written, "state": state}))
    given = begun(request.COOKIES.get(COOKIE, ""))
    if given is None or (given.organisation_id, given.provider_id) != (request.organisation.pk, provider.pk):
        return lost(request, Why.LOST)
    if too_many(purpose=CODES, address=sender_address(request)):
        return lost(request, Why.BUSY)
    return finish(request, provider, given, claims_in(provider, given, written, state))


@require_safe
def metadata(request: OrganisationRequest, provider_id: int) -> HttpResponse:
    """Our own metadata towards one provider; holds nothing secret."""
    provider = _provider(provider_id)
    answers_to = urls_at_all_hosts(request.organisation, f"{PATH}{provider.pk}/")
    return HttpResponse(own_metadata(provider, answers_to), content_type="application/samlmetadata+xml")


def _provider(provider_id: int) -> Provider:
    found = Provider.objects.filter(pk=provider_id, protocol=Protocol.SAML).first()
    if found is None:
        raise NotFound
    return found
