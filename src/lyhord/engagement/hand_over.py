"""All that was said at an opening, as one document for the registrar: with names, in the order that it came."""

from dataclasses import dataclass

from lyhord.core.errors import Text
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.methods import methods
from lyhord.engagement.models import Act, Evaluation, Opening
from lyhord.engagement.results import counts, supports


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, whole."""

    number: int
    act: Act
    supports: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """An evaluation: question and answer, in the municipality's language."""

    pk: int
    asked: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The document. Figures are exact: it goes to the municipality's own register, not to everybody."""

    opening: Opening
    mechanism: Text
    numbers: list[str]
    choices: list[tuple[Text, int]]
    entries: list[Entry]
    evaluations: list[Learnt]


def document(opening: Opening) -> HandOver:
    """What stands in it."""
    plugin = MECHANISMS.find(opening.mechanism)
    by_choice = counts([opening.pk]).get(opening.pk, {})
    acts = list(Act.objects.filter(opening=opening).exclude(text="").select_related("case", "area").order_by("pk"))
    agreed = supports([act.pk for act in acts])
    choices = plugin.choices(opening.settings) if plugin else ()
    return HandOver(
        opening=opening,
        mechanism=plugin.label if plugin else opening.mechanism,
        numbers=[row.number for row in opening.matter.numbers.order_by("number")[:10]],
        choices=[(one.label, by_choice.get(one.code, 0)) for one in choices],
        entries=[Entry(number, act, agreed.get(act.pk, 0)) for number, act in enumerate(acts, 1)],
        evaluations=[_learnt(row) for row in Evaluation.objects.filter(matter_id=opening.matter_id).order_by("pk")],
    )


def _learnt(row: Evaluation) -> Learnt:
    method = methods().get(row.method)
    asked = {one.code: one.text("sv") for one in method.evaluation} if method else {}
    return Learnt(row.pk, [(asked.get(code, code), text) for code, text in row.answers.items()])
