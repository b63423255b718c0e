"""What staff do with a case. Each reads its form, calls one action, and goes on; what is wrong is said by the field."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
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
from lyhord.www.desk import forms
from lyhord.www.desk.views import case_page, visible_case

type Deed[F: forms.DeedForm] = Callable[[StaffRequest, Case, F], str]


def _deed[F: forms.DeedForm](
    slug: str, form_class: type[F], permission: Permission
) -> Callable[[Deed[F]], Callable[..., HttpResponseBase]]:
    """A POST that changes one case: the function returns the words that confirm it.

    When something is wrong the case's page comes back with the sentence at the field and the text still there.
    """

    def wrap(deed: Deed[F]) -> Callable[..., HttpResponseBase]:
        @require_POST
        @requires(permission)
        def view(request: StaffRequest, case_id: int) -> HttpResponse:
            case = visible_case(request, case_id)
            form = form_class(case, request.POST)
            status = 422
            if form.is_valid():
                try:
                    done = deed(request, case, form)
                except LyhordError as error:
                    say_what_is_wrong(form, error)
                    status = 409 if isinstance(error, Conflict) else 422
                else:
                    messages.success(request, done)
                    return redirect(_next(request, case))
            return case_page(request, visible_case(request, case_id), failed={slug: form}, status=status)

        return view

    return wrap


def say_what_is_wrong(form: forms.DeedForm, error: LyhordError) -> None:
    """Put each sentence at its field; what belongs to no field goes on top."""
    sentences = error.errors if isinstance(error, Invalid) else {"": error.message}
    for name, sentence in sentences.items():
        field = name if name in form.fields else f"closing_{name}"
        form.add_error(field if field in form.fields else None, str(sentence))


def _next(request: StaffRequest, case: Case) -> str:
    """Where the person wanted to go: stay, the next case, or the list; never to another site."""
    query = request.GET.urlencode()
    after = request.POST.get("after", "stay")
    where = reverse("desk:inbox") if after in {"list", "next"} else reverse("desk:case", args=[case.pk])
    following = request.POST.get("next_id", "")
    if after == "next" and following.isdecimal() and len(following) < 18:
        where = reverse("desk:case", args=[int(following)])
    return f"{where}?{query}" if query else where


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


@_deed("reply", forms.ReplyForm, Permission.HANDLE_CASES)
def reply(request: StaffRequest, case: Case, form: forms.ReplyForm) -> str:
    """Answer the resident, or write among staff: the form has one choice for it."""
    given = form.cleaned_data
    if given["to"] == "internal":
        actions.note(case_id=case.pk, text=given["text"], by=request.staff.actor)
        return _("Anteckningen är sparad. Bara ni som arbetar med ärendet ser den.")
    actions.reply(case_id=case.pk, text=given["text"], by=request.staff.actor, revision=given["revision"])
    return _("Svaret på %(number)s är skickat.") % {"number": case.number}


@_deed("assign", forms.AssignForm, Permission.HANDLE_CASES)
def assign(request: StaffRequest, case: Case, form: forms.AssignForm) -> str:
    """Take the case, give it to somebody, or give it back to the unit."""
    me = request.staff.user.pk
    officer = _number(form.cleaned_data["officer"]) if "officer" in request.POST else me
    if officer != me:
        request.staff.demand(Permission.ASSIGN_CASES)
    actions.assign(case_id=case.pk, officer_id=officer, by=request.staff.actor, revision=form.cleaned_data["revision"])
    if officer is None:
        return _("Ärendet har ingen handläggare nu.")
    return _("Du har hand om ärendet.") if officer == me else _("Ärendet har ny handläggare.")


@_deed("move", forms.MoveForm, Permission.ASSIGN_CASES)
def move(request: StaffRequest, case: Case, form: forms.MoveForm) -> str:
    """Send the case to another unit."""
    given = form.cleaned_data
    moved = actions.move(
        case_id=case.pk,
        unit_id=_number(given["unit"]) or 0,
        reason=given["reason"],
        by=request.staff.actor,
        revision=given["revision"],
    )
    return _("Ärendet %(number)s finns nu hos %(unit)s.") % {"number": case.number, "unit": moved.unit.name}


@_deed("state", forms.StateForm, Permission.HANDLE_CASES)
def change_state(request: StaffRequest, case: Case, form: forms.StateForm) -> str:
    """Plan, wait, resolve, refuse, reopen."""
    given = form.cleaned_data
    if not given["to"]:
        raise Invalid({"to": _("Välj ett läge.")})
    actions.change_state(
        case_id=case.pk,
        to=State(given["to"]),
        by=request.staff.actor,
        reason=given["reason"],
        until=given["until"],
        responsible=given["responsible"],
        message=given["message"],
        closing=form.closing(),
        revision=given["revision"],
    )
    return _("Läget är ändrat.")


@_deed("merge", forms.MergeForm, Permission.HANDLE_CASES)
def merge(request: StaffRequest, case: Case, form: forms.MergeForm) -> str:
    """Close the case as the same as another one that the person may see."""
    number = form.cleaned_data["into"].strip()
    if not Case.objects.visible_to(request.staff).filter(number=number).exists():
        raise Invalid({"into": _("Vi hittar inget ärende med det numret.")})
    actions.merge(case_id=case.pk, into_number=number, by=request.staff.actor)
    return _("%(number)s är ihopslaget med %(other)s.") % {"number": case.number, "other": number}


@_deed("unmerge", forms.DeedForm, Permission.HANDLE_CASES)
def unmerge(request: StaffRequest, case: Case, form: forms.DeedForm) -> str:
    """Take two cases apart again."""
    actions.unmerge(case_id=case.pk, by=request.staff.actor)
    return _("Ärendet är ett eget ärende igen.")


@_deed("convert", forms.ConvertForm, Permission.CONVERT_CASES)
def convert(request: StaffRequest, case: Case, form: forms.ConvertForm) -> str:
    """Give the case another type."""
    given = form.cleaned_data
    actions.convert(case_id=case.pk, type_code=given["case_type"], by=request.staff.actor, revision=given["revision"])
    return _("Sorten är ändrad. Nummer och historik är kvar.")
