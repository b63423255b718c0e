"""The form in which somebody tells. It holds and shows what was written; what is right is decided by intake."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.kind import Kind
from lyhord.cases.public_queries import TypeChoice
from lyhord.cases.questions import NO, YES, Datatype, Question, in_language
from lyhord.core.errors import Text
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.intake.submission import PLACE_LENGTH, TEXT_LENGTH
from lyhord.organisations.models import Organisation
from lyhord.www.widgets import Select

SOMETHING_ELSE = "annat"
"""The value of the choice "something else": then the words are not guessed from."""
HIDDEN = ("lat", "lon", "accuracy", "position_source", "submission_id")


class Words(forms.CharField):
    """Text as a person wrote it, cleaned. Nothing is refused here: intake says what is too long."""

    def __init__(self, *, one_line: bool = False, length: int, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self.one_line = one_line
        self.max_length = length  # for the counter and the attribute
        if not self.widget.is_hidden:
            self.widget.attrs["maxlength"] = str(length)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""), one_line=self.one_line)

    def clean(self, value: Any) -> str:
        return self.to_python(value)


class Anything(forms.MultipleChoiceField):
    """Choices of which none is refused here: the case type's description is asked, when it is known which it is."""

    def validate(self, value: Any) -> None:
        return None


class AnyChoice(forms.ChoiceField):
    """The same for one choice."""

    widget = Select

    def validate(self, value: Any) -> None:
        return None


def grouped(types: Sequence[TypeChoice]) -> list[tuple[str, Any]]:
    """Types as choices of a select, under the names of their categories."""
    choices: list[tuple[str, Any]] = [("", _("Jag vet inte"))]
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in types:
        groups.setdefault(choice.group, []).append((choice.code, choice.name))
    for name, members in groups.items():
        choices += [(name, members)] if name else members
    return [*choices, (SOMETHING_ELSE, _("Inget av det här"))]


class ReportForm(PlainForm):
    """All fields may be empty; the text alone must not be, and intake says so in the kind's own words."""

    required_css_class = ""
    text = Words(length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5}))
    place_text = Words(
        one_line=True, length=PLACE_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    lat = Words(one_line=True, length=40, widget=forms.HiddenInput)
    lon = Words(one_line=True, length=40, widget=forms.HiddenInput)
    accuracy = Words(one_line=True, length=40, widget=forms.HiddenInput)
    position_source = Words(one_line=True, length=10, widget=forms.HiddenInput)
    submission_id = Words(one_line=True, length=64, widget=forms.HiddenInput)
    photos = forms.Field(required=False, widget=forms.FileInput)
    case_type = AnyChoice(required=False)
    category = AnyChoice(required=False)
    contact = AnyChoice(required=False, choices=[("email", ""), ("sms", ""), ("code", "")])
    email = Words(
        one_line=True, length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )
    phone = Words(one_line=True, length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
    name = Words(one_line=True, length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    sender_kind = AnyChoice(required=False, widget=forms.RadioSelect)
    organisation_name = Words(one_line=True, length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    organisation_number = Words(one_line=True, length=20, widget=forms.TextInput(attrs={"class": "short"}))
    protected = forms.BooleanField(required=False)
    wants_feedback = forms.BooleanField(required=False)
    publish = forms.BooleanField(required=False)
    website = Words(one_line=True, length=200)

    def __init__(
        self,
        *,
        kind: Kind,
        types: Sequence[TypeChoice] = (),
        categories: Sequence[tuple[str, str]] = (),
        description: CaseTypeDescription | None = None,
        organisation: Organisation,
        language: str = "sv",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        start: dict[str, Any] = {
            "submission_id": str(uuid4()),
            "wants_feedback": True,
            "publish": kind.asks_place,
            "sender_kind": "person",
            "contact": _contact(initial or {}),
        }
        super().__init__(initial={**start, **(initial or {})}, use_required_attribute=False)
        self.kind = kind
        self.description = description
        self._say(kind)
        choice = self.fields["case_type"]
        if len(types) > 1:
            choice.choices = grouped(types)  # type: ignore[attr-defined]  # a ChoiceField
            choice.label = _("Vad det gäller")
        else:
            choice.widget = forms.HiddenInput()
        if (categories and description is None) or (description and description.category is None and categories):
            self.fields["category"].choices = [("", _("Jag vet inte")), *categories]  # type: ignore[attr-defined]  # a field by its name is any field; this one has choices
        else:
            del self.fields["category"]
        if description is not None:
            if not description.publication.allowed:
                del self.fields["publish"]  # nobody is asked for what would come to nothing
            for question in description.questions:
                self.fields[f"q_{question.code}"] = question_field(question, description, organisation, language)

    def _say(self, kind: Kind) -> None:
        """The words of the fields, in the language of the request."""
        texts: dict[str, tuple[Any, Any]] = {
            "text": (kind.text_question, kind.text_hint),
            "category": (_("Vilket område gäller det?"), ""),
            "sender_kind": (_("Jag skriver som"), ""),
            "organisation_name": (_("Företagets eller föreningens namn"), ""),
            "organisation_number": (_("Organisationsnummer"), _("Till exempel 212000-0142. Inget personnummer.")),
            "protected": (_("Jag har skyddade personuppgifter"), _("Då visas ärendet aldrig för andra.")),
            "wants_feedback": (_("Jag vill ha svar"), _("Vi avslutar aldrig ärendet utan att svara dig.")),
            "publish": (_("Visa för andra"), _("Vi läser igenom texten och bilden först. Ditt namn syns aldrig.")),
        }
        for name, (label, help_text) in texts.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["sender_kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("person", _("Privatperson")),
            ("company", _("Företag")),
            ("association", _("Förening")),
            ("visitor", _("Besökare")),
        ]

    @property
    def question_fields(self) -> Iterator[BoundField]:
        """The fields of the case type's questions."""
        return (self[name] for name in self.fields if name.startswith("q_"))


def _contact(initial: Mapping[str, Any]) -> str:
    """How they want to be told, by what is filled in: nobody must say who they are."""
    return "email" if initial.get("email") else "sms" if initial.get("phone") else "code"


def complain(form: forms.Form, errors: Mapping[str, Sequence[Text]]) -> None:
    """Show sentences at their fields of a form that holds initial values; others stand at the top."""
    shown = form.errors  # an unbound form has none of its own
    for name, sentences in errors.items():
        field = name if name in form.fields else NON_FIELD_ERRORS
        shown.setdefault(field, form.error_class()).extend(str(sentence) for sentence in sentences)


def question_field(
    question: Question, description: CaseTypeDescription, organisation: Organisation, language: str
) -> forms.Field:
    """A form field for one question."""
    field = _field_for(question, language)
    field.label = in_language(question.label, language)
    hint, unit = in_language(question.hint, language), in_language(question.unit, language)
    field.help_text = f"{hint} ({unit})".strip() if unit else hint
    _mark(field, question, description, organisation, language)
    return field


def _field_for(question: Question, language: str) -> forms.Field:
    """The sort of field that the question's datatype needs; what is required is judged by intake."""
    choices = [(option.code, in_language(option.label, language)) for option in question.options]
    match question.datatype:
        case Datatype.YESNO:
            yes_no = [(NO, _("Nej")), (YES, _("Ja"))]
            return AnyChoice(choices=yes_no, widget=forms.RadioSelect, required=False)
        case Datatype.SINGLECHOICE if len(choices) <= 6:
            return AnyChoice(choices=choices, widget=forms.RadioSelect, required=False)
        case Datatype.SINGLECHOICE:
            return AnyChoice(choices=[("", _("Välj")), *choices], required=False)
        case Datatype.MULTICHOICE:
            return Anything(choices=choices, widget=forms.CheckboxSelectMultiple, required=False)
        case Datatype.TEXTAREA:
            return Words(length=4000, widget=forms.Textarea(attrs={"rows": 3}))
        case Datatype.INFO:
            return forms.Field(required=False, disabled=True)
    attrs = {
        Datatype.NUMBER: {"inputmode": "decimal", "class": "short"},
        Datatype.DATE: {"type": "date", "class": "short"},
    }
    length = 200 if question.datatype is Datatype.TEXT else 20
    return Words(length=length, one_line=True, widget=forms.TextInput(attrs=attrs.get(question.datatype, {})))


def _mark(
    field: forms.Field,
    question: Question,
    description: CaseTypeDescription,
    organisation: Organisation,
    language: str,
) -> None:
    """What parts/question.html reads besides the usual: which answers must not wait, and when it is asked at all."""
    acute = [answer for answer in description.acute if answer.question == question.code]
    extra: dict[str, Any] = {"info": question.datatype is Datatype.INFO}
    if acute:
        extra |= {
            "acute_values": {answer.value for answer in acute},
            "acute_message": in_language(acute[0].message, language),
            "acute_phone": phone_number(acute[0].phone or "", organisation),
        }
    if question.show_if:
        extra["show_if"] = {"field_name": f"q_{question.show_if.question}", "equals": list(question.show_if.equals)}
    for name, value in extra.items():
        setattr(field, name, value)


def posted(data: QueryDict, *, pressed: bool = True) -> dict[str, Any]:
    """What was sent, as the initial values of a fresh form: nothing is checked and everything is kept.

    Before the first press nothing has been unticked: boxes that are not named stay as they begin.
    """
    kept: dict[str, Any] = {name: clean_text(data.get(name, "")) for name in ReportForm.base_fields if name in data}
    for name in ("wants_feedback", "publish", "protected") if pressed else ():
        kept[name] = name in data
    for key in data:
        if key.startswith("q_"):
            values = [clean_text(value) for value in data.getlist(key)]
            kept[key] = values if len(values) > 1 else values[0]
    return kept


def phone_number(phone: str, organisation: Organisation) -> str:
    """A number to ring; "emergency" and "office" are the organisation's own."""
    return {"emergency": organisation.emergency_phone, "office": organisation.phone}.get(phone, phone)
