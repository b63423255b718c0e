"""What a rule can be about here: the names of units, categories, types, areas and answers."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lyhord.cases.description_words import value_in_words
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType, Category
from lyhord.cases.questions import Question, in_language
from lyhord.cases.rule_words import Names
from lyhord.organisations.models import Unit
from lyhord.places.models import Area


def all_names() -> Names:
    """Everything that rules name by code, in alphabetical or the organisation's own order. Four queries."""
    language = get_language() or "sv"
    types: dict[str, str] = {}
    answers: dict[str, str] = {}
    rows = CaseType.objects.filter(current__isnull=False).order_by("category__position", "position", "code")
    fields = ("code", "kind", "current__content__name", "current__content__questions", "category__names")
    for code, kind, name, questions, category in rows.values_list(*fields):
        group = in_language(category, language) if category else str(KINDS.get(kind).label)
        title = in_language(name, language)
        types[code] = title if title == group else f"{group}: {title}"
        for question in questions or []:
            _add_answers(answers, question, language)
    return Names(
        units=dict(Unit.objects.order_by("sort_key").values_list("code", "name")),
        categories={row.code: row.name(language) for row in Category.objects.order_by("for_faults", "position")},
        types=types,
        areas=dict(Area.objects.filter(kind="district").order_by("sort_key").values_list("code", "name")),
        answers=answers,
    )


def _add_answers(answers: dict[str, str], source: dict[str, Any], language: str) -> None:
    """The answers of a question that has a few; several types may share a code, and the first one names it."""
    question = Question.model_validate(source)
    label = in_language(question.label, language)
    for value in question.values():
        words = _("%(question)s %(answer)s") % {"question": label, "answer": value_in_words(question, value, language)}
        answers.setdefault(f"{question.code}={value}", words)
