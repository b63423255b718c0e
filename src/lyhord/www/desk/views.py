"""The desk's main page: a list with a case beside it."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases import whole_case
from lyhord.cases.actions import mark_read
from lyhord.cases.models import Case
from lyhord.core.errors import NotFound
from lyhord.www.desk.forms import DeedForm
from lyhord.www.desk.frame import desk_page
from lyhord.www.desk.listing import list_context, neighbours
from lyhord.www.desk.screen import case_context
from lyhord.www.public.shown import map_settings


@require_safe
@requires(Permission.SEE_CASES)
def inbox(request: StaffRequest) -> HttpResponse:
    """A list of cases by view, unit and words; oldest waiting first."""
    return desk_page(request, "desk/inbox.html", list_context(request))


@require_safe
@requires(Permission.SEE_CASES)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """One case, everything on one page. Opening it takes away the mark of something new."""
    found = visible_case(request, case_id)
    response = case_page(request, found)
    if (
        found.unread
        and found.officer_id in {None, request.staff.user.pk}
        and request.staff.may(Permission.HANDLE_CASES)
    ):
        mark_read(case_id=found.pk, by=request.staff.actor)
    return response


def visible_case(request: StaffRequest, case_id: int) -> Case:
    """The case, if the person may see it; NotFound otherwise, as for one that does not exist."""
    found = whole_case.visible_case(request.staff, case_id)
    if found is None:
        raise NotFound
    return found


def case_page(
    request: StaffRequest, found: Case, *, failed: dict[str, DeedForm] | None = None, status: int = 200
) -> HttpResponse:
    """The case beside its list. That somebody has read who a protected reporter is, is written down."""
    staff = request.staff
    for form in (failed or {}).values():
        form.read_again(found)
    context = list_context(request, current=found)
    shown = case_context(staff, found, here=context["here"], failed=failed)
    context["case"] = {**shown, **neighbours(context, found)}
    if shown["lat"] is not None:
        context["map"] = map_settings(request.organisation, lat=shown["lat"], lon=shown["lon"], zoom=15)
    if found.protected and staff.may(Permission.SEE_PROTECTED):
        record(verb="case.protected_read", subject_type="case", subject_id=found.pk, by=staff.actor, level=1)
    response = desk_page(request, "desk/inbox.html", context, status=status)
    if found.protected:
        response.headers["Cache-Control"] = "private, no-store"
    return response
