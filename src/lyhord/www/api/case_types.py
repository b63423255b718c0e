"""What can be reported, what is asked about it, and what a text seems to be about."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases.acute import always_stops, number_to_ring
from lyhord.cases.description import AcuteAnswer, CaseTypeDescription, Owner
from lyhord.cases.open_data import open_types
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.questions import NO, YES, Datatype, in_language, yes_and_no
from lyhord.cases.questions import Question as AskedQuestion
from lyhord.cases.type_guess import suggest_types
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.intake.submission import TEXT_LENGTH
from lyhord.organisations.models import Organisation
from lyhord.www.api.answers import OPEN, SECRET, answer
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.organisation import language_of

router = Router(tags=["case types"], auth=ANYBODY)


class TypeRow(BaseModel):
    """One sort of errand."""

    code: str
    kind: str
    name: str
    help: str
    group: str = Field(description="Name of the category, empty for none.")
    asks: bool = Field(description="Whether there are questions.")
    takes_reports: bool = Field(description="False where one must ring, or turn to somebody else, instead.")


class TypeRows(BaseModel):
    """The sorts, in the organisation's order."""

    items: list[TypeRow]


class Option(BaseModel):
    """One answer to choose."""

    code: str
    label: str


class ShowIf(BaseModel):
    """The question is asked only after one of these answers."""

    question: str
    equals: list[str]


class Question(BaseModel):
    """One question of the form; "info" asks nothing, its label is read."""

    code: str
    label: str
    hint: str
    datatype: Datatype
    required: bool
    options: list[Option]
    show_if: ShowIf | None
    minimum: float | None
    maximum: float | None
    unit: str


class Acute(BaseModel):
    """An answer that cannot wait; without a question it holds for the whole type."""

    question: str | None
    value: str
    message: str
    phone: str
    stop: bool = Field(description="True when nothing can be sent: ring instead.")


class Other(BaseModel):
    """Somebody else who looks after this."""

    name: str
    text: str
    url: str
    phone: str
    stop: bool


class CaseType(TypeRow):
    """One sort of errand, with all that is asked."""

    questions: list[Question]
    acute: list[Acute]
    owner: Other | None
    publishable: bool
    asks_place: str = Field(description='"required", "optional", "none", or "kind": as the kind says.')


class Asked(BaseModel):
    """A text that somebody is writing."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(max_length=40)] = "felanmalan"
    text: Annotated[str, Field(max_length=TEXT_LENGTH)]


class Suggestion(BaseModel):
    """A likely sort, and how likely: 0 to 1."""

    code: str
    name: str
    confidence: float


class Suggestions(BaseModel):
    """Surest first; empty when nothing in the text points anywhere."""

    items: list[Suggestion]


@router.get("/case-types", response=TypeRows, summary="Case types")
def case_types(request: ApiRequest, kind: Annotated[str, Query(max_length=40)] = "") -> HttpResponse:
    """What can be reported today; `kind` narrows it."""
    rows = open_types().values_list("code", "kind", "category__names", "current__content")
    if kind:
        rows = rows.filter(kind=clean_text(kind))
    language = language_of(request)
    items = [_row(code, of_kind, names, content, language) for code, of_kind, names, content in rows]
    return answer(request, TypeRows(items=items), cache=OPEN)


def _row(code: str, kind: str, names: Mapping[str, str] | None, content: Mapping[str, Any], language: str) -> TypeRow:
    """From the stored JSON: reading each as a whole description would cost more than all the rest."""
    return TypeRow(
        code=code,
        kind=kind,
        name=in_language(content["name"], language),
        help=in_language(content.get("help", {}), language),
        group=in_language(dict(names or {}), language),
        asks=bool(content.get("questions")),
        takes_reports=not always_stops(content),
    )


@router.get("/case-types/{code}", response=CaseType, summary="A case type with its questions")
def case_type(request: ApiRequest, code: str) -> HttpResponse:
    """One type: its questions, what cannot wait for a form, and who else may look after it."""
    found = type_by_code(code)
    if found is None or found.current is None:
        raise NotFound
    language, description = language_of(request), found.current.description
    group = found.category.names if found.category else None
    row = _row(found.code, found.kind, group, found.current.content, language)
    body = CaseType(
        **row.model_dump(),
        questions=[_question(one, language) for one in description.questions],
        acute=[_acute(one, request.organisation, language) for one in description.acute],
        owner=_owner(description.owner, request.organisation, language) if description.owner else None,
        publishable=_publishable(description),
        asks_place=description.place,
    )
    return answer(request, body, cache=OPEN)


def _publishable(description: CaseTypeDescription) -> bool:
    return description.publication.allowed and not description.confidential


def _question(question: AskedQuestion, language: str) -> Question:
    return Question(
        code=question.code,
        label=in_language(question.label, language),
        hint=in_language(question.hint, language),
        datatype=question.datatype,
        required=question.required,
        options=_options(question, language),
        show_if=ShowIf(question=question.show_if.question, equals=list(question.show_if.equals))
        if question.show_if
        else None,
        minimum=question.minimum,
        maximum=question.maximum,
        unit=in_language(question.unit, language),
    )


def _options(question: AskedQuestion, language: str) -> list[Option]:
    if question.datatype is Datatype.YESNO:
        words = yes_and_no(language)
        return [Option(code=code, label=label) for code, label in zip((YES, NO), words, strict=True)]
    return [Option(code=one.code, label=in_language(one.label, language)) for one in question.options]


def _acute(acute: AcuteAnswer, organisation: Organisation, language: str) -> Acute:
    return Acute(
        question=acute.question,
        value=acute.value,
        message=in_language(acute.message, language),
        phone=number_to_ring(acute.phone or "", organisation),
        stop=acute.stop,
    )


def _owner(owner: Owner, organisation: Organisation, language: str) -> Other:
    return Other(
        name=in_language(owner.name, language),
        text=in_language(owner.text, language),
        url=owner.url,
        phone=number_to_ring(owner.phone or "", organisation),
        stop=owner.stop,
    )


@router.post("/suggestions", response=Suggestions, summary="What a text seems to be about")
def suggestions(request: ApiRequest, asked: Asked) -> HttpResponse:
    """The likeliest types of what is being written. Nothing is kept; a POST so that no words stand in an address."""
    found = suggest_types(clean_text(asked.text), kind=asked.kind)
    named = dict(
        open_types().filter(code__in=[one.code for one in found]).values_list("code", "current__content__name")
    )
    language = language_of(request)
    items = [
        Suggestion(code=one.code, name=in_language(named[one.code], language), confidence=one.confidence)
        for one in found
        if one.code in named
    ]
    return answer(request, Suggestions(items=items), cache=SECRET)
