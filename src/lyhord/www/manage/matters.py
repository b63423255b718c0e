"""A matter as staff see it: put its words right, say where it is, and tie it to the cases that it began with."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.public_queries import by_number
from lyhord.core.clock import today
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.following.queries import count
from lyhord.matters import actions
from lyhord.matters.models import CaseLink, Matter
from lyhord.matters.public_queries import Wanted, found
from lyhord.matters.stages import kinds
from lyhord.matters.topics import topics
from lyhord.www.manage.frame import page, tried

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "beslut"
PAGE = 50


class WordsForm(PlainForm):
    """The matter in words."""

    plain_title = forms.CharField(
        label=lazy("Namn som alla förstår"),
        max_length=200,
        required=False,
        help_text=lazy("Tomt: rubriken i protokollet."),
    )
    plain_text = forms.CharField(
        label=lazy("Beslutet med enkla ord"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=lazy("Visas före den ordagranna texten. Vad blir det, vad kostar det, när?"),
    )
    title = forms.CharField(label=lazy("Rubrik ur handlingarna"), max_length=500)
    topics = forms.MultipleChoiceField(
        label=lazy("Handlar om"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    hidden = forms.BooleanField(
        label=lazy("Visa inte för invånare"),
        required=False,
        help_text=lazy("Till exempel om en person går att känna igen."),
    )

    def __init__(self, matter: Matter, *args: Any, **options: Any) -> None:
        names = ("plain_title", "plain_text", "title", "hidden")
        options["initial"] = {name: getattr(matter, name) for name in names}
        options["initial"]["topics"] = list(matter.topics.filter(denied=False).values_list("topic", flat=True))
        super().__init__(*args, **options)
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # see above
        field.choices = [(topic.code, topic.name("sv")) for topic in topics().values()]


class StageForm(PlainForm):
    """A step that no paper tells of."""

    stage = forms.ChoiceField(label=lazy("Steg"), choices=[])
    occurred_on = forms.DateField(
        label=lazy("Dag"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": lazy("Skriv en dag."), "invalid": lazy("Skriv en dag.")},
    )
    answer_until = forms.DateField(
        label=lazy("Sista dag att svara"),
        required=False,
        help_text=lazy("Bara för samråd och granskning."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, matter: Matter, *args: Any, **options: Any) -> None:
        options["initial"] = {"stage": matter.stage, "occurred_on": today()}
        super().__init__(*args, **options)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # see above
        field.choices = [(row.code, row.name("sv")) for row in kinds()[matter.kind].stages]


class LinkForm(PlainForm):
    """The case that a matter began with, by its number."""

    number = forms.CharField(
        label=lazy("Ärendenummer"), max_length=20, error_messages={"required": lazy("Skriv ärendets nummer.")}
    )


@require_safe
@requires(MANAGE)
def matters(request: StaffRequest) -> HttpResponse:
    """The matters that are shown, newest first; `?q=` finds."""
    q = clean_text(request.GET.get("q", ""), one_line=True)[:200]
    rows = Paginator(found(Wanted(words=q)), PAGE).get_page(request.GET.get("sida"))
    return page(request, "matters", SECTION, {"page": rows, "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def matter(request: StaffRequest, matter_id: int) -> HttpResponse:
    """One matter: its words, and forms for the rest."""
    row = matter_behind(matter_id)
    form = WordsForm(row, request.POST or None)
    if request.method == "POST" and tried(form, lambda given: _save(request, row, given)) is not None:
        messages.success(request, _("Sparat."))
        return redirect("manage:matter", matter_id=row.pk)
    return matter_page(request, row, form=form, status=422 if form.is_bound else 200)


def _save(request: StaffRequest, row: Matter, given: dict[str, Any]) -> Matter:
    by = request.staff.actor
    changed = actions.set_words(
        matter_id=row.pk,
        plain_title=given["plain_title"],
        plain_text=given["plain_text"],
        title=given["title"],
        by=by,
    )
    actions.set_topics(matter_id=row.pk, codes=given["topics"], by=by)
    actions.set_hidden(matter_id=row.pk, hidden=given["hidden"], by=by)
    return changed


@require_POST
@requires(MANAGE)
def stage(request: StaffRequest, matter_id: int) -> HttpResponse:
    """Say that it has come to a step."""
    row = matter_behind(matter_id)
    form = StageForm(row, request.POST)

    def save(given: dict[str, Any]) -> Matter:
        return actions.set_stage(
            matter_id=row.pk,
            stage_code=given["stage"],
            occurred_on=given["occurred_on"],
            answer_until=given["answer_until"],
            by=request.staff.actor,
        )

    if tried(form, save) is not None:
        messages.success(request, _("Sparat."))
        return redirect("manage:matter", matter_id=row.pk)
    return matter_page(request, row, stage_form=form, status=422)


def matter_page(
    request: StaffRequest,
    row: Matter,
    *,
    form: WordsForm | None = None,
    stage_form: StageForm | None = None,
    link_form: LinkForm | None = None,
    merge_form: forms.Form | None = None,
    split_form: forms.Form | None = None,
    other: Matter | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a matter with its forms; those that came back with something wrong in place of new ones.

    `other` is the matter that it is about to be put into, once somebody says that they are sure.
    """
    from lyhord.www.manage.matter_moves import MergeForm, SplitForm

    context = {
        "matter": row,
        "form": form or WordsForm(row),
        "stage_form": stage_form or StageForm(row),
        "link_form": link_form or LinkForm(),
        "merge_form": merge_form or MergeForm(),
        "split_form": split_form or SplitForm(row),
        "other": other,
        "links": CaseLink.objects.filter(matter=row).select_related("case").order_by("pk"),
        "numbers": [each.number for each in row.numbers.order_by("number")],
        "followers": count("matter", row.pk),
    }
    return page(request, "matter", SECTION, context, status=status)


@require_POST
@requires(MANAGE)
def link_case(request: StaffRequest, matter_id: int) -> HttpResponse:
    """Tie it to a case by the case's number, or untie it (`bort`)."""
    row = matter_behind(matter_id)
    form = LinkForm(request.POST)
    act = actions.unlink_case if request.POST.get("bort") else actions.link_case

    def save(given: dict[str, Any]) -> bool:
        case = by_number(given["number"])
        if case is None:
            raise Invalid({"number": _("Det finns inget ärende med det numret.")})
        act(matter_id=row.pk, case_id=case.pk, by=request.staff.actor)
        return True

    if tried(form, save):
        messages.success(request, _("Sparat."))
        return redirect("manage:matter", matter_id=row.pk)
    return matter_page(request, row, link_form=form, status=422)


def matter_behind(matter_id: int) -> Matter:
    """The matter, unless it was put into another; NotFound for none."""
    row = Matter.objects.filter(pk=matter_id, merged_into__isnull=True).first()
    if row is None:
        raise NotFound
    return row
