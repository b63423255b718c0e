"""How residents have their say about a matter: what is opened, what came in, and what it led to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.clock import today
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues
from lyhord.engagement.hand_over import document
from lyhord.engagement.indicators import indicators
from lyhord.engagement.mechanism import MECHANISMS, Mechanism
from lyhord.engagement.methods import Method, methods
from lyhord.engagement.models import Influence, Opening
from lyhord.engagement.queries import evaluations_of, steps_of
from lyhord.engagement.results import counts
from lyhord.matters.models import Matter
from lyhord.matters.stages import kinds
from lyhord.organisations.queries import units_in_order
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.matters import MANAGE, SECTION, matter_behind


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": lazy("Skriv en dag."), "invalid": lazy("Skriv en dag.")},
    )


class OpeningForm(PlainForm):
    """An opening: what is asked and when, and what its mechanism asks for."""

    question = forms.CharField(
        label=lazy("Fråga"), max_length=200, error_messages={"required": lazy("Skriv vad du frågar om.")}
    )
    text = forms.CharField(
        label=lazy("Mer om det"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("Vad går att påverka, och vad gör det inte? Vad händer sedan?"),
    )
    stage = forms.ChoiceField(
        label=lazy("Steg"), required=False, help_text=lazy("Öppen bara medan ärendet är där."), choices=[]
    )
    opens_on = day_field(lazy("Första dagen"))
    closes_on = day_field(lazy("Sista dagen"))

    def __init__(self, matter: Matter, mechanism: Mechanism, *args: Any, row: Opening | None = None) -> None:
        names = ("question", "text", "stage", "opens_on", "closes_on", "formal", "unit_code")
        initial = {name: getattr(row, name) for name in names} if row else {"closes_on": matter.answer_until}
        super().__init__(*args, initial={**initial, **mechanism.written(row.settings if row else {})})
        language = get_language() or "sv"
        stages = [("", _("Alla steg")), *((one.code, one.name(language)) for one in kinds()[matter.kind].stages)]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]  # a ChoiceField
        if mechanism.may_be_formal:
            self.fields["formal"] = forms.BooleanField(
                label=_("Kräv att man loggar in"),
                required=False,
                help_text=_(
                    "För svar som ska räknas formellt. Slå på Låt invånare logga in under Utseende och kontakt."
                ),
            )
        if mechanism.becomes_case:
            units = [("", _("Som reglerna för fördelning säger")), *((u.code, u.name) for u in units_in_order())]
            self.fields["unit_code"] = forms.ChoiceField(label=_("Vem svarar"), required=False, choices=units)
        self.own = [one.name for one in mechanism.settings]
        for one in mechanism.settings:
            self.fields[one.name] = forms.CharField(
                label=str(one.label),
                help_text=str(one.hint),
                max_length=5000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}) if one.lines else forms.TextInput,
            )

    def values(self) -> OpeningValues:
        """As the action takes them."""
        given = self.cleaned_data
        return OpeningValues(
            question=given["question"],
            text=given["text"],
            stage=given["stage"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            formal=given.get("formal", False),
            unit_code=given.get("unit_code", ""),
            settings={name: given[name] for name in self.own},
        )


class OutcomeForm(PlainForm):
    """What it led to."""

    outcome = forms.CharField(
        label=lazy("Vad ledde det till?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy(
            "Med enkla ord: vad ni hörde, vad som ändrades, vad som inte gjorde det och varför. Visas för alla."
        ),
    )
    influence = forms.ChoiceField(
        label=lazy("Ändrade det något?"), required=False, widget=forms.RadioSelect, choices=Influence.choices
    )


@require_safe
@requires(MANAGE)
def openings(request: StaffRequest, matter_id: int) -> HttpResponse:
    """What is opened on a matter, how it goes, and the plan."""
    from lyhord.www.manage.engagement_plans import PlanForm, StepForm

    row = matter_behind(matter_id)
    found = list(Opening.objects.filter(matter=row).order_by("pk"))
    by_opening = counts([each.pk for each in found])
    steps = steps_of(row)
    planned = {step.method: methods()[step.method] for step in steps if step.method in methods()}
    context = {
        "matter": row,
        "on": request.organisation.has("engagement"),
        "rows": [
            {
                "opening": each,
                "mechanism": MECHANISMS.find(each.mechanism),
                "over": each.closes_on is not None and each.closes_on < today(),
                "said": sum(by_opening.get(each.pk, {}).values()),
            }
            for each in found
        ],
        "mechanisms": MECHANISMS.all(),
        "figures": indicators(row.pk),
        "methods": [_shown_method(one) for one in methods().values()],
        "plan_form": PlanForm(),
        "steps": [{"step": step, "form": StepForm(step), "new": MECHANISMS.find(step.mechanism)} for step in steps],
        "planned": [(code, method.name("sv")) for code, method in planned.items()],
        "evaluated": set(evaluations_of(row)),
    }
    return page(request, "openings", SECTION, context)


def _shown_method(method: Method) -> dict[str, Any]:
    language = get_language() or "sv"
    return {
        "code": method.code,
        "name": method.name(language),
        "promise": method.promise(language),
        "when": method.when(language),
        "not_when": method.not_when(language),
        "steps": [(step.day, step.title(language)) for step in method.steps],
        "evaluation": [asked.text(language) for asked in method.evaluation],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_opening(request: StaffRequest, matter_id: int, slug: str) -> HttpResponse:
    """A draft of one."""
    row, mechanism = matter_behind(matter_id), _mechanism(slug)
    form = OpeningForm(row, mechanism, request.POST or None)
    if request.method == "POST":
        made = tried(form, lambda given: _save(request, row, mechanism, form, None))
        if made is not None:
            messages.success(request, _("Sparat som utkast. Öppna när det är klart."))
            return redirect("manage:opening", matter_id=row.pk, opening_id=made.pk)
    context = {"matter": row, "mechanism": mechanism, "opening": None, "form": form}
    return page(request, "opening", SECTION, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def opening(request: StaffRequest, matter_id: int, opening_id: int) -> HttpResponse:
    """Change one."""
    row = matter_behind(matter_id)
    found, mechanism = _opening(row, opening_id)
    form = OpeningForm(row, mechanism, request.POST or None, row=found)
    saved = tried(form, lambda given: _save(request, row, mechanism, form, found.pk)) if form.is_bound else None
    if saved is not None:
        messages.success(request, _("Sparat."))
        return redirect("manage:opening", matter_id=row.pk, opening_id=found.pk)
    return _page(request, row, found, mechanism, form=form, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def switch_opening(request: StaffRequest, matter_id: int, opening_id: int) -> HttpResponse:
    """Open it to all, or close it."""
    row = matter_behind(matter_id)
    found, _mechanism_of = _opening(row, opening_id)
    state = Opening.State.CLOSED if found.state == Opening.State.OPEN else Opening.State.OPEN
    done = _("Öppen. De som följer ärendet får veta det.") if state == Opening.State.OPEN else _("Stängd.")
    return settle(
        request,
        lambda: actions.switch_opening(opening_id=found.pk, state=state, by=request.staff.actor),
        done,
        _address(found),
    )


@require_POST
@requires(MANAGE)
def opening_outcome(request: StaffRequest, matter_id: int, opening_id: int) -> HttpResponse:
    """Say what it led to."""
    row = matter_behind(matter_id)
    found, mechanism = _opening(row, opening_id)
    form = OutcomeForm(request.POST)

    def save(given: dict[str, Any]) -> Opening:
        return actions.tell_outcome(
            opening_id=found.pk, text=given["outcome"], influence=given["influence"], by=request.staff.actor
        )

    if tried(form, save) is not None:
        messages.success(request, _("Sparat. De som följer ärendet får veta det."))
        return redirect("manage:opening", matter_id=row.pk, opening_id=found.pk)
    return _page(request, row, found, mechanism, outcome_form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def opening_document(request: StaffRequest, matter_id: int, opening_id: int) -> HttpResponse:
    """All that was said, to print or save for the register; a POST notes that it has been handed over."""
    row = matter_behind(matter_id)
    found, _mechanism_of = _opening(row, opening_id)
    if request.method == "POST":
        return settle(
            request,
            lambda: actions.hand_over(opening_id=found.pk, by=request.staff.actor),
            _("Noterat att handlingen är lämnad till diariet."),
            _address(found),
        )
    response = render(request, "manage/opening_document.html", {"document": document(found), "matter": row})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: StaffRequest,
    row: Matter,
    found: Opening,
    mechanism: Mechanism,
    *,
    form: OpeningForm | None = None,
    outcome_form: OutcomeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by_choice = counts([found.pk]).get(found.pk, {})
    context = {
        "matter": row,
        "mechanism": mechanism,
        "opening": found,
        "form": form or OpeningForm(row, mechanism, row=found),
        "outcome_form": outcome_form
        or OutcomeForm(initial={"outcome": found.outcome, "influence": found.influence or Influence.PARTLY}),
        "choices": [(one.label, by_choice.get(one.code, 0)) for one in mechanism.choices(found.settings)],
        "said": sum(by_choice.values()),
    }
    return page(request, "opening", SECTION, context, status=status)


def _save(
    request: StaffRequest, row: Matter, mechanism: Mechanism, form: OpeningForm, opening_id: int | None
) -> Opening:
    return actions.save_opening(
        matter_id=row.pk,
        mechanism=mechanism.slug,
        values=form.values(),
        opening_id=opening_id,
        by=request.staff.actor,
    )


def _address(found: Opening) -> str:
    return reverse("manage:opening", args=[found.matter_id, found.pk])


def _mechanism(slug: str) -> Mechanism:
    found = MECHANISMS.find(slug)
    if found is None:
        raise NotFound
    return found


def _opening(matter: Matter, opening_id: int) -> tuple[Opening, Mechanism]:
    found = Opening.objects.filter(pk=opening_id, matter=matter).first()
    if found is None:
        raise NotFound
    found.matter = matter
    return found, _mechanism(found.mechanism)
