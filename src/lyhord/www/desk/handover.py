"""Handing a case over to whoever is responsible: what would go there is read first."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.models import Case
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.exchange import handover
from lyhord.exchange.models import System
from lyhord.www.desk.deeds import say_what_is_wrong
from lyhord.www.desk.forms import DeedForm, several_lines
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.views import visible_case


class HandOverForm(DeedForm):
    """What the resident is told, and to whom the case goes."""

    slug = "hand-over"
    message = several_lines(4, length=5000, label=lazy("Det här får den som hörde av sig veta"))
    to = forms.CharField(widget=forms.HiddenInput, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_CASES)
def hand_over(request: StaffRequest, case_id: int) -> HttpResponse:
    """Choose whom, read what goes, and hand it over."""
    case = visible_case(request, case_id)
    if not handover.hands_over():
        raise NotFound
    problem = handover.hindrance(case)
    takers = [] if problem else handover.takers(case)
    chosen = _chosen(takers, request.POST.get("to") or request.GET.get("till", ""))
    form = _form(request, case, chosen) if chosen else None
    status = 200
    if request.method == "POST" and form and chosen:
        status = 422
        if form.is_valid():
            try:
                _do(request, case, chosen, form)
            except (Invalid, Conflict) as error:
                say_what_is_wrong(form, error)
                status = 409 if isinstance(error, Conflict) else 422
            else:
                messages.success(request, _("Ärendet är på väg till %(name)s.") % {"name": chosen.name})
                return redirect("desk:case", case.pk)
    context = {
        **frame(request.staff, ""),
        "case": {"id": case.pk, "number": case.number},
        "problem": problem,
        "takers": [{"id": one.pk, "name": one.name, "chosen": one == chosen} for one in takers],
        "shown": handover.preview(case, chosen) if chosen else None,
        "form": form,
    }
    return desk_page(request, "desk/hand_over.html", context, status=status)


def _chosen(takers: list[System], wanted: str) -> System | None:
    if len(takers) == 1 and not wanted:
        return takers[0]
    return next((one for one in takers if str(one.pk) == wanted), None)


def _form(request: StaffRequest, case: Case, to: System) -> HandOverForm:
    said = _("%(name)s ansvarar för det här, och vi har lämnat över ditt ärende dit. Vi berättar här vad de svarar.")
    start: dict[str, Any] = {"message": said % {"name": to.name}, "to": to.pk}
    return HandOverForm(case, request.POST if request.method == "POST" else None, initial=start)


def _do(request: StaffRequest, case: Case, to: System, form: HandOverForm) -> None:
    message = form.cleaned_data["message"]
    handover.hand_over(case_id=case.pk, system_id=to.pk, message=message, by=request.staff.actor)
