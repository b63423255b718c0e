"""The desk's forms. They only read and show: what is allowed, the actions decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lyhord.cases.handlers import members_who_see
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.queries import types_in_use
from lyhord.cases.states import NEEDS_DATE, NEEDS_REASON, NEEDS_RESPONSIBLE, State
from lyhord.core.forms import PlainForm
from lyhord.organisations.queries import units_in_order
from lyhord.www.public.report_form import Words
from lyhord.www.widgets import Select

NOT_IN_LIST = _("Välj något i listan.")


class Revision(forms.IntegerField):
    """Which revision of the case the person read; what is no number counts as none read."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        text = str(value or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None


class Choice(forms.ChoiceField):
    """One of a list, or nothing."""

    widget = Select

    def __init__(self, *, choices: Iterable[Any], **options: Any) -> None:
        messages = {"invalid_choice": NOT_IN_LIST}
        super().__init__(choices=list(choices), required=False, error_messages=messages, **options)


class Kept(Words):
    """Text that comes back as it was understood: a page never holds what no page may hold."""

    def bound_data(self, data: Any, initial: Any) -> str:
        return self.to_python(data)


class Limited(Kept):
    """Text that is refused when it is longer than there is room for; what was written is kept."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if len(text) > (self.max_length or 0):
            sentence = _("Skriv kortare, med högst %(limit)s tecken. Det du skrev finns kvar.")
            raise forms.ValidationError(sentence, params={"limit": self.max_length})
        return text


def several_lines(rows: int, *, length: int, **options: Any) -> Limited:
    """A field for some sentences."""
    return Limited(length=length, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DeedForm(PlainForm):
    """A form about one case; carries the revision that the person read."""

    slug = "deed"
    use_required_attribute = False
    revision = Revision(required=False)

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("revision", case.revision)
        options.setdefault("auto_id", f"id_{self.slug}_%s")  # several forms share the page
        super().__init__(*args, **options)
        self.case = case

    def read_again(self, case: Case) -> None:
        """The person is about to be shown the case as it is now: from here on this is what they have read."""
        self.data = {name: self.data[name] for name in self.data} | {"revision": str(case.revision)}


class ReplyForm(DeedForm):
    """An answer to the resident, or a note among staff.

    `files_kept`: pictures that came with it and are not sent yet. `looked`, where somebody asked to look it through
    first: text, language and hints.
    """

    slug = "reply"
    text = Kept(length=10_000)
    to = Kept(one_line=True, length=20, initial="public")
    after = Kept(one_line=True, length=20, initial="stay")
    photos = forms.Field(required=False)
    token = Kept(one_line=True, length=64)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.files_kept: list[dict[str, str]] = []
        self.looked: dict[str, Any] | None = None


class StateForm(DeedForm):
    """Where the case goes; asks only for what the chosen state needs."""

    slug = "state"

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        kind = KINDS.get(case.kind)
        choices = [
            ("", _("Välj läge")),
            *((to.value, str(kind.words(to).staff)) for to in kind.onward(State(case.state))),
        ]
        self.fields["to"] = Choice(label=_("Nytt läge"), choices=choices)
        self._ask("reason", NEEDS_REASON, several_lines(2, length=1000, label=_("Varför, eller vad?")))
        self.fields["reason"].help_text = _("Läses av den som hörde av sig.")
        until = forms.DateField(label=_("Till vilket datum?"), required=False, widget=forms.DateInput({"type": "date"}))
        until.error_messages = {"invalid": _("Skriv datumet så här: 2026-12-08.")}
        self._ask("until", NEEDS_DATE, until)
        self._ask(
            "responsible", NEEDS_RESPONSIBLE, Limited(one_line=True, length=200, label=_("Vem ansvarar i stället?"))
        )
        for closing in kind.closing_fields:
            field = several_lines(2, length=2000, label=str(closing.label), help_text=str(closing.hint))
            self._ask(f"closing_{closing.name}", closing.required_in, field)
        self.fields["message"] = several_lines(3, length=10_000, label=_("Meddelande till den som hörde av sig"))

    def _ask(self, name: str, states: frozenset[State], field: forms.Field) -> None:
        """A field that is asked after those states only (asked.js; without scripts it is always there)."""
        values = sorted(state.value for state in states)
        field.show_if = {"field_name": "to", "equals": values}  # type: ignore[attr-defined]  # parts/question.html
        self.fields[name] = field

    def closing(self) -> dict[str, str]:
        """What the kind asked for, by name."""
        return {
            name.removeprefix("closing_"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("closing_")
        }


class AskForm(DeedForm):
    """A question to whoever reported, and how long we wait."""

    slug = "ask"
    text = several_lines(3, length=10_000, label=_("Vad vill du veta?"), help_text=_("Läses av den som hörde av sig."))
    days = Choice(
        label=_("Hur länge väntar vi?"),
        choices=[("7", _("En vecka")), ("14", _("Två veckor")), ("30", _("En månad"))],
        initial="14",
        help_text=_("Halvvägs påminner vi en gång."),
    )
    closes = forms.BooleanField(label=_("Avsluta ärendet om inget svar kommer"), required=False)


class AssignForm(DeedForm):
    """Who has the case: only those who may see it."""

    slug = "assign"

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        people = [(str(member.user_id), member.user.full_name) for member in members_who_see(case)]
        choices = [("", _("Ingen, lägg i enhetens lista")), *people]
        self.fields["officer"] = Choice(label=_("Handläggare"), choices=choices, initial=str(case.officer_id or ""))


class MoveForm(DeedForm):
    """Which unit the case goes to, and why."""

    slug = "move"

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        units = [(str(unit.pk), unit.name) for unit in units_in_order() if unit.pk != case.unit_id]
        self.fields["unit"] = Choice(label=_("Till vilken enhet?"), choices=[("", _("Välj enhet")), *units])
        self.fields["reason"] = several_lines(
            2,
            length=1000,
            label=_("Varför?"),
            help_text=_("Mottagaren läser det först. Den som hörde av sig ser det inte."),
        )


class MergeForm(DeedForm):
    """Which case it is the same as."""

    slug = "merge"
    into = Limited(one_line=True, length=20, label=_("Samma som ärende nummer"), help_text=_("Till exempel 26-4817"))


class UnmergeForm(DeedForm):
    """Asks nothing."""

    slug = "unmerge"


class ConvertForm(DeedForm):
    """What the case is really about."""

    slug = "convert"

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        choices = [("", _("Välj")), *types_by_kind(exclude=case.case_type_id)]
        self.fields["case_type"] = Choice(label=_("Vad gäller det egentligen?"), choices=choices)


class ProtectForm(DeedForm):
    """Asks nothing."""

    slug = "protect"


class UnprotectForm(DeedForm):
    """Why it was a mistake."""

    slug = "unprotect"
    reason = several_lines(2, length=1000, label=_("Varför behövs inget skydd?"))


def types_by_kind(*, exclude: int = 0) -> list[tuple[str, list[tuple[str, str]]]]:
    """All sorts that can be chosen, under their kind."""
    language = get_language() or "sv"
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, code, kind, names in types_in_use():
        if pk != exclude:
            name = names.get(language) or names.get("sv", code)
            groups.setdefault(str(KINDS.get(kind).label), []).append((code, name))
    return list(groups.items())


class PublishForm(DeedForm):
    """What others will read. `ask_warned`: something looks personal, and the reviewer must say that it may be shown."""

    slug = "publish"
    ask_warned = False
    title = Limited(one_line=True, length=200, label=_("Rubrik"))
    text = several_lines(6, length=10_000, label=_("Text"))
    answer = several_lines(4, length=10_000, label=_("Vårt svar"))
    warned = forms.BooleanField(
        label=_("Jag har läst varningen. Det här får visas."), required=False, widget=forms.CheckboxInput
    )
    reason = several_lines(2, length=1000, label=_("Varför inte?"), help_text=_("Sparas i ärendets historik."))
