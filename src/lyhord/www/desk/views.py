"""The desk's pages: a list with a case beside it, and the outbox."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases.actions import mark_read
from lyhord.cases.desk_queries import BY_SLUG, COUNT_TO, VIEWS, cases_in, page_of, review_count, view_counts
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.core.errors import NotFound
from lyhord.notifications.actions import resend
from lyhord.notifications.models import NoticeState
from lyhord.notifications.queries import STATE_LABELS, OutboxRow, failed_count, outbox
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.forms import DeedForm
from lyhord.www.desk.lists import Rows
from lyhord.www.desk.screen import case_context
from lyhord.www.public.shown import map_settings


@require_GET
@requires(Permission.SEE_CASES)
def inbox(request: StaffRequest) -> HttpResponse:
    """A list of cases by view, unit and words; oldest waiting first."""
    return render(request, "desk/inbox.html", list_context(request))


@require_GET
@requires(Permission.SEE_CASES)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """One case, everything on one page. Opening it takes away the mark of something new."""
    found = visible_case(request, case_id)
    if found.protected and request.staff.may(Permission.SEE_PROTECTED):
        record(verb="case.protected_read", subject_type="case", subject_id=found.pk, by=request.staff.actor, level=1)
    response = case_page(request, found)
    if found.unread and found.officer_id in {None, request.staff.user.pk}:
        mark_read(case_id=found.pk, by=request.staff.actor)
    return response


def visible_case(request: StaffRequest, case_id: int) -> Case:
    """The case, if the person may see it; NotFound otherwise, as for one that does not exist."""
    cases = Case.objects.visible_to(request.staff).select_related(
        "case_type", "version", "category", "unit", "area", "officer", "duplicate_of"
    )
    found = cases.filter(pk=case_id).first()
    if found is None:
        raise NotFound
    return found


def case_page(
    request: StaffRequest, found: Case, *, failed: dict[str, DeedForm] | None = None, status: int = 200
) -> HttpResponse:
    """The case beside its list."""
    context = list_context(request, current=found)
    context["case"] = {
        **case_context(request.staff, found, failed=failed),
        "previous_url": _step(context["page"], found, -1),
        "next_url": _step(context["page"], found, 1),
    }
    if found.lat is not None:
        context["map"] = map_settings(request.organisation, lat=found.lat, lon=found.lon, zoom=15)
    return render(request, "desk/inbox.html", context, status=status)


def list_context(request: StaffRequest, *, current: Case | None = None) -> dict[str, Any]:
    """What the list shows, alone or beside an open case."""
    staff = request.staff
    view = BY_SLUG.get(request.GET.get("vy", ""), VIEWS[0])
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    query = urlencode({name: value for name, value in {"vy": view.slug, "q": words}.items() if value})
    after = request.GET.get("efter", "")
    found = page_of(cases_in(staff, view, words=words), after, newest_first=bool(words) or view.slug == "avslutade")
    more = f"{reverse('desk:inbox')}?{query}&{urlencode({'efter': found.next})}" if found.next else ""
    rows = [_row(case, query, after, current) for case in found.cases]
    summary = ngettext("%(n)s ärende", "%(n)s ärenden", len(rows)) % {"n": f"{len(rows)}+" if more else len(rows)}
    return {
        **frame(staff, view.slug if not words else ""),
        "q": words,
        "view": {
            "label": _("Sök: %(words)s") % {"words": words} if words else view.label,
            "summary": summary if rows else str(view.empty),
        },
        "page": Rows(rows, next_url=more),
        "bulk": [],
        "back_url": f"{reverse('desk:inbox')}?{query}",
        "case": None,
    }


def frame(staff: Staff, current: str) -> dict[str, Any]:
    """The desk's own navigation, with counts."""
    counts = view_counts(staff)
    views = [
        {
            "label": view.label,
            "url": f"{reverse('desk:inbox')}?vy={view.slug}",
            "count": _count(counts.get(view.slug)),
            "current": view.slug == current,
            "hot": view.slug == "forsenat" and bool(counts.get(view.slug)),
        }
        for view in VIEWS
    ]
    tools = []
    if staff.may(Permission.REVIEW_PUBLICATION):
        tools.append(_tool("granska", _("Att granska"), "desk:review", review_count(staff), current))
    if staff.may(Permission.SEE_OUTBOX):
        failed = failed_count()
        tools.append({**_tool("utkorg", _("Utkorg"), "desk:outbox", failed, current), "hot": failed > 0})
    return {"views": views, "tools": tools, "staff": staff}


def _tool(slug: str, label: str, name: str, count: int, current: str) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "count": _count(count), "current": slug == current, "hot": False}


def _count(number: int | None) -> str | None:
    if number is None:
        return None
    return str(number) if number < COUNT_TO else f"{COUNT_TO - 1}+"


def _row(case: Case, query: str, after: str, current: Case | None) -> dict[str, Any]:
    where = query if not after else f"{query}&{urlencode({'efter': after})}"
    parts = [str(KINDS.get(case.kind).label), case.area.name if case.area else case.unit.name]
    if case.officer:
        parts.append(case.officer.full_name)
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "url": f"{reverse('desk:case', args=[case.pk])}?{where}",
        "meta": " · ".join(parts),
        "deadline": deadline_of(case).chip,
        "unread": case.unread,
        "current": current is not None and case.pk == current.pk,
    }


def _step(rows: Rows, found: Case, step: int) -> str:
    """The address of the row before or after the open case in the list that is shown."""
    ids = [row["id"] for row in rows]
    if found.pk not in ids:
        return ""
    place = ids.index(found.pk) + step
    return str(rows.object_list[place]["url"]) if 0 <= place < len(ids) else ""


@require_GET
@requires(Permission.SEE_OUTBOX)
def outbox_page(request: StaffRequest) -> HttpResponse:
    """What has left and what has not, newest first; failed ones can be sent again."""
    wanted = request.GET.get("lage", "")
    state = NoticeState(wanted) if wanted in NoticeState.values else None
    before = request.GET.get("fore", "")
    found = outbox(state=state, before=int(before) if before.isdecimal() and len(before) < 18 else None)
    may_resend = request.staff.may(Permission.RESEND)
    more = urlencode({"lage": wanted, "fore": found.next_before}) if found.next_before else ""
    choices = [("", _("Alla")), *((state.value, str(label)) for state, label in STATE_LABELS.items())]
    context = {
        **frame(request.staff, "utkorg"),
        "page": Rows([_notice(row, may_resend) for row in found.rows], next_url=f"?{more}" if more else ""),
        "states": [
            {"value": value, "label": label, "count": None, "selected": value == wanted} for value, label in choices
        ],
    }
    return render(request, "desk/outbox.html", context)


_TONES = {
    NoticeState.QUEUED: ("late", "clock"),
    NoticeState.SENT: ("resolved", "check"),
    NoticeState.FAILED: ("over", "warn"),
    NoticeState.CANCELLED: ("calm", "ban"),
}


def _notice(row: OutboxRow, may_resend: bool) -> dict[str, Any]:
    tone, icon = _TONES[row.state]
    case_id = row.about[1] if row.about and row.about[0] == "case" else None
    return {
        "id": row.id,
        "kind_label": row.label,
        "channel_label": {"email": _("mejl")}.get(row.sender, row.sender),
        "address": row.address or _("(skyddad)"),
        "subject": row.subject,
        "created_at": row.created_at,
        "state_label": row.state_label,
        "tone": tone,
        "icon": icon,
        "attempts": row.attempts,
        "next_try_at": row.next_try_at if row.state == NoticeState.QUEUED else None,
        "last_error": row.last_error,
        "case_number": _("Öppna") if case_id else "",
        "case_url": reverse("desk:case", args=[case_id]) if case_id else "",
        "resend_url": reverse("desk:resend", args=[row.id]) if may_resend and row.can_resend else "",
    }


@require_POST
@requires(Permission.RESEND)
def resend_notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Try a failed notice again."""
    resend(notice_id=notice_id, by=request.staff.actor)
    return redirect("desk:outbox")
