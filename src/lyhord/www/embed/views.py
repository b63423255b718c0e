"""The newest published cases as a list, alone or under a map, for a frame on one of the organisation's own sites."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.cases.listed import listed
from lyhord.cases.public_queries import published_ids
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.embed.frame import for_own_sites, published_only
from lyhord.www.public import shown
from lyhord.www.public.choices import Chosen

MOST = 10


@require_safe
@for_own_sites
@published_only
def embedded_map(request: OrganisationRequest) -> HttpResponse:
    """A map, and the same cases as a list below it."""
    return _page(request, with_map=True)


@require_safe
@for_own_sites
@published_only
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
