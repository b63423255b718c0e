"""The questions that a case type asks, as data."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from django.conf import settings
from django.utils.translation import gettext, override
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

YES, NO = "yes", "no"


def _has_swedish(texts: dict[str, str]) -> dict[str, str]:
    if texts and not texts.get("sv", "").strip():
        raise ValueError(gettext("Texten på svenska saknas."))
    return texts


def _not_empty(texts: dict[str, str]) -> dict[str, str]:
    if not texts:
        raise ValueError(gettext("Texten på svenska saknas."))
    return texts


type LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
type Said = Annotated[str, StringConstraints(max_length=2000)]
type OptionalTexts = Annotated[dict[LanguageCode, Said], AfterValidator(_has_swedish)]
type Texts = Annotated[dict[LanguageCode, Said], AfterValidator(_has_swedish), AfterValidator(_not_empty)]
"""What is said, per language; Swedish is always there and stands in for what is missing."""

type QuestionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
type OptionCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in that language ("en-gb" counts as "en"), else in Swedish, else ""."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts.get("sv", "")


def yes_and_no(language: str) -> tuple[str, str]:
    """The two words in that language, else in Swedish."""
    with override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return gettext("Ja"), gettext("Nej")


def plain_values(answer: object) -> tuple[str, ...]:
    """An answer, typed or from JSON, as what conditions compare with: "yes", "no", option codes, numbers, ISO dates."""
    if isinstance(answer, tuple | list):
        return tuple(str(value) for value in answer)
    if isinstance(answer, bool):
        return (YES if answer else NO,)
    if isinstance(answer, date):
        return (answer.isoformat(),)
    return (str(answer),)


class Datatype(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    SINGLECHOICE = "singlechoice"
    MULTICHOICE = "multichoice"
    YESNO = "yesno"
    INFO = "info"

    @property
    def open311(self) -> Literal["string", "text", "number", "datetime", "singlevaluelist", "multivaluelist"]:
        """The datatype of GeoReport v2; `info` is a string with variable = false."""
        return _OPEN311[self]

    @property
    def has_choices(self) -> bool:
        """Whether the answer is one of a few, so that other questions can depend on it."""
        return self in {Datatype.SINGLECHOICE, Datatype.MULTICHOICE, Datatype.YESNO}

    @property
    def is_text(self) -> bool:
        """Whether the answer is in somebody's own words."""
        return self in {Datatype.TEXT, Datatype.TEXTAREA}


_OPEN311: dict[Datatype, Literal["string", "text", "number", "datetime", "singlevaluelist", "multivaluelist"]] = {
    Datatype.TEXT: "string",
    Datatype.TEXTAREA: "text",
    Datatype.NUMBER: "number",
    Datatype.DATE: "datetime",
    Datatype.SINGLECHOICE: "singlevaluelist",
    Datatype.MULTICHOICE: "multivaluelist",
    Datatype.YESNO: "singlevaluelist",
    Datatype.INFO: "string",
}


class Part(BaseModel):
    """Base of everything in a description: unknown names are refused, nothing changes once made."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Option(Part):
    """One answer to choose."""

    code: OptionCode
    label: Texts


class ShowIf(Part):
    """Ask only when an earlier question was answered so (any of the values)."""

    question: QuestionCode
    equals: Annotated[tuple[str, ...], Field(min_length=1)]


class Question(Part):
    """One question of the form. `info` asks nothing: its label is read."""

    code: QuestionCode
    label: Texts
    hint: OptionalTexts = {}
    datatype: Datatype
    required: bool = False
    options: Annotated[tuple[Option, ...], Field(max_length=100)] = ()
    show_if: ShowIf | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: OptionalTexts = {}
    """What a number counts: {"sv": "cm"}."""

    @model_validator(mode="after")
    def _fits_its_datatype(self) -> Self:
        lists = {Datatype.SINGLECHOICE, Datatype.MULTICHOICE}
        if self.datatype in lists and len(self.options) < 2:
            raise ValueError(gettext("Skriv minst två svar att välja mellan."))
        if self.datatype not in lists and self.options:
            raise ValueError(gettext("Bara frågor med flera svar att välja mellan har svarsalternativ."))
        codes = [option.code for option in self.options]
        if len(codes) != len(set(codes)):
            raise ValueError(gettext("Två svar har samma kod."))
        if self.datatype is not Datatype.NUMBER and (self.minimum is not None or self.maximum is not None or self.unit):
            raise ValueError(gettext("Bara tal har minsta värde, högsta värde och enhet."))
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(gettext("Det minsta värdet är större än det högsta."))
        if self.datatype is Datatype.INFO and self.required:
            raise ValueError(gettext("En upplysning har inget svar. Då kan den inte behöva besvaras."))
        return self

    def values(self) -> tuple[str, ...]:
        """The values an answer can have, in order; () where anything can be written."""
        if self.datatype is Datatype.YESNO:
            return (YES, NO)
        return tuple(option.code for option in self.options)
