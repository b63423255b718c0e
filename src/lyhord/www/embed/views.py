"""The newest published cases as a list, alone or under a map, for a frame on one of the organisation's own sites."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import override
from django.views.decorators.http import require_safe

from lyhord.cases.listed import listed
from lyhord.cases.public_queries import published_ids
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import shown
from lyhord.www.public.choices import Chosen

MOST = 10
SITES = "embed_sites"
"""The organisation's setting: the origins that may show these pages, as ["https://www.motala.se"]."""


def for_own_sites(view: Callable[[OrganisationRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """May be framed by the sites that the organisation has named, and by none other. `sprak` chooses the language."""

    @wraps(view)
    def wrapped(request: OrganisationRequest) -> HttpResponse:
        organisation = request.organisation
        if not organisation.publishes:
            raise NotFound
        asked = request.GET.get("sprak", "")
        language = asked if asked in organisation.languages else str(getattr(request, "LANGUAGE_CODE", "sv"))
        request.LANGUAGE_CODE = language
        with override(language):
            response = view(request)
        sites = [str(site) for site in organisation.settings.get(SITES, [])]
        answer: Any = response  # what Django's own middleware reads of it
        answer._csp_config = {**settings.SECURE_CSP, "frame-ancestors": sites or [CSP.NONE]}
        answer.xframe_options_exempt = bool(sites)  # the old header knows of one site at most; the policy says it all
        response["Content-Language"] = language
        response["Cache-Control"] = "private, max-age=0"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@require_safe
@for_own_sites
def embedded_map(request: OrganisationRequest) -> HttpResponse:
    """A map, and the same cases as a list below it."""
    return _page(request, with_map=True)


@require_safe
@for_own_sites
def embedded_list(request: OrganisationRequest) -> HttpResponse:
    """The list alone: no script at all."""
    return _page(request, with_map=False)


def _page(request: OrganisationRequest, *, with_map: bool) -> HttpResponse:
    chosen = Chosen.read(request)
    ids = published_ids(chosen.filter, MOST)
    map_shown = shown.map_settings(request.organisation) if with_map else None
    if map_shown:
        map_shown["query"] = chosen.query
        map_shown["target"] = "_top"
    context = {
        "cases": [shown.published_row(row) for row in listed(ids)],
        "query": chosen.query,
        "map": map_shown,
    }
    return render(request, "public/embed.html", context)
