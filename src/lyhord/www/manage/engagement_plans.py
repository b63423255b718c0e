"""A matter's plan by a method of the library, and what was learnt; and a matter that no paper has named."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.clock import today
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.engagement import actions
from lyhord.engagement.methods import Method, methods
from lyhord.engagement.models import Step
from lyhord.engagement.queries import evaluations_of
from lyhord.matters.actions import make_matter
from lyhord.matters.models import Matter
from lyhord.matters.stages import FORMAL, kinds
from lyhord.www.manage.engagement import day_field
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.matters import MANAGE, SECTION, matter_behind


class PlanForm(PlainForm):
    """When a method begins; its code stands on the button."""

    starts_on = day_field(lazy("Börjar"), required=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"starts_on": today()}, **options)


class StepForm(PlainForm):
    """One step."""

    due_on = day_field(lazy("Dag"), required=True)
    done = forms.BooleanField(label=lazy("Klart"), required=False)

    def __init__(self, step: Step, *args: Any) -> None:
        initial = {"due_on": step.due_on, "done": step.done_at is not None}
        super().__init__(*args, initial=initial, auto_id=f"id_step{step.pk}_%s")


class EvaluationForm(PlainForm):
    """A method's questions about how it went."""

    def __init__(self, method: Method, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "sv"
        for asked in method.evaluation:
            self.fields[asked.code] = forms.CharField(
                label=asked.text(language), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )


class MatterForm(PlainForm):
    """A matter made by hand."""

    title = forms.CharField(
        label=lazy("Namn"), max_length=200, error_messages={"required": lazy("Skriv vad ärendet heter.")}
    )
    kind = forms.ChoiceField(label=lazy("Vad för sorts ärende"), choices=[])
    text = forms.CharField(
        label=lazy("Vad det handlar om"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "sv"
        choices = [(one.code, one.name(language)) for one in kinds().values() if one.code != FORMAL]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_matter(request: StaffRequest) -> HttpResponse:
    """Make one, for what no paper has named yet."""
    form = MatterForm(request.POST or None)

    def save(given: dict[str, Any]) -> Matter:
        return make_matter(title=given["title"], kind=given["kind"], text=given["text"], by=request.staff.actor)

    if request.method == "POST":
        made = tried(form, save)
        if made is not None:
            return redirect("manage:openings", matter_id=made.pk)
    return page(request, "new_matter", SECTION, {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def make_plan(request: StaffRequest, matter_id: int) -> HttpResponse:
    """Put a method's steps on the matter, or take those that are not done away (`bort`)."""
    row = matter_behind(matter_id)
    method, form = request.POST.get("method", ""), PlanForm(request.POST)
    if method not in methods():
        raise NotFound
    back = f"{reverse('manage:openings', args=[row.pk])}#plan"
    if request.POST.get("bort"):
        return settle(
            request,
            lambda: actions.drop_plan(matter_id=row.pk, method=method, by=request.staff.actor),
            _("Stegen som inte var klara är borta."),
            back,
        )
    if not form.is_valid():
        messages.error(request, _("Skriv en dag som planen börjar."))
        return redirect(back)
    starts_on = form.cleaned_data["starts_on"]
    return settle(
        request,
        lambda: actions.make_plan(matter_id=row.pk, method=method, starts_on=starts_on, by=request.staff.actor),
        _("Stegen ligger nu i planen."),
        back,
    )


@require_POST
@requires(MANAGE)
def change_step(request: StaffRequest, matter_id: int, step_id: int) -> HttpResponse:
    """Move a step, or tick it."""
    row = matter_behind(matter_id)
    step = Step.objects.filter(pk=step_id, matter=row).first()
    if step is None:
        raise NotFound
    form = StepForm(step, request.POST)
    back = f"{reverse('manage:openings', args=[row.pk])}#plan"
    if not form.is_valid():
        messages.error(request, _("Skriv en dag."))
        return redirect(back)
    given = form.cleaned_data
    return settle(
        request,
        lambda: actions.set_step(step_id=step.pk, due_on=given["due_on"], done=given["done"], by=request.staff.actor),
        _("Sparat."),
        back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def evaluation(request: StaffRequest, matter_id: int, slug: str) -> HttpResponse:
    """Answer a method's questions about how it went."""
    row, method = matter_behind(matter_id), methods().get(slug)
    if method is None:
        raise NotFound
    known = evaluations_of(row).get(slug)
    form = EvaluationForm(method, request.POST or None, initial=known.answers if known else {})

    def save(given: dict[str, Any]) -> object:
        return actions.evaluate(matter_id=row.pk, method=slug, answers=given, by=request.staff.actor)

    if request.method == "POST" and tried(form, save) is not None:
        messages.success(request, _("Sparat."))
        return redirect("manage:openings", matter_id=row.pk)
    context = {"matter": row, "form": form, "name": method.name(get_language() or "sv")}
    return page(request, "evaluation", SECTION, context, status=422 if form.is_bound else 200)
