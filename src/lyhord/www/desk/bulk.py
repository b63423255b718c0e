"""The same deed for several cases at once: each by its own action, in one request, and what became of each is told."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.audit.models import Event
from lyhord.cases import tongues
from lyhord.cases.models import Case
from lyhord.cases.several import MOST, Became, Fate, several
from lyhord.www.desk.bulk_deeds import DEEDS, Deed
from lyhord.www.desk.deeds import number_in
from lyhord.www.desk.frame import desk_page, frame, inbox_url


@require_http_methods(["GET", "HEAD", "POST"])  # a GET is somebody who had to log in on the way
@requires(Permission.HANDLE_CASES)
def bulk(request: StaffRequest) -> HttpResponse:
    """Do one thing with all that are marked; what it needs to know more is asked for on a page in between."""
    query = request.GET.urlencode()
    back = f"{inbox_url()}?{query}" if query else inbox_url()
    if request.method != "POST":
        return redirect(back)
    deed, marked = DEEDS.get(request.POST.get("action", "")), _marked(request)
    if deed is None or not 0 < len(marked) <= MOST:
        sentence = _("Välj vad du vill göra.") if deed is None else _("Markera minst ett ärende först.")
        if len(marked) > MOST:
            sentence = _("Det blev för många. Markera högst %(most)s på en gång.") % {"most": MOST}
        messages.warning(request, sentence)
        return redirect(back)
    request.staff.demand(deed.permission)
    given: Mapping[str, Any] = {}
    if deed.form is not None:
        form = deed.form(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            return _ask(request, deed, form, marked, back)
        given = form.cleaned_data
    _do(request, deed, marked, given)
    return redirect(back)


def _marked(request: StaffRequest) -> dict[int, int]:
    """The marked cases and the revision of each that the person had before their eyes; nonsense is passed over."""
    found: dict[int, int] = {}
    for text in request.POST.getlist("id")[: 2 * MOST]:
        first, _dot, second = text.partition(".")
        case_id, revision = number_in(first), number_in(second)
        if case_id is not None and revision is not None:
            found[case_id] = revision
    return found


def _ask(request: StaffRequest, deed: Deed, form: forms.Form, marked: Mapping[int, int], back: str) -> HttpResponse:
    cases = Case.objects.visible_to(request.staff).filter(pk__in=list(marked)).order_by("pk")
    context = {
        **frame(request.staff, ""),
        "heading": deed.heading,
        "action": deed.slug,
        "form": form,
        "cases": [
            {
                "id": case.pk,
                "revision": marked[case.pk],
                "number": case.number,
                "title": case.title,
                "language": tongues.of_title(case),
            }
            for case in cases
        ],
        "submit_label": deed.label,
        "back_url": back,
    }
    return desk_page(request, "desk/bulk.html", context, status=422 if form.is_bound else 200)


def _do(request: StaffRequest, deed: Deed, marked: Mapping[int, int], given: Mapping[str, Any]) -> None:
    """Do it, and say what became of the cases."""
    staff = request.staff
    became = several(staff, marked, lambda case_id, revision: deed.do(staff, case_id, revision, given))
    by_fate: dict[Fate, list[Became]] = {}
    for one in became:
        by_fate.setdefault(one.fate, []).append(one)
    if done := len(by_fate.get(Fate.DONE, ())):
        messages.success(request, deed.said(done) % {"n": done})
    numbers = {one.case_id: one.number for one in became}
    for who, ids in _changed_by([one.case_id for one in by_fate.get(Fate.CHANGED, ())]).items():
        words = {"numbers": ", ".join(numbers[case_id] for case_id in ids), "who": who}
        messages.warning(request, _("%(numbers)s hade ändrats av %(who)s. Läs och försök igen.") % words)
    refused: dict[str, list[str]] = {}
    for one in by_fate.get(Fate.REFUSED, ()):
        refused.setdefault(one.sentence, []).append(one.number)
    for sentence, which in refused.items():
        messages.warning(request, f"{', '.join(which)}: {sentence}")
    if gone := len(by_fate.get(Fate.GONE, ())):
        sentence = ngettext("%(n)s ärende syns inte för dig längre.", "%(n)s ärenden syns inte för dig längre.", gone)
        messages.warning(request, sentence % {"n": gone})


def _changed_by(case_ids: list[int]) -> dict[str, list[int]]:
    """Who changed each of the cases last, and which: one question however many there are."""
    if not case_ids:
        return {}
    last = Event.objects.filter(subject_type="case", subject_id__in=case_ids).order_by("subject_id", "-id")
    found: dict[str, list[int]] = {}
    for event in last.distinct("subject_id"):
        who = event.actor_label if event.actor_kind == "person" else ""
        who = who or (_("invånaren") if event.actor_kind == "resident" else _("någon annan"))
        found.setdefault(who, []).append(event.subject_id)
    return found
