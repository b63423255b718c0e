"""One case type, one description: everything a municipality says about one sort of errand.

The form, the desk, the contact centre, Open311, routing, deadlines, publication, statistics and retention all read
the same description. It is stored as JSON in a version that never changes (`CaseTypeVersion.content`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from lyhord.cases.kind import KINDS
from lyhord.cases.questions import OptionalTexts, Part, Question, QuestionCode, Texts, in_language
from lyhord.cases.routing_rules import Rule
from lyhord.cases.windows import Season
from lyhord.core.errors import Invalid, Text


def _known_kind(slug: str) -> str:
    if KINDS.find(slug) is None:
        raise ValueError(gettext("Sorten finns inte."))
    return slug


type TypeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=80)]
"""Dots make the tree: "gata" is above "gata.hal"."""
type Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
type Phone = Annotated[str, StringConstraints(pattern=r"^(emergency|office|\+?[0-9][0-9 -]{1,20})$")]
"""A number, or "emergency" (the organisation's number round the clock) or "office" (its switchboard)."""
type Note = Annotated[str, StringConstraints(max_length=300)]


class AcuteAnswer(Part):
    """An answer that cannot wait for a form: says what to do instead, and whom to ring.

    Without a question it holds for the whole type. With `stop` nothing can be sent; without, it is a warning.
    """

    question: QuestionCode | None = None
    value: str = ""
    message: Texts
    phone: Phone | None = None
    stop: bool = True


class Owner(Part):
    """Somebody else who looks after this (road authority, power company): where to turn instead."""

    name: Texts
    text: Texts
    url: Annotated[str, StringConstraints(pattern=r"^(https://\S+)?$", max_length=300)] = ""
    phone: Phone | None = None
    stop: bool = False
    """True when we never take it; false when we take it and pass it on."""


class Routing(Part):
    """Where cases of the type go when no rule of the organisation hits: a unit of theirs, or a role to look up."""

    unit: Slug | None = None
    role: Slug | None = None
    rules: tuple[Rule, ...] = ()


class Deadline(Part):
    """The service guarantee. Amounts are counted in `unit`: days, or hours where the unit is working hours.

    Outside `season` the guarantee does not hold: `answer_days_outside` counts then, and None means the kind's default.
    """

    acknowledge_days: Annotated[int, Field(ge=0, le=365)] | None = None
    answer_days: Annotated[int, Field(ge=0, le=2000)] | None = None
    unit: Literal["working_days", "calendar_days", "working_hours"] = "working_days"
    season: Season | None = None
    answer_days_outside: Annotated[int, Field(ge=0, le=2000)] | None = None
    breach: OptionalTexts = {}
    """What the resident gets when the guarantee is not kept."""
    legal_reference: Note = ""
    decision: Note = ""


class PublicationRule(Part):
    """Whether others may read cases of this type. Somebody always reads them through first."""

    allowed: bool = True
    photos: bool = True
    review: Literal["required"] = "required"


class Retention(Part):
    """How long cases of the type are kept after they are closed; None is for ever."""

    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    legal_reference: Note = ""
    decision: Note = ""


class CaseTypeDescription(Part):
    """One version of one case type."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    code: TypeCode
    kind: Annotated[str, AfterValidator(_known_kind)]
    category: TypeCode | None = None
    """None: the resident chooses among the organisation's areas."""
    also_under: Annotated[tuple[TypeCode, ...], Field(max_length=10)] = ()
    """More categories that other systems' clients offer it under (FixMyStreet's `groups`)."""
    name: Texts
    plural: OptionalTexts = {}
    help: OptionalTexts = {}
    icon: Slug = "say"
    questions: Annotated[tuple[Question, ...], Field(max_length=30)] = ()
    acute: Annotated[tuple[AcuteAnswer, ...], Field(max_length=20)] = ()
    owner: Owner | None = None
    place: Literal["kind", "required", "optional", "none"] = "kind"
    confidential: bool = False
    """Care and school: only those with the right see it, and it is never published."""
    routing: Routing = Routing()
    deadline: Deadline = Deadline()
    process_guide: Slug | None = None
    templates: tuple[Slug, ...] = ()
    mandate: tuple[Slug, ...] = ()
    """Roles that may decide cases of the type; () is everybody who may handle them."""
    automatic_answer: Literal["none", "information", "decision"] = "none"
    automatic_answer_decision: Note = ""
    """The delegation that allows automatic decisions (förvaltningslagen 28 §, kommunallagen 6:37)."""
    publication: PublicationRule = PublicationRule()
    retention: Retention = Retention()
    duplicate_radius_m: Annotated[int, Field(ge=0, le=2000)] = 0
    """Metres within which an open case of the type is offered as the same; 0 never offers."""
    season: Season | None = None
    """When the type is shown first; it can be chosen all year."""
    open_from: date | None = None
    open_until: date | None = None
    """A campaign ("help us count dark lamps"): the type can be chosen from the first day up to and with the last."""
    thanks: OptionalTexts = {}
    """What the receipt says on top of the usual thanks."""
    words: tuple[Annotated[str, StringConstraints(min_length=2, max_length=60)], ...] = ()
    """Words that suggest the type; several words in one string must all occur."""
    asset_layer: Slug | None = None
    open311: Literal["realtime", "batch", "blackbox"] = "realtime"
    """How Open311 clients learn the number: with the answer, or later by a token (for types that are entered by hand
    into another system first), or never (blackbox: nobody is to follow it from there)."""

    @model_validator(mode="after")
    def _questions_hang_together(self) -> Self:
        earlier: dict[str, Question] = {}
        for question in self.questions:
            if question.code in earlier:
                raise ValueError(gettext("Två frågor har koden ”%(code)s”.") % {"code": question.code})
            if question.show_if is not None:
                _check_refers(earlier, question.show_if.question, question.show_if.equals)
            earlier[question.code] = question
        for acute in self.acute:
            if acute.question is not None:
                _check_refers(earlier, acute.question, (acute.value,))
        return self

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.open_from and self.open_until and self.open_until < self.open_from:
            raise ValueError(gettext("Sista dagen ligger före den första."))
        return self

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        if self.automatic_answer == "decision" and not self.automatic_answer_decision:
            raise ValueError(gettext("Automatiska beslut kräver ett delegationsbeslut. Skriv dess nummer."))
        if self.confidential and self.publication.allowed:
            raise ValueError(gettext("En sort som omfattas av sekretess kan inte publiceras."))
        return self

    def question(self, code: str) -> Question | None:
        """The question with that code."""
        return next((question for question in self.questions if question.code == code), None)

    def title(self, language: str) -> str:
        """The name in that language, in Swedish where there is none."""
        return in_language(self.name, language)

    def to_json(self) -> dict[str, Any]:
        """What is stored: plain JSON, without what was left at None."""
        return self.model_dump(mode="json", exclude_none=True)


def _check_refers(earlier: Mapping[str, Question], code: str, values: Sequence[str]) -> None:
    question = earlier.get(code)
    if question is None:
        raise ValueError(gettext("Frågan ”%(code)s” finns inte längre upp i formuläret.") % {"code": code})
    if not question.datatype.has_choices:
        raise ValueError(gettext("Frågan ”%(code)s” har inga svar att välja mellan.") % {"code": code})
    for value in values:
        if value not in question.values():
            raise ValueError(gettext("Frågan ”%(code)s” har inte svaret ”%(value)s”.") % {"code": code, "value": value})


def parse_description(data: Mapping[str, Any]) -> CaseTypeDescription:
    """The description in `data`, checked.

    Raises Invalid with one sentence per fault, keyed by its path: "questions.2.label".
    """
    try:
        return CaseTypeDescription.model_validate(data)
    except ValidationError as error:
        raise Invalid(_sentences(error)) from None


def _sentences(error: ValidationError) -> dict[str, Text]:
    sentences: dict[str, Text] = {}
    for fault in error.errors(include_url=False):
        path = ".".join(str(step) for step in fault["loc"])
        sentences.setdefault(path, sentence_of(fault["type"], fault.get("ctx", {})))
    return sentences


def sentence_of(fault: str, context: Mapping[str, Any]) -> str:
    """One of pydantic's error types, with what it knows besides, as a sentence; ours hold the sentence."""
    if fault == "value_error":
        return str(context["error"])
    simple = {
        "missing": gettext("Det här saknas."),
        "extra_forbidden": gettext("Det här namnet känner vi inte till."),
        "int_parsing": gettext("Skriv ett heltal."),
        "int_type": gettext("Skriv ett heltal."),
        "float_parsing": gettext("Skriv ett tal."),
        "bool_parsing": gettext("Svara ja eller nej."),
        "bool_type": gettext("Svara ja eller nej."),
        "string_type": gettext("Skriv en text."),
        "string_pattern_mismatch": gettext("Tecknen passar inte här. Koder har små bokstäver, a till z, och siffror."),
        "dict_type": gettext("Skriv en text per språk."),
        "tuple_type": gettext("Här ska det vara en lista."),
    }
    if fault in simple:
        return simple[fault]
    if fault == "string_too_long":
        return gettext("Texten är för lång. Högst %(limit)s tecken.") % {"limit": context["max_length"]}
    if fault in {"literal_error", "enum"}:
        return gettext("Välj ett av dessa: %(choices)s.") % {"choices": context["expected"]}
    if fault in {"greater_than_equal", "less_than_equal"}:
        limit = context.get("ge", context.get("le"))
        words = gettext("Minst %(limit)s.") if "ge" in context else gettext("Högst %(limit)s.")
        return words % {"limit": limit}
    return gettext("Det här går inte att använda.")
