"""The outbox: what has left and what has not."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.queries import numbers_known
from lyhord.core.errors import Conflict
from lyhord.exchange.case_queries import any_systems
from lyhord.notifications.actions import resend
from lyhord.notifications.models import NoticeState
from lyhord.notifications.queries import STATE_LABELS, OutboxRow, cases_of, outbox
from lyhord.notifications.sender import SENDERS
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.lists import Rows

_TONES = {
    NoticeState.QUEUED: ("late", "clock"),
    NoticeState.HELD: ("late", "clock"),
    NoticeState.SENT: ("resolved", "check"),
    NoticeState.GATHERED: ("resolved", "check"),
    NoticeState.FAILED: ("over", "warn"),
    NoticeState.CANCELLED: ("calm", "ban"),
}


@require_safe
@requires(Permission.SEE_OUTBOX)
def outbox_page(request: StaffRequest) -> HttpResponse:
    """Every notice, newest first; failed ones can be sent again."""
    wanted = request.GET.get("lage", "")
    wanted = wanted if wanted in NoticeState.values else ""
    found = outbox(state=NoticeState(wanted) if wanted else None, before=_number(request.GET.get("fore", "")))
    more = urlencode({"lage": wanted, "fore": str(found.next_before)}) if found.next_before else ""
    numbers = numbers_known(request.staff, cases_of(found.rows))
    may_resend = request.staff.may(Permission.RESEND)
    choices = [("", _("Alla")), *((state.value, str(label)) for state, label in STATE_LABELS.items())]
    context = {
        **frame(request.staff, "utkorg"),
        "page": Rows([_notice(row, numbers, may_resend) for row in found.rows], next_url=f"?{more}" if more else ""),
        "systems_url": reverse("desk:dead_letters") if any_systems() else "",
        "states": [
            {"value": value, "label": label, "count": None, "selected": value == wanted} for value, label in choices
        ],
    }
    return desk_page(request, "desk/outbox.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _notice(row: OutboxRow, numbers: dict[int, str], may_resend: bool) -> dict[str, Any]:
    tone, icon = _TONES[row.state]
    case_id = row.case_id
    may_know = case_id is None or case_id in numbers
    return {
        "id": row.id,
        "kind_label": row.label,
        "channel_label": _sender_label(row.sender),
        "address": (row.address if may_know else "") or _("(skyddad)"),
        "subject": row.subject if may_know else "",
        "created_at": row.created_at,
        "state_label": row.state_label,
        "tone": tone,
        "icon": icon,
        "attempts": row.attempts,
        "next_try_at": row.next_try_at if row.state == NoticeState.QUEUED else None,
        "last_error": row.last_error,
        "case_number": numbers.get(case_id or 0, ""),
        "case_url": reverse("desk:case", args=[case_id]) if case_id in numbers else "",
        "resend_url": reverse("desk:resend", args=[row.id]) if may_resend and row.can_resend else "",
    }


def _sender_label(slug: str) -> str:
    sender = SENDERS.find(slug)
    return str(sender.label) if sender else slug


@require_POST
@requires(Permission.RESEND)
def resend_notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Try a failed notice again; twice at once is once."""
    try:
        resend(notice_id=notice_id, by=request.staff.actor)
        messages.success(request, _("Vi skickar det igen."))
    except Conflict as conflict:
        messages.warning(request, str(conflict.message))
    return redirect("desk:outbox")
