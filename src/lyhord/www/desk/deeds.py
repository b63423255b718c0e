"""What staff do with a case. Each reads its form, calls one action, and goes on; what is wrong is said by the field."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.errors import Conflict, Invalid, LyhordError
from lyhord.www.desk.screen import case_screen
from lyhord.www.desk.views import case_page, visible_case

type Deed = Callable[[StaffRequest, Case], str]


def _deed(name: str, permission: Permission) -> Callable[[Deed], Callable[..., HttpResponse]]:
    """A POST that changes one case: the function returns the words of the toast.

    When something is wrong the case's page comes back with the sentence at the field and the text still there.
    """

    def wrap(deed: Deed) -> Callable[..., HttpResponse]:
        @require_POST
        @requires(permission)
        def view(request: StaffRequest, case_id: int) -> HttpResponse:
            case = visible_case(request, case_id)
            try:
                done = deed(request, case)
            except (Invalid, Conflict, LyhordError) as error:
                screen = case_screen(request.staff, visible_case(request, case_id))
                screen.form = name
                screen.errors = dict(error.errors) if isinstance(error, Invalid) else {"": error.message}
                screen.kept = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
                return case_page(request, screen, status=409 if isinstance(error, Conflict) else 422)
            messages.success(request, done)
            return redirect(_next(request, case))

        return view

    return wrap


def _next(request: StaffRequest, case: Case) -> str:
    """Back to the case, or to the list, as the person chose; never to another site."""
    query = request.GET.urlencode()
    where = reverse("desk_inbox") if request.POST.get("sedan") == "listan" else reverse("desk_case", args=[case.pk])
    return f"{where}?{query}" if query else where


def _revision(request: StaffRequest) -> int | None:
    value = request.POST.get("revision", "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _number(request: StaffRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else None


def _text(request: StaffRequest, name: str = "text") -> str:
    return str(request.POST.get(name, ""))


@_deed("reply", Permission.HANDLE_CASES)
def reply(request: StaffRequest, case: Case) -> str:
    """Answer the resident, or write among staff: the form has one choice for it."""
    if request.POST.get("to") == "internal":
        actions.note(case_id=case.pk, text=_text(request), by=request.staff.actor)
        return _("Anteckningen är sparad. Bara ni som arbetar med ärendet ser den.")
    actions.reply(case_id=case.pk, text=_text(request), by=request.staff.actor, revision=_revision(request))
    return _("Svaret på %(number)s är skickat.") % {"number": case.number}


@_deed("assign", Permission.HANDLE_CASES)
def assign(request: StaffRequest, case: Case) -> str:
    """Take the case, give it to somebody, or give it back to the unit."""
    officer = request.staff.user.pk if request.POST.get("officer") == "me" else _number(request, "officer")
    if officer != request.staff.user.pk:
        request.staff.demand(Permission.ASSIGN_CASES)
    changed = actions.assign(
        case_id=case.pk, officer_id=officer, by=request.staff.actor, revision=_revision(request)
    )
    if changed.officer_id is None:
        return _("Ärendet har ingen handläggare nu.")
    return _("Du har hand om ärendet.") if officer == request.staff.user.pk else _("Ärendet har ny handläggare.")


@_deed("move", Permission.ASSIGN_CASES)
def move(request: StaffRequest, case: Case) -> str:
    """Send the case to another unit."""
    moved = actions.move(
        case_id=case.pk,
        unit_id=_number(request, "unit") or 0,
        reason=_text(request, "reason"),
        by=request.staff.actor,
        revision=_revision(request),
    )
    return _("Ärendet %(number)s finns nu hos %(unit)s.") % {"number": case.number, "unit": moved.unit.name}


@_deed("state", Permission.HANDLE_CASES)
def change_state(request: StaffRequest, case: Case) -> str:
    """Plan, wait, resolve, refuse, reopen."""
    try:
        to = State(request.POST.get("to", ""))
    except ValueError:
        raise Invalid({"to": _("Välj ett läge.")}) from None
    actions.change_state(
        case_id=case.pk,
        to=to,
        by=request.staff.actor,
        reason=_text(request, "reason"),
        until=_day(_text(request, "until")),
        responsible=_text(request, "responsible"),
        message=_text(request, "message"),
        closing={key.removeprefix("closing_"): str(value) for key, value in request.POST.items() if "closing_" in key},
        revision=_revision(request),
    )
    return _("Läget är ändrat.")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid({"until": _("Skriv ett datum, till exempel 2026-12-08.")}) from None


@_deed("merge", Permission.HANDLE_CASES)
def merge(request: StaffRequest, case: Case) -> str:
    """Close the case as the same as another one that the person may see."""
    number = _text(request, "into").strip()
    if not Case.objects.visible_to(request.staff).filter(number=number).exists():
        raise Invalid({"into": _("Vi hittar inget ärende med det numret.")})
    actions.merge(case_id=case.pk, into_number=number, by=request.staff.actor)
    return _("%(number)s är ihopslaget med %(other)s.") % {"number": case.number, "other": number}


@_deed("unmerge", Permission.HANDLE_CASES)
def unmerge(request: StaffRequest, case: Case) -> str:
    """Take two cases apart again."""
    actions.unmerge(case_id=case.pk, by=request.staff.actor)
    return _("Ärendet är ett eget ärende igen.")


@_deed("convert", Permission.CONVERT_CASES)
def convert(request: StaffRequest, case: Case) -> str:
    """Give the case another type."""
    actions.convert(
        case_id=case.pk, type_code=_text(request, "case_type"), by=request.staff.actor, revision=_revision(request)
    )
    return _("Sorten är ändrad. Nummer och historik är kvar.")


@_deed("publish", Permission.REVIEW_PUBLICATION)
def publish(request: StaffRequest, case: Case) -> str:
    """Show the case to others, keep it, or take it back."""
    what = request.POST.get("what", "")
    if what == "decline":
        actions.decline_publication(case_id=case.pk, by=request.staff.actor, reason=_text(request, "reason"))
        return _("Ärendet visas inte för andra.")
    if what == "withdraw":
        actions.withdraw(case_id=case.pk, by=request.staff.actor, reason=_text(request, "reason"))
        return _("Ärendet visas inte längre för andra.")
    actions.publish(
        case_id=case.pk,
        title=_text(request, "title"),
        text=_text(request),
        answer=_text(request, "answer"),
        photo_ids=[int(pk) for pk in request.POST.getlist("photos") if pk.isdecimal() and len(pk) < 18],
        warned=request.POST.get("warned") == "1",
        by=request.staff.actor,
    )
    return _("Ärendet visas nu för andra.")
