"""The demo's outbox: everything that would have left, with its links. It exists in the demo only."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.core.errors import NotFound
from lyhord.core.sms_text import parts_of
from lyhord.notifications.kind import label_of
from lyhord.notifications.models import Notice, NoticeState
from lyhord.notifications.queries import STATE_LABELS
from lyhord.notifications.sender import SENDERS

SIZE = 30


def _way(slug: str) -> str:
    sender = SENDERS.find(slug)
    return str(sender.label) if sender else slug


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """A page of notices as they are read, newest first."""
    organisation = getattr(request, "organisation", None)
    if not (settings.DEMO and organisation is not None and organisation.demo):
        raise NotFound
    # By their own clock, not in the order they were written: the demo goes on telling old stories in the background.
    found: Any = Paginator(Notice.objects.order_by("-created_at", "-pk"), SIZE).get_page(request.GET.get("sida"))
    found.object_list = [
        {
            "notice": notice,
            "label": label_of(notice.kind),
            "state": STATE_LABELS[NoticeState(notice.state)],
            "way": _way(notice.sender),
            "number": parts_of(notice.body) if notice.sender == "sms" else 0,
        }
        for notice in found.object_list
    ]
    return render(request, "demo/outbox.html", {"page": found})
