"""What a resident answered: from the texts of a form to typed values, and the answers that cannot wait."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from lyhord.cases.description import AcuteAnswer, CaseTypeDescription
from lyhord.cases.questions import NO, YES, Datatype, Question, in_language, plain_values
from lyhord.core.clock import local
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text

type Answer = str | bool | int | float | date | tuple[str, ...]
type Answers = dict[str, Answer]
"""By question code, in the order of the form; unanswered questions are left out."""

MAX_LENGTH = {Datatype.TEXT: 200, Datatype.TEXTAREA: 4000}
_YES = {YES, "ja", "true", "1", "on"}
_NO = {NO, "nej", "false", "0"}


def validate_answers(description: CaseTypeDescription, raw: Mapping[str, Sequence[str]]) -> Answers:
    """The typed answers in a form's texts; raises Invalid with one sentence per question code.

    Codes that the description does not ask for are dropped, and so are answers to questions that `show_if` hides.
    """
    answers, errors = read_answers(description, raw)
    if errors:
        raise Invalid(errors)
    return answers


def read_answers(description: CaseTypeDescription, raw: Mapping[str, Sequence[str]]) -> tuple[Answers, dict[str, Text]]:
    """As `validate_answers`, but what could be read comes together with what is wrong, for a half-filled form."""
    answers: Answers = {}
    errors: dict[str, Text] = {}
    for question in description.questions:
        if question.datatype is Datatype.INFO or not is_shown(question, answers):
            continue
        given = [clean for text in raw.get(question.code, ()) if (clean := clean_text(text))]
        if not given:
            if question.required:
                errors[question.code] = _missing(question)
            continue
        try:
            answers[question.code] = _read(question, given)
        except ValueError as error:
            errors[question.code] = str(error)
    return answers, errors


def is_shown(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the question is asked, given the answers above it."""
    condition = question.show_if
    if condition is None:
        return True
    if condition.question not in answers:
        return False
    return any(value in condition.equals for value in plain_values(answers[condition.question]))


def acute_hit(description: CaseTypeDescription, answers: Mapping[str, Answer]) -> AcuteAnswer | None:
    """The first answer that cannot wait, one that stops before one that only warns; None when all can wait.

    Ask it of the half-read answers of `read_answers` too: nobody should fill in the rest before being told to ring.
    """
    hits = [acute for acute in description.acute if _hits(acute, answers)]
    return min(hits, key=lambda acute: not acute.stop, default=None)


def _hits(acute: AcuteAnswer, answers: Mapping[str, Answer]) -> bool:
    if acute.question is None:
        return True
    return acute.question in answers and acute.value in plain_values(answers[acute.question])


def answers_to_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Plain JSON: dates as ISO text, several choices as a list."""
    return {
        code: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
        for code, value in answers.items()
    }


def answers_from_json(description: CaseTypeDescription, stored: Mapping[str, Any]) -> Answers:
    """The answers that `answers_to_json` stored, typed again; what the description no longer asks for is dropped."""
    raw = {
        code: value if isinstance(value, list) else [YES if value is True else NO if value is False else str(value)]
        for code, value in stored.items()
    }
    return read_answers(description, raw)[0]


def answers_in_words(
    description: CaseTypeDescription, answers: Mapping[str, Answer], language: str
) -> list[tuple[str, str]]:
    """(question, answer) as people read them, in the order of the form."""
    return [
        (in_language(question.label, language), _in_words(question, answers[question.code], language))
        for question in description.questions
        if question.code in answers
    ]


def _in_words(question: Question, answer: Answer, language: str) -> str:
    if isinstance(answer, bool):
        return gettext("Ja") if answer else gettext("Nej")
    if isinstance(answer, date):
        return date_format(answer, "j F Y")
    if isinstance(answer, int | float):
        return f"{number_format(answer)} {in_language(question.unit, language)}".strip()
    labels = {option.code: in_language(option.label, language) for option in question.options}
    if isinstance(answer, tuple):
        return ", ".join(labels.get(code, code) for code in answer)
    return labels.get(answer, answer)


def _missing(question: Question) -> str:
    if question.datatype.has_choices:
        return gettext("Välj ett svar.")
    if question.datatype is Datatype.DATE:
        return gettext("Skriv ett datum, till exempel 2026-11-24.")
    if question.datatype is Datatype.NUMBER:
        return gettext("Skriv ett tal.")
    return gettext("Skriv ett svar. Några ord räcker.")


def _read(question: Question, given: Sequence[str]) -> Answer:
    """One answer, typed. Raises ValueError with a sentence for the person."""
    match question.datatype:
        case Datatype.MULTICHOICE:
            chosen = [_choice(question, text) for text in given]
            return tuple(value for value in question.values() if value in chosen)
        case Datatype.SINGLECHOICE:
            return _choice(question, given[0])
        case Datatype.YESNO:
            return _yes_or_no(given[0])
        case Datatype.NUMBER:
            return _number(question, given[0])
        case Datatype.DATE:
            return _day(given[0])
        case _:
            return _text(question, given[0])


def _choice(question: Question, text: str) -> str:
    if text not in question.values():
        raise ValueError(gettext("Välj ett av svaren i listan."))
    return text


def _yes_or_no(text: str) -> bool:
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise ValueError(gettext("Svara ja eller nej."))


def _number(question: Question, text: str) -> int | float:
    """A number as Swedes write it: "1 200,5". Not "nan", not "inf"."""
    plain = "".join(text.split()).replace("−", "-").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in plain or abs(value) > 1e12:
        raise ValueError(gettext("Skriv ett tal med siffror, till exempel 3."))
    if question.minimum is not None and value < question.minimum:
        raise ValueError(
            gettext("Talet ska vara minst %(limit)s.") % {"limit": number_format(_whole(question.minimum))}
        )
    if question.maximum is not None and value > question.maximum:
        raise ValueError(
            gettext("Talet ska vara högst %(limit)s.") % {"limit": number_format(_whole(question.maximum))}
        )
    return _whole(value)


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _day(text: str) -> date:
    """A date, or the Swedish date of a moment (which is what Open311 sends)."""
    try:
        moment = datetime.fromisoformat(text)
        return (local(moment) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise ValueError(gettext("Skriv datumet så här: 2026-11-24.")) from None


def _text(question: Question, text: str) -> str:
    limit = MAX_LENGTH[question.datatype]
    if question.datatype is Datatype.TEXT:
        text = clean_text(text, one_line=True)
    if len(text) > limit:
        over = len(text) - limit
        raise ValueError(
            ngettext("Texten är %(over)s tecken för lång.", "Texten är %(over)s tecken för lång.", over)
            % {"over": over}
        )
    return text
