"""The desk's pages: a list, a case, an outbox, a review queue."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases.actions import mark_read
from lyhord.cases.desk_queries import BY_SLUG, COUNT_TO, VIEWS, cases_in, page_of, review_queue, view_counts
from lyhord.cases.models import Case
from lyhord.core.errors import NotFound
from lyhord.notifications.actions import resend
from lyhord.notifications.queries import outbox
from lyhord.organisations.models import Unit
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.screen import CaseScreen, case_screen


@require_GET
@requires(Permission.SEE_CASES)
def inbox(request: StaffRequest) -> HttpResponse:
    """A list of cases by view, unit and words; oldest waiting first."""
    return render(request, "desk/inbox.html", list_context(request))


def list_context(request: StaffRequest) -> dict[str, Any]:
    """What the list shows: also beside an open case."""
    staff = request.staff
    view = BY_SLUG.get(request.GET.get("vy", ""), VIEWS[0])
    words = request.GET.get("q", "").strip()[:200]
    unit = _unit(staff, request.GET.get("enhet", ""))
    cases = cases_in(staff, view, unit_id=unit.pk if unit else None, words=words)
    page = page_of(cases, request.GET.get("efter", ""), newest_first=bool(words) or view.slug == "avslutade")
    counts = view_counts(staff)
    return {
        "views": [
            {"slug": item.slug, "label": item.label, "count": counts.get(item.slug), "more": COUNT_TO}
            for item in VIEWS
        ],
        "view": view,
        "words": words,
        "unit": unit,
        "units": units_of(staff),
        "rows": [{"case": case, "deadline": deadline_of(case)} for case in page.cases],
        "next": page.next,
        "query": _query(view.slug, words, unit),
    }


def units_of(staff: Staff) -> list[Unit]:
    """The units whose cases the person may see, in Swedish order."""
    units = Unit.objects.order_by("sort_key")
    if staff.may(Permission.SEE_ALL_CASES):
        return list(units.filter(Q(confidential=False) | Q(pk__in=staff.unit_ids)))
    return list(units.filter(pk__in=staff.unit_ids))


def _unit(staff: Staff, pk: str) -> Unit | None:
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return next((unit for unit in units_of(staff) if unit.pk == int(pk)), None)


def _query(view: str, words: str, unit: Unit | None) -> str:
    from urllib.parse import urlencode

    values = {"vy": view, "q": words, "enhet": unit.pk if unit else ""}
    return urlencode({name: value for name, value in values.items() if value})


def visible_case(request: StaffRequest, case_id: int) -> Case:
    """The case, if the person may see it; NotFound otherwise, as for one that does not exist."""
    cases = Case.objects.visible_to(request.staff)
    case = cases.select_related("case_type", "version", "category", "unit", "area", "officer", "duplicate_of").filter(
        pk=case_id
    ).first()
    if case is None:
        raise NotFound
    return case


@require_GET
@requires(Permission.SEE_CASES)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """One case, everything on one page. Opening it takes away the mark of something new."""
    found = visible_case(request, case_id)
    screen = case_screen(request.staff, found)
    if screen.reporter and not screen.reporter.hidden and found.protected:
        record(
            verb="case.protected_read", subject_type="case", subject_id=found.pk, by=request.staff.actor, level=1
        )
    if found.unread and found.officer_id in {None, request.staff.user.pk}:
        mark_read(case_id=found.pk, by=request.staff.actor)
    return case_page(request, screen)


def case_page(request: StaffRequest, screen: CaseScreen, status: int = 200) -> HttpResponse:
    """The case beside its list."""
    return render(request, "desk/inbox.html", {**list_context(request), "screen": screen}, status=status)


@require_GET
@requires(Permission.REVIEW_PUBLICATION)
def review(request: StaffRequest) -> HttpResponse:
    """Cases that wait to be read through before others may see them; the oldest is open."""
    waiting = list(review_queue(request.staff).select_related("version", "unit", "category")[:51])
    chosen = visible_case(request, waiting[0].pk) if waiting else None
    context = {
        "waiting": waiting[:50],
        "more": len(waiting) > 50,
        "screen": case_screen(request.staff, chosen) if chosen else None,
    }
    return render(request, "desk/review.html", context)


@require_GET
@requires(Permission.SEE_OUTBOX)
def outbox_page(request: StaffRequest) -> HttpResponse:
    """What has left and what has not, newest first; failed ones can be sent again."""
    state = request.GET.get("lage", "")
    page = outbox(state=state, before=request.GET.get("fore", ""))
    context = {"page": page, "state": state, "may_resend": request.staff.may(Permission.RESEND)}
    return render(request, "desk/outbox.html", context)


@require_POST
@requires(Permission.RESEND)
def resend_notice(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Try a failed notice again."""
    resend(notice_id=notice_id, by=request.staff.actor)
    return redirect("desk_outbox")
