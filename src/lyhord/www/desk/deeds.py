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
from lyhord.www.desk.frame import inbox_url
from lyhord.www.desk.views import case_page, visible_case

type Deed[F: forms.DeedForm] = Callable[[StaffRequest, Case, F], str]

_OTHER_NAMES = {"state": "to", "kind": "case_type"}  # fields of actions that the forms call something else


def _deed[F: forms.DeedForm](
    form_class: type[F], permission: Permission
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
                    messages.success(request, deed(request, case, form))
                    return onward(request, case)
                except (Invalid, Conflict) as error:
                    say_what_is_wrong(form, error)
                    status = 409 if isinstance(error, Conflict) else 422
            return case_page(request, visible_case(request, case_id), failed={form.slug: form}, status=status)

        return view

    return wrap


def say_what_is_wrong(form: forms.DeedForm, error: LyhordError) -> None:
    """Put each sentence at its field; what belongs to no field goes on top."""
    sentences = error.errors if isinstance(error, Invalid) else {"": error.message}
    for name, sentence in sentences.items():
        known = (name, f"closing_{name}", _OTHER_NAMES.get(name, ""))
        form.add_error(next((field for field in known if field in form.fields), None), str(sentence))


def onward(request: StaffRequest, case: Case) -> HttpResponse:
    """Where the person wanted to go: stay, the next case, or the list. Always a page of the desk that they may see."""
    query = request.GET.urlencode()
    after, following = request.POST.get("after", "stay"), number_in(request.POST.get("next_id", ""))
    wanted = following if after == "next" else case.pk if after == "stay" else None
    if wanted is not None and Case.objects.visible_to(request.staff).filter(pk=wanted).exists():
        where = reverse("desk:case", args=[wanted])
    else:
        where = inbox_url()
    return redirect(f"{where}?{query}" if query else where)


def number_in(text: str) -> int | None:
    """An id that the database can hold, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


@_deed(forms.AssignForm, Permission.HANDLE_CASES)
def assign(request: StaffRequest, case: Case, form: forms.AssignForm) -> str:
    """Take the case, give it to somebody, or give it back to the unit."""
    me = request.staff.user.pk
    officer = number_in(form.cleaned_data["officer"]) if "officer" in request.POST else me
    if officer != me:
        request.staff.demand(Permission.ASSIGN_CASES)
    actions.assign(case_id=case.pk, officer_id=officer, by=request.staff.actor, revision=form.cleaned_data["revision"])
    if officer is None:
        return _("Ärendet har ingen handläggare nu.")
    return _("Du har hand om ärendet.") if officer == me else _("Ärendet har ny handläggare.")


@_deed(forms.MoveForm, Permission.ASSIGN_CASES)
def move(request: StaffRequest, case: Case, form: forms.MoveForm) -> str:
    """Send the case to another unit."""
    given = form.cleaned_data
    moved = actions.move(
        case_id=case.pk,
        unit_id=number_in(given["unit"]) or 0,
        reason=given["reason"],
        by=request.staff.actor,
        revision=given["revision"],
    )
    return _("Ärendet %(number)s finns nu hos %(unit)s.") % {"number": case.number, "unit": moved.unit.name}


@_deed(forms.StateForm, Permission.HANDLE_CASES)
def change_state(request: StaffRequest, case: Case, form: forms.StateForm) -> str:
    """Plan, wait, resolve, refuse, reopen."""
    return turn(request, case, form, revision=form.cleaned_data["revision"])


def turn(request: StaffRequest, case: Case, form: forms.StateForm, *, revision: int | None) -> str:
    """The state that the form says, unless the case has changed since that revision."""
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
        revision=revision,
    )
    return _("Läget är ändrat.")


@_deed(forms.AskForm, Permission.HANDLE_CASES)
def ask(request: StaffRequest, case: Case, form: forms.AskForm) -> str:
    """Ask whoever reported something, and wait for the answer."""
    given = form.cleaned_data
    actions.ask_reporter(
        case_id=case.pk,
        text=given["text"],
        days=number_in(given["days"]) or 0,
        closes=given["closes"],
        by=request.staff.actor,
        revision=given["revision"],
    )
    return _("Frågan är skickad. Ärendet väntar på svar.")


@_deed(forms.MergeForm, Permission.HANDLE_CASES)
def merge(request: StaffRequest, case: Case, form: forms.MergeForm) -> str:
    """Close the case as the same as another one that the person may see."""
    number = form.cleaned_data["into"]
    if not Case.objects.visible_to(request.staff).filter(number=number).exists():
        raise Invalid({"into": _("Vi hittar inget ärende med det numret.")})
    actions.merge(case_id=case.pk, into_number=number, by=request.staff.actor)
    return _("%(number)s är ihopslaget med %(other)s.") % {"number": case.number, "other": number}


@_deed(forms.UnmergeForm, Permission.HANDLE_CASES)
def unmerge(request: StaffRequest, case: Case, form: forms.UnmergeForm) -> str:
    """Take two cases apart again."""
    actions.unmerge(case_id=case.pk, by=request.staff.actor)
    return _("Ärendet är ett eget ärende igen.")


@_deed(forms.ConvertForm, Permission.CONVERT_CASES)
def convert(request: StaffRequest, case: Case, form: forms.ConvertForm) -> str:
    """Give the case another type."""
    given = form.cleaned_data
    actions.convert(case_id=case.pk, type_code=given["case_type"], by=request.staff.actor, revision=given["revision"])
    return _("Sorten är ändrad. Nummer och historik är kvar.")


@_deed(forms.ProtectForm, Permission.HANDLE_CASES)
def protect(request: StaffRequest, case: Case, form: forms.ProtectForm) -> str:
    """The reporter has protected identity: from now on few see who it is."""
    actions.protect(case_id=case.pk, by=request.staff.actor, revision=form.cleaned_data["revision"])
    return _("Den som hörde av sig är skyddad.")


@_deed(forms.UnprotectForm, Permission.HANDLE_CASES)
def unprotect(request: StaffRequest, case: Case, form: forms.UnprotectForm) -> str:
    """It was a mistake."""
    request.staff.demand(Permission.SEE_PROTECTED)
    given = form.cleaned_data
    actions.unprotect(case_id=case.pk, reason=given["reason"], by=request.staff.actor, revision=given["revision"])
    return _("Skyddet är borta. Ärendet visas ändå inte för andra.")
