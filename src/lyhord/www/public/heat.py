"""Where most is told of: a table of the densest spots, and a map of all."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lyhord.cases.hotspots import heat, hotspots
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import shown
from lyhord.www.public.choices import Chosen
from lyhord.www.public.guard import readable
from lyhord.www.public.tiles import kept


@readable
@require_safe
def heat_map(request: OrganisationRequest) -> HttpResponse:
    """The densest spots in words and figures first, the map when it is asked for."""
    if not request.organisation.publishes:
        raise NotFound
    chosen = Chosen.read(request, everything=True)
    found = hotspots(chosen.filter)
    map_shown = shown.map_settings(request.organisation)
    if map_shown:
        map_shown["query"] = chosen.query
        map_shown["cases_url"] = reverse("public:heat_data")
    context = {
        **chosen.context(),
        "total": found.total,
        "side_m": found.side_m,
        "spots": [
            {
                "place": spot.place,
                "count": spot.count,
                "times": spot.times,
                "url": f"{reverse('public:list')}?{urlencode({'lage': 'alla', 'q': spot.place})}" if spot.place else "",
            }
            for spot in found.spots
        ],
        "map": map_shown,
    }
    return render(request, "public/heat.html", context)


@require_safe
def heat_data(request: OrganisationRequest) -> HttpResponse:
    """{side: metres, cells: [[lat, lon, count]]}, densest first; 304 while nothing has changed."""
    if not request.organisation.publishes:
        raise NotFound
    found = heat(Chosen.read(request, everything=True).filter)
    return kept(request, {"side": found.side_m, "cells": found.cells}, "private, max-age=0, must-revalidate")
