"""What residents have written at openings, read through before others see it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.masking import find, masked
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.engagement import actions
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.models import Act
from lyhord.engagement.queries import waiting
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.review import marked

REVIEW = Permission.REVIEW_PUBLICATION
MOST = 50


class OpinionForm(PlainForm):
    """What others will read."""

    use_required_attribute = False
    text = forms.CharField(
        label=lazy("Text som visas"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    answer = forms.CharField(
        label=lazy("Kommunens svar, för alla att läsa"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@requires(REVIEW)
def opinions(request: StaffRequest) -> HttpResponse:
    """Those that nobody has read, the oldest first."""
    rows = list(waiting()[: MOST + 1])
    context = {**frame(request.staff, "asikter"), "rows": [_row(act) for act in rows[:MOST]], "more": len(rows) > MOST}
    return desk_page(request, "desk/opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REVIEW)
def opinion(request: StaffRequest, act_id: int) -> HttpResponse:
    """One, with what looks like personal data marked: to show, with an answer or without, or not to show."""
    act = (
        Act.objects.select_related("opening__matter", "case").filter(pk=act_id).exclude(state=Act.State.COUNTED).first()
    )
    if act is None:
        raise NotFound
    hits = find(act.text)
    start = {"text": act.shown_text or masked(act.text, hits), "answer": act.answer}
    form = OpinionForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            show, given = "show" in request.POST, form.cleaned_data
            try:
                actions.review(
                    act_id=act.pk, show=show, text=given["text"], answer=given["answer"], by=request.staff.actor
                )
                messages.success(request, _("Det visas nu för andra.") if show else _("Det visas inte för andra."))
                return redirect("desk:opinions")
            except Invalid as invalid:
                for name, sentence in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, str(sentence))
    context = {
        **frame(request.staff, "asikter"),
        "act": _row(act),
        "marked_text": marked(act.text, hits),
        "hits": [{"kind_label": str(hit.label), "text": act.text[hit.start : hit.end]} for hit in hits],
        "form": form,
    }
    return desk_page(request, "desk/opinion.html", context, status=status)


def _row(act: Act) -> dict[str, Any]:
    mechanism = MECHANISMS.find(act.opening.mechanism)
    return {
        "url": reverse("desk:opinion", args=[act.pk]),
        "text": act.text,
        "language": act.language,
        "at": act.at,
        "place": act.place_text,
        "question": act.opening.question,
        "matter": act.opening.matter.shown_title,
        "label": mechanism.label if mechanism else act.opening.mechanism,
        "case_url": reverse("desk:case", args=[act.case_id]) if act.case_id else "",
        "case_number": act.case.number if act.case else "",
        "waiting": act.state == Act.State.WAITING,
    }
