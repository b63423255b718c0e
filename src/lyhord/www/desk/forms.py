"""The desk's forms. They only read and show: what is allowed, the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import Membership
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, CaseType
from lyhord.cases.states import CHANGES, NEEDS_DATE, NEEDS_REASON, NEEDS_RESPONSIBLE, State
from lyhord.organisations.models import Unit


class DeedForm(forms.Form):
    """A form about one case; carries the revision that the person read."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("revision", case.revision)
        super().__init__(*args, **options)
        self.case = case


class ReplyForm(DeedForm):
    """An answer to the resident, or a note among staff."""

    text = forms.CharField(required=False)
    to = forms.CharField(required=False, initial="public")
    after = forms.CharField(required=False, initial="stay")


class StateForm(DeedForm):
    """Where the case goes; asks only for what the chosen state needs."""

    to = forms.ChoiceField(label=_("Nytt läge"), required=False)
    reason = forms.CharField(
        label=_("Varför, eller vad?"),
        help_text=_("Läses av den som hörde av sig."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(label=_("Till vilket datum?"), required=False, widget=forms.DateInput({"type": "date"}))
    responsible = forms.CharField(label=_("Vem ansvarar i stället?"), required=False, max_length=200)
    message = forms.CharField(
        label=_("Meddelande till den som hörde av sig"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        kind = KINDS.get(case.kind)
        allowed = [to for to in State if to in CHANGES[State(case.state)] & kind.states and to is not State.DUPLICATE]
        self.fields["to"] = forms.ChoiceField(
            label=_("Nytt läge"),
            required=False,
            choices=[("", _("Välj läge")), *((to.value, str(kind.words(to).staff)) for to in allowed)],
        )
        for name, states in (("reason", NEEDS_REASON), ("until", NEEDS_DATE), ("responsible", NEEDS_RESPONSIBLE)):
            _only_after(self.fields[name], states)
        for closing in kind.closing_fields:
            field = forms.CharField(
                label=str(closing.label),
                help_text=str(closing.hint),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            _only_after(field, closing.required_in)
            self.fields[f"closing_{closing.name}"] = field
        self.order_fields(["to", "reason", "until", "responsible", *self.fields, "message"])

    def closing(self) -> dict[str, str]:
        """What the kind asked for, by name."""
        return {
            name.removeprefix("closing_"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("closing_")
        }


def _only_after(field: forms.Field, states: frozenset[State]) -> None:
    """Ask the field only after one of those states is chosen (asked.js; without scripts it is always there)."""
    values = sorted(state.value for state in states)
    field.show_if = {"field_name": "to", "equals": values}  # type: ignore[attr-defined]  # read by parts/question.html


class AssignForm(DeedForm):
    """Who has the case."""

    officer = forms.ChoiceField(label=_("Handläggare"), required=False)

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        members = Membership.objects.filter(active=True).exclude(role="auditor").select_related("user")
        people = [(str(member.user_id), member.user.full_name) for member in members.order_by("sort_key")[:500]]
        self.fields["officer"] = forms.ChoiceField(
            label=_("Handläggare"),
            required=False,
            choices=[("", _("Ingen, lägg i enhetens lista")), *people],
            initial=str(case.officer_id or ""),
        )


class MoveForm(DeedForm):
    """Which unit the case goes to, and why."""

    unit = forms.ChoiceField(label=_("Till vilken enhet?"), required=False)
    reason = forms.CharField(
        label=_("Varför?"),
        help_text=_("Mottagaren läser det först. Den som hörde av sig ser det inte."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        units = [(str(unit.pk), unit.name) for unit in Unit.objects.order_by("sort_key") if unit.pk != case.unit_id]
        self.fields["unit"] = forms.ChoiceField(
            label=_("Till vilken enhet?"), required=False, choices=[("", _("Välj enhet")), *units]
        )
        self.order_fields(["unit", "reason"])


class MergeForm(DeedForm):
    """Which case it is the same as."""

    into = forms.CharField(
        label=_("Samma som ärende nummer"), help_text=_("Till exempel 26-4817"), required=False, max_length=20
    )


class ConvertForm(DeedForm):
    """What the case is really about."""

    case_type = forms.ChoiceField(label=_("Vad gäller det egentligen?"), required=False)

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        language = get_language() or "sv"
        groups: dict[str, list[tuple[str, str]]] = {}
        types = CaseType.objects.filter(active=True, current__isnull=False).exclude(pk=case.case_type_id)
        for case_type in types.select_related("current", "category").order_by("category__position", "position"):
            assert case_type.current is not None  # noqa: S101  # filtered above
            names = case_type.current.content["name"]
            group = case_type.category.name(language) if case_type.category else str(KINDS.get(case_type.kind).label)
            groups.setdefault(group, []).append((case_type.code, names.get(language) or names["sv"]))
        self.fields["case_type"] = forms.ChoiceField(
            label=_("Vad gäller det egentligen?"),
            required=False,
            choices=[("", _("Välj")), *groups.items()],
        )


class PublishForm(DeedForm):
    """What others will read. `ask_warned`: something looks personal, and the reviewer must say that it may be shown."""

    ask_warned = False
    title = forms.CharField(label=_("Rubrik"), required=False, max_length=200)
    text = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    answer = forms.CharField(label=_("Vårt svar"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    warned = forms.BooleanField(
        label=_("Jag har läst varningen. Det här får visas."), required=False, widget=forms.CheckboxInput
    )
    reason = forms.CharField(
        label=_("Varför inte?"),
        help_text=_("Sparas i ärendets historik."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
