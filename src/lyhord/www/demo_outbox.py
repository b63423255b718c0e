"""The demo's outbox: everything that would have left, with its links. It exists in the demo only."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.core.errors import NotFound
from lyhord.notifications.kind import label_of
from lyhord.notifications.models import NoticeState
from lyhord.notifications.queries import STATE_LABELS, page

SIZE = 30


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """A page of notices as they are read, newest first; `?fore=` is the id to go on from."""
    organisation = getattr(request, "organisation", None)
    if not (settings.DEMO and organisation is not None and organisation.demo):
        raise NotFound
    before = request.GET.get("fore", "")
    # An id that is none, or too large for the database, is no reason for an error page.
    notices, next_before = page(before=int(before) if before.isdecimal() and len(before) < 19 else None, size=SIZE)
    letters = [
        {"notice": notice, "label": label_of(notice.kind), "state": STATE_LABELS[NoticeState(notice.state)]}
        for notice in notices
    ]
    return render(request, "demo/outbox.html", {"letters": letters, "next_before": next_before, "before": before})
