"""What has gone to and fro between a case and the case systems (`desk/systems.html`)."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.exchange.case_queries import KIND_LABELS, OUTCOME_LABELS, STATE_LABELS, Linked, Passed, linked
from lyhord.exchange.faults import fault_of
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Outgoing

_TONES = {
    ChangeState.WAITING: ("late", "clock"),
    ChangeState.SENT: ("resolved", "check"),
    ChangeState.FAILED: ("over", "warn"),
    ChangeState.CANCELLED: ("calm", "ban"),
    ChangeState.OVERTAKEN: ("calm", "ban"),
}


def panel(staff: Staff, case: Case, here: str) -> list[dict[str, Any]]:
    """The template's `case.systems`: one for each case system that has the case or is to get it."""
    return [_shown(staff, case, one, here) for one in linked(case)]


def _shown(staff: Staff, case: Case, one: Linked, here: str) -> dict[str, Any]:
    state = ChangeState.FAILED if one.failed else ChangeState.WAITING if one.waiting else ChangeState.SENT
    tone, icon = _TONES[state]
    error = fault_of(one.failed.error) if one.failed else None
    return {
        "label": one.label,
        "page": one.page,
        "linked_at": one.link.linked_at,
        "tone": tone,
        "icon": icon,
        "state_label": _("I fas") if state == ChangeState.SENT else STATE_LABELS[state],
        "waiting": one.waiting,
        "off": not one.link.system.active,
        "what": KIND_LABELS[ChangeKind(one.failed.kind)] if one.failed else "",
        "error": error.sentence if error else "",
        "detail": error.detail if error and not case.protected else "",
        **buttons(staff, case.pk, one.failed, here),
        "passed": [_line(case, passed) for passed in one.passed],
        "cut": one.cut,
    }


def buttons(staff: Staff, case_id: int, failed: Outgoing | None, here: str) -> dict[str, str]:
    """Where *send again* and *give up* lead; "" for those who may not."""
    if failed is None or not staff.may(Permission.RESEND):
        return {"resend_url": "", "give_up_url": ""}
    query = f"?{here}" if here else ""
    return {
        "resend_url": reverse("desk:resend_change", args=[case_id, failed.pk]) + query,
        "give_up_url": reverse("desk:give_up_change", args=[case_id, failed.pk]) + query,
    }


def _line(case: Case, passed: Passed) -> dict[str, Any]:
    what = str(_("Bild") if passed.out and passed.out.photo_id else KIND_LABELS[passed.kind])
    value = passed.value
    if passed.kind is ChangeKind.STATE and value in State:
        value = str(KINDS.get(case.kind).words(State(value)).staff)
    if until := (passed.out or passed.came or Outgoing()).until:
        value = f"{value}, {date_format(until, 'j F Y')}"
    text = f"{what}: {value}" if value else what
    if passed.out:
        label, error = STATE_LABELS[ChangeState(passed.out.state)], passed.out.error
        why = fault_of(error).sentence if error and passed.out.state != ChangeState.SENT else ""
        return {"at": passed.at, "out": True, "text": text, "state_label": label, "why": why}
    assert passed.came  # noqa: S101  # one of the two
    label = OUTCOME_LABELS[Incoming.Outcome(passed.came.outcome)]
    return {"at": passed.at, "out": False, "text": text, "state_label": label, "why": passed.came.reason}
