"""The questions of a case type: a list with one form, so that nobody has to read JSON to ask one more thing."""

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.case_types import create_version, mark_of
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.description_words import DATATYPES, value_in_words
from lyhord.cases.questions import Datatype, Question, in_language
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.type_rows import one_type

MANAGE = Permission.MANAGE_CASE_TYPES
LISTS = {Datatype.SINGLECHOICE.value, Datatype.MULTICHOICE.value}


class QuestionForm(PlainForm):
    """One question."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    label_sv = forms.CharField(
        label=gettext_lazy("Frågan på svenska"),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv frågan på svenska.")},
    )
    label_en = forms.CharField(label=gettext_lazy("Frågan på engelska"), required=False, max_length=300)
    hint_sv = forms.CharField(label=gettext_lazy("Hjälp på svenska"), required=False, max_length=500)
    hint_en = forms.CharField(label=gettext_lazy("Hjälp på engelska"), required=False, max_length=500)
    datatype = forms.ChoiceField(
        label=gettext_lazy("Hur den besvaras"), choices=[(one.value, label) for one, label in DATATYPES.items()]
    )
    options = forms.CharField(
        label=gettext_lazy("Svar att välja mellan"),
        help_text=gettext_lazy(
            "Ett per rad: svenska | engelska. Kod och likhetstecken före är svarets kod, som aldrig ska ändras: "
            "liten = Mindre än en tallrik | Smaller than a plate"
        ),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    required = forms.BooleanField(label=gettext_lazy("Måste besvaras"), required=False)
    show_if = forms.MultipleChoiceField(
        label=gettext_lazy("Frågas bara efter något av svaren"),
        help_text=gettext_lazy("Välj svar på en och samma fråga, eller inget: då frågas den alltid."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, earlier: tuple[Question, ...], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "sv"
        self.fields["show_if"].choices = [  # type: ignore[attr-defined]  # a choice field
            (
                f"{question.code}={value}",
                f"{in_language(question.label, language)} {value_in_words(question, value, language)}",
            )
            for question in earlier
            for value in question.values()
        ]
        if not self.fields["show_if"].choices:  # type: ignore[attr-defined]  # a choice field
            del self.fields["show_if"]

    def content(self, before: dict[str, Any], taken: set[str]) -> dict[str, Any]:
        """The question as JSON; its code stays, or is made of its Swedish words."""
        given, said = self.cleaned_data, deepcopy(before)
        said["code"] = before.get("code") or _code(given["label_sv"], taken, "fraga")
        said["label"] = _texts(given["label_sv"], given["label_en"])
        said["hint"] = _texts(given["hint_sv"], given["hint_en"])
        said["datatype"] = given["datatype"]
        said["required"] = given["required"]
        said["options"] = _options(given["options"]) if given["datatype"] in LISTS else []
        if given["datatype"] != Datatype.NUMBER:
            for name in ("minimum", "maximum", "unit"):
                said.pop(name, None)
        said["show_if"] = _show_if(given.get("show_if", []))
        return said


def _initial(question: dict[str, Any]) -> dict[str, Any]:
    label, hint, show_if = question.get("label", {}), question.get("hint", {}), question.get("show_if")
    return {
        "label_sv": label.get("sv", ""),
        "label_en": label.get("en", ""),
        "hint_sv": hint.get("sv", ""),
        "hint_en": hint.get("en", ""),
        "datatype": question.get("datatype", "text"),
        "required": question.get("required", False),
        "options": "\n".join(
            f"{option['code']} = " + " | ".join(filter(None, [option["label"].get("sv"), option["label"].get("en")]))
            for option in question.get("options", [])
        ),
        "show_if": [f"{show_if['question']}={value}" for value in show_if["equals"]] if show_if else [],
    }


@require_GET
@requires(MANAGE)
def type_questions(request: StaffRequest, type_id: int) -> HttpResponse:
    """The questions in order."""
    found = one_type(type_id)
    language = get_language() or "sv"
    description = found.newest.description
    rows = [_row(question, description, language) for question in description.questions]
    context = {"type": found, "rows": rows, "base": mark_of(found.newest)}
    return page(request, "type_questions", "arendetyper", context)


def _row(question: Question, description: CaseTypeDescription, language: str) -> dict[str, Any]:
    acute = [one.value for one in description.acute if one.question == question.code]
    return {
        "code": question.code,
        "label": in_language(question.label, language),
        "datatype": DATATYPES[question.datatype],
        "options": [in_language(option.label, language) for option in question.options],
        "required": question.required,
        "conditional": question.show_if is not None,
        "acute": [value_in_words(question, value, language) for value in acute],
    }


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def type_question(request: StaffRequest, type_id: int, code: str = "") -> HttpResponse:
    """Add a question last, or change one."""
    found = one_type(type_id)
    newest = found.newest
    asked: list[dict[str, Any]] = newest.content.get("questions", [])
    index = _index(asked, code) if code else len(asked)
    before = asked[index] if code else {}
    initial = {**_initial(before), "base": mark_of(newest)}
    form = QuestionForm(newest.description.questions[:index], request.POST or None, initial=initial)
    if request.method == "POST":

        def save(given: dict[str, Any]) -> object:
            taken = {question["code"] for question in asked}
            questions = [*asked[:index], form.content(before, taken), *asked[index + 1 :]]
            return _save(request, type_id, newest.content, questions, given["base"])

        names = {f"questions.{index}.options": "options", f"questions.{index}": "label_sv"}
        if tried(form, save, names) is not None:
            messages.success(request, _("Frågan är sparad i utkastet."))
            return redirect("manage:type_questions", type_id=type_id)
    context = {"type": found, "form": form, "code": code}
    return page(request, "type_question", "arendetyper", context, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def change_questions(request: StaffRequest, type_id: int, code: str) -> HttpResponse:
    """Move a question up or down, or take it away."""
    found = one_type(type_id)
    asked: list[dict[str, Any]] = list(found.newest.content.get("questions", []))
    index = _index(asked, code)
    question = asked.pop(index)
    if "remove" not in request.POST:
        to = max(0, index - 1) if "up" in request.POST else min(len(asked), index + 1)
        asked.insert(to, question)
    return settle(
        request,
        lambda: _save(request, type_id, found.newest.content, asked, request.POST.get("base", "")),
        _("Utkastet är ändrat."),
        reverse("manage:type_questions", args=[type_id]),
    )


def _save(
    request: StaffRequest, type_id: int, content: dict[str, Any], questions: list[dict[str, Any]], base: str
) -> object:
    return create_version(
        case_type_id=type_id, content={**content, "questions": questions}, base=base, by=request.staff.actor
    )


def _index(asked: list[dict[str, Any]], code: str) -> int:
    for index, question in enumerate(asked):
        if question["code"] == code:
            return index
    raise NotFound


def _texts(swedish: str, english: str) -> dict[str, str]:
    said = {"sv": swedish.strip(), "en": english.strip()}
    return {language: text for language, text in said.items() if text}


def _options(text: str) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    taken: set[str] = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, sep, labels = line.partition(" = ")
        if not sep:
            code, labels = "", line
        swedish, _sep, english = labels.partition("|")
        code = code.strip() or _code(swedish, taken, "svar")
        taken.add(code)
        options.append({"code": code, "label": _texts(swedish, english)})
    return options


def _show_if(chosen: list[str]) -> dict[str, Any] | None:
    pairs = [choice.partition("=")[::2] for choice in chosen]
    questions = {question for question, _value in pairs}
    if len(questions) > 1:
        raise Invalid({"show_if": _("Svaren hör till olika frågor. Välj svar på en av dem.")})
    return {"question": questions.pop(), "equals": [value for _question, value in pairs]} if pairs else None


def _code(words: str, taken: set[str], otherwise: str) -> str:
    base = slugify(words).replace("-", "_").strip("_")[:30] or otherwise
    base = base if base[0].isalpha() else f"{otherwise}_{base}"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code
