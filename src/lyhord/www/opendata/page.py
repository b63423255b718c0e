"""The page that tells of the open data: what there is, in which formats, and on what terms."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.cases.public_filter import COUNT_TO
from lyhord.cases.public_queries import published_ids
from lyhord.core.country import country
from lyhord.opendata.columns import COLUMNS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.queries import public_url
from lyhord.www.opendata.answers import open_to_all
from lyhord.www.opendata.catalogue import licence_of
from lyhord.www.public.choices import Chosen


@require_safe
@open_to_all
def open_data(request: OrganisationRequest) -> HttpResponseBase:
    """A choice, and everything that can be fetched of it."""
    chosen = Chosen.read(request, everything=True)
    count = len(published_ids(chosen.filter, COUNT_TO + 1))
    context = {
        **chosen.context(),
        "data_query": chosen.query,
        "total": min(count, COUNT_TO),
        "capped": count > COUNT_TO,
        "columns": [*(column.name for column in COLUMNS), "url"],
        "sweref": country().sweref,
        "licence": licence_of(request.organisation),
        "address": public_url(request.organisation, ""),
    }
    response: HttpResponse = render(request, "public/open_data.html", context)
    return response
