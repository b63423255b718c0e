"""The start page: one question, and what is already known."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.cases.kind import KINDS
from lyhord.cases.listed import count_published_open, newest_answered, newest_published
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.guard import readable
from lyhord.www.public.shown import answered_pair, published_row

NEWEST, ANSWERED = 4, 2


@readable
@require_safe
def start(request: OrganisationRequest) -> HttpResponse:
    """Five ways to begin; the newest published cases where the organisation publishes."""
    shows = request.organisation.publishes
    context = {
        "kinds": KINDS.all(),
        "cases": [published_row(row) for row in newest_published(NEWEST)] if shows else [],
        "open_count": count_published_open() if shows else 0,
        "answered": [answered_pair(case, text) for case, text in newest_answered(ANSWERED)] if shows else [],
        "may_log_in": request.organisation.has("log_in"),
    }
    return render(request, "public/start.html", context)
