"""Where links from the organisation's Facebook page lead: the ways to begin, with a card for who shares the address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lyhord.cases.kind import KINDS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.queries import public_url
from lyhord.www.app.manifest import icon_url
from lyhord.www.public.guard import readable


@readable
@require_safe
def facebook(request: OrganisationRequest) -> HttpResponse:
    """No script and no cookie: the reader in Facebook's own app shows it as any browser does."""
    context = {
        "kinds": KINDS.all(),
        "address": public_url(request.organisation, reverse("public:facebook")),
        "picture": public_url(request.organisation, icon_url(request.organisation, "512")),
    }
    return render(request, "public/facebook.html", context)
