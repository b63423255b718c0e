"""Everything that has come in by mail and SMS, and what became of it. What failed can be tried again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases.models import Case
from lyhord.core.errors import Conflict, NotFound
from lyhord.intake.arrivals import try_again
from lyhord.intake.incoming_queries import (
    DRAFT_REASONS,
    DRAFT_STATES,
    FAILURES,
    IGNORED,
    OUTCOME_LABELS,
    STATE_LABELS,
    arrivals,
    open_arrivals,
)
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, DraftState, Original, Outcome
from lyhord.matters.mailbox import REFUSALS
from lyhord.www.desk.deeds import number_in
from lyhord.www.desk.document import sealed
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.lists import Rows
from lyhord.www.desk.screen import channel_label

_DONE, _CALM = ("resolved", "check"), ("calm", "minus")
_TONES = {
    ArrivalState.RECEIVED: ("late", "clock"),
    ArrivalState.FAILED: ("over", "warn"),
    ArrivalState.HELD: ("late", "pause"),
}


@require_safe
@requires(Permission.SEE_OUTBOX)
def arrivals_page(request: StaffRequest) -> HttpResponse:
    """Newest first; ?visa=fel shows what somebody must look at."""
    failed = request.GET.get("visa") == "fel"
    found, before = arrivals(failed=failed, before=number_in(request.GET.get("fore", "")))
    known, numbers, drafts = open_arrivals(request.staff, found)
    more = urlencode({"visa": "fel" if failed else "", "fore": str(before)}) if before else ""
    may = request.staff.may(Permission.RESEND)
    rows = [_row(row, row.pk in known, numbers, drafts, may_try=may) for row in found]
    context = {
        **frame(request.staff, "inkommet"),
        "page": Rows(rows, f"?{more}" if more else ""),
        "choices": [
            {"value": "", "label": _("Alla"), "selected": not failed},
            {"value": "fel", "label": _("Att titta på"), "selected": failed},
        ],
        "drafts_url": reverse("desk:drafts") if request.staff.may(Permission.REGISTER_FOR_OTHERS) else "",
    }
    return desk_page(request, "desk/arrivals.html", context)


def _row(
    row: Arrival, known: bool, numbers: dict[int, str], drafts: dict[int, DraftCase], *, may_try: bool
) -> dict[str, Any]:
    state = ArrivalState(row.state)
    again = may_try and state in {ArrivalState.FAILED, ArrivalState.HELD}
    draft = drafts.get(row.pk)
    tone, icon, label = _became(row, draft)
    return {
        "id": row.pk,
        "channel_label": channel_label(row.channel),
        "sender": (row.sender or _("Okänd avsändare")) if known else _("(skyddad)"),
        "subject": row.subject if known else "",
        "inlet": row.inlet,
        "at": row.received_at,
        "tone": tone,
        "icon": icon,
        "state_label": label,
        "why": _why(row) if known else "",
        "case": numbers.get(row.case_id or 0, ""),
        "case_url": reverse("desk:case", args=[row.case_id]) if row.case_id in numbers else "",
        "draft_url": reverse("desk:draft_case", args=[draft.pk]) if draft else "",
        "again_url": reverse("desk:try_again", args=[row.pk]) if again else "",
        "again_label": _("Ta in det") if state is ArrivalState.HELD else _("Försök igen"),
        "original_url": reverse("desk:original", args=[row.pk]) if known else "",
    }


def _became(row: Arrival, draft: DraftCase | None) -> tuple[str, str, str]:
    """Tone, icon and words for what became of it."""
    state = ArrivalState(row.state)
    if state is not ArrivalState.HANDLED:
        return (*_TONES[state], str(STATE_LABELS[state]))
    if draft is not None:
        waits = draft.state == DraftState.WAITING
        return ("late", "clock", str(DRAFT_STATES[draft.state])) if waits else (*_DONE, str(DRAFT_STATES[draft.state]))
    looks = {Outcome.IGNORED: _CALM, Outcome.REFUSED: _TONES[ArrivalState.FAILED]}.get(Outcome(row.outcome), _DONE)
    return (*looks, str(OUTCOME_LABELS.get(row.outcome, "")))


def _why(row: Arrival) -> str:
    if row.state == ArrivalState.FAILED:
        return str(FAILURES.get(row.reason, row.reason))
    if row.outcome == Outcome.IGNORED:
        return str(IGNORED.get(row.reason, ""))
    if row.outcome == Outcome.REFUSED:
        return str(REFUSALS.get(row.reason, ""))
    return str(DRAFT_REASONS.get(row.reason, "")) if row.outcome == Outcome.DRAFT else ""


@require_POST
@requires(Permission.RESEND)
def again(request: StaffRequest, arrival_id: int) -> HttpResponse:
    """Handle it once more."""
    try:
        try_again(arrival_id=arrival_id, by=request.staff.actor)
        messages.success(request, _("Vi försöker igen. Hur det gick står här om en liten stund."))
    except Conflict as conflict:
        messages.warning(request, str(conflict.message))
    return redirect("desk:arrivals")


@require_safe
@requires(Permission.REGISTER_FOR_OTHERS)
def original(request: StaffRequest, arrival_id: int) -> HttpResponse:
    """What came, as it came, to be saved; for those who may see what became of it."""
    return as_it_came(request.staff, arrival_id)


def as_it_came(staff: Staff, arrival_id: int) -> HttpResponse:
    """The same for a program. That somebody reads of a person with protected identity is written down."""
    row = Arrival.objects.select_related("unit").filter(pk=arrival_id).first()
    if row is None or row.pk not in open_arrivals(staff, [row])[0]:
        raise NotFound
    if row.case_id is None and row.outcome != Outcome.DRAFT and not staff.may(Permission.SEE_OUTBOX):
        raise NotFound
    data = Original.objects.filter(arrival=row).values_list("data", flat=True).first()
    if data is None:
        raise NotFound
    _note_protected(staff, row)
    response = sealed(HttpResponse(bytes(data)))
    ending = "eml" if row.channel == "email" else "txt"
    response["Content-Disposition"] = f'attachment; filename="inkommet-{row.pk}.{ending}"'
    return response


def _note_protected(staff: Staff, row: Arrival) -> None:
    if row.case_id is not None and Case.objects.filter(pk=row.case_id, protected=True).exists():
        record(verb="case.protected_read", subject_type="case", subject_id=row.case_id, by=staff.actor, level=1)
        return
    draft = DraftCase.objects.filter(arrival=row, protected=True).first()
    if draft is not None:
        record(verb="draft.protected_read", subject_type="draft", subject_id=draft.pk, by=staff.actor, level=1)
