"""Counting what was said. Figures are shown from five: fewer could be somebody in particular."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from lyhord.core.errors import Text
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.models import Act, Opening, Support

FEWEST_SHOWN = 5


def shown_count(count: int) -> int | None:
    """The figure for all to read; None when it is too small to be shown."""
    return count if count >= FEWEST_SHOWN else None


@dataclass(frozen=True, slots=True)
class Answered:
    """One of the choices, and how many chose it: None for fewer than five."""

    code: str
    label: Text
    count: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of an opening for all to read.

    Where a choice is not told in figures, the total would tell it: then `at_least` is what the figures shown come to.
    """

    answers: tuple[Answered, ...]
    total: int | None
    at_least: int

    @property
    def shown(self) -> bool:
        """Whether there is any figure to show."""
        return self.total is not None or self.at_least > 0


def counts(opening_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many acts there are at each opening, by choice; those that staff took away are left out."""
    found: dict[int, dict[str, int]] = {}
    rows = Act.objects.filter(opening__in=list(opening_ids)).exclude(state=Act.State.HIDDEN)
    for opening_id, choice, count in rows.values_list("opening_id", "choice").annotate(count=Count("pk")).order_by():
        found.setdefault(opening_id, {})[choice] = count
    return found


def tally(opening: Opening, by_choice: Mapping[str, int]) -> Tally:
    """The result as all may read it."""
    mechanism = MECHANISMS.find(opening.mechanism)
    choices = mechanism.choices(opening.settings) if mechanism else ()
    answers = tuple(Answered(one.code, one.label, shown_count(by_choice.get(one.code, 0))) for one in choices)
    told = sum(one.count for one in answers if one.count is not None)
    every = sum(by_choice.values())
    whole = all(one.count is not None for one in answers)
    return Tally(answers, shown_count(every) if whole else None, told)


def supports(act_ids: Iterable[int]) -> dict[int, int]:
    """How many support each."""
    rows = Support.objects.filter(act__in=list(act_ids)).values_list("act_id")
    return dict(rows.annotate(count=Count("pk")).order_by())
