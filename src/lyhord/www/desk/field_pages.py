"""The pages of field work: the list and one case at a time."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases import tongues, whole_case
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.secrecy import Veil, may_know
from lyhord.cases.shortlist import around, shortlist
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.field_forms import FieldStateForm, PlaceForm, WriteForm
from lyhord.www.desk.forms import DeedForm
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.screen import thread
from lyhord.www.desk.views import visible_case

MOST_SAID = 4
"""Of what has been said last: the rest is read at the desk."""


@require_safe
@requires(Permission.SEE_CASES)
def field(request: StaffRequest) -> HttpResponse:
    """One's own list: by street, or as they came in; by nearness the device itself sorts it, and tells nobody."""
    order = _order(request)
    cases = shortlist(request.staff, by_street=order == "gata")
    context = {
        **frame(request.staff, "falt"),
        "order": order,
        "cases": [_row(request.staff, case, order) for case in cases],
        "any_closed": any(not case.open for case in cases),
    }
    return _marked(request, desk_page(request, "desk/field.html", context))


def _order(request: StaffRequest) -> str:
    return "alder" if request.GET.get("ordning") == "alder" else "gata"


def _row(staff: Staff, case: Case, order: str) -> dict[str, Any]:
    words, knows = KINDS.get(case.kind).words(State(case.state)), may_know(staff, case)
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "language": tongues.of_title(case),
        "url": _url(case.pk, order),
        "place_text": case.place_text if knows else "",
        "lat": case.lat if knows else None,
        "lon": case.lon if knows else None,
        "state": case.state,
        "state_label": str(words.staff),
        "state_icon": words.icon,
        "deadline": deadline_of(case).chip,
        "keep": not secret(case),
    }


def _url(case_id: int, order: str) -> str:
    url = reverse("desk:field_case", args=[case_id])
    return url if order == "gata" else f"{url}?ordning={order}"


def secret(case: Case) -> bool:
    """Whether the page must not be kept on a device, however convenient that would be."""
    return case.protected or case.confidential


@require_safe
@requires(Permission.SEE_CASES)
def field_case(request: StaffRequest, case_id: int) -> HttpResponse:
    """One case, as small as it can be. It does not count as read: the device fetches it before anybody looks."""
    return case_page(request, visible_case(request, case_id))


def case_page(request: StaffRequest, case: Case, *, failed: DeedForm | None = None, status: int = 200) -> HttpResponse:
    """The page, with a form that came back. No word of who reported it: who must ring opens the whole case."""
    staff, order = request.staff, _order(request)
    opened = whole_case.opened(case, staff)
    veil = Veil.over(staff, case, opened.reporter)
    place = around(shortlist(staff, by_street=order == "gata"), case.pk)
    said = thread(case, opened, veil)
    handles = staff.may(Permission.HANDLE_CASES)
    if failed is not None:
        failed.read_again(case)
    context = {
        **frame(staff, "falt"),
        "order": order,
        "here": f"?ordning={order}" if order != "gata" else "",
        "case": {
            **_row(staff, case, order),
            "place_text": "" if veil.on else case.place_text,
            "lat": None if veil.on else case.lat,
            "lon": None if veil.on else case.lon,
            "hidden": veil.on,
            "report": said[0],
            "later": said[1:][-MOST_SAID:],
            "handles": handles,
        },
        "listed": place.listed,
        "previous_url": _url(place.before, order) if place.before else "",
        "next_url": _url(place.after, order) if place.after else "",
        "forms": _forms(case, opened, failed) if handles else {},
    }
    if case.protected and staff.may(Permission.SEE_PROTECTED):
        record(verb="case.protected_read", subject_type="case", subject_id=case.pk, by=staff.actor, level=1)
    response = desk_page(request, "desk/field_case.html", context, status=status)
    if secret(case) or veil.on:
        response.headers["Cache-Control"] = "private, no-store"
    return _marked(request, response)


def _forms(case: Case, opened: whole_case.Opened, failed: DeedForm | None) -> dict[str, DeedForm]:
    newest = max((event.pk or 0 for event in opened.events), default=0)
    known: dict[str, DeedForm] = {failed.slug: failed} if failed is not None else {}
    return {
        "write": known.get("write") or WriteForm(case, initial={"token": str(uuid4())}),
        "state": known.get("state") or FieldStateForm(case, initial={"seen": newest}),
        "place": known.get("place") or PlaceForm(case, initial={"place_text": case.place_text}),
    }


def _marked(request: StaffRequest, response: HttpResponse) -> HttpResponse:
    """Whose page it is, and of when: a device shows nobody what it kept for another, nor what is older than a day."""
    response.headers["X-Lyhord-For"] = str(request.staff.user.pk)
    response.headers["X-Lyhord-At"] = str(int(now().timestamp() * 1000))
    return response
