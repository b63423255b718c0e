"""What did not come to a case system: listed, sent again, or given up."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.errors import Conflict, NotFound
from lyhord.exchange import system_actions
from lyhord.exchange.case_queries import KIND_LABELS, dead
from lyhord.exchange.faults import fault_of
from lyhord.exchange.models import ChangeKind, Outgoing
from lyhord.www.desk.deeds import number_in
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.linked import buttons
from lyhord.www.desk.lists import Rows
from lyhord.www.desk.views import visible_case


@require_safe
@requires(Permission.SEE_OUTBOX)
def dead_letters(request: StaffRequest) -> HttpResponse:
    """What did not come to a case system for good: sent again, or given up."""
    found = dead(request.staff, before=number_in(request.GET.get("fore", "")))
    more = urlencode({"fore": str(found.next_before)}) if found.next_before else ""
    rows = [
        {
            "number": row.link.case.number,
            "case_url": reverse("desk:case", args=[row.link.case_id]),
            "system": row.link.system.name,
            "what": KIND_LABELS[ChangeKind(row.kind)],
            "at": row.happened_at,
            "attempts": row.attempts,
            "error": fault_of(row.error).sentence,
            "detail": "" if row.link.case.protected else fault_of(row.error).detail,
            **buttons(request.staff, row.link.case_id, row, "lista=1"),
        }
        for row in found.rows
    ]
    context = {**frame(request.staff, "utkorg"), "page": Rows(rows, next_url=f"?{more}" if more else "")}
    return desk_page(request, "desk/dead_letters.html", context)


@require_POST
@requires(Permission.RESEND)
def resend_change(request: StaffRequest, case_id: int, outgoing_id: int) -> HttpResponse:
    """Try again; twice at once is once."""
    return _settle(request, case_id, outgoing_id, system_actions.resend_change, _("Vi skickar det igen."))


@require_POST
@requires(Permission.RESEND)
def give_up_change(request: StaffRequest, case_id: int, outgoing_id: int) -> HttpResponse:
    """Let it be; what waits behind it goes on."""
    done = _("Vi skickar inte det. Det som väntade efter går vidare.")
    return _settle(request, case_id, outgoing_id, system_actions.give_up_change, done)


def _settle(
    request: StaffRequest, case_id: int, outgoing_id: int, action: Callable[..., None], done: str
) -> HttpResponse:
    case, by = visible_case(request, case_id), request.staff.actor
    if not Outgoing.objects.filter(pk=outgoing_id, link__case=case).exists():
        raise NotFound
    _do(request, lambda: action(outgoing_id=outgoing_id, by=by), done)
    query = request.GET.urlencode()
    if request.GET.get("lista"):
        return redirect("desk:dead_letters")
    where = reverse("desk:case", args=[case.pk])
    return redirect(f"{where}?{query}" if query else where)


def _do(request: StaffRequest, action: Callable[[], None], done: str) -> None:
    try:
        action()
        messages.success(request, done)
    except Conflict as conflict:
        messages.warning(request, str(conflict.message))
