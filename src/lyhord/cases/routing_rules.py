"""One routing rule: its conditions, and what they say in words.

A rule is data that a municipality writes. All conditions that are filled in must hold; within one condition any of
the values will do. A rule without conditions always holds.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from lyhord.cases.questions import OptionCode, Part, QuestionCode, plain_values
from lyhord.cases.windows import Hours, Season, weekday
from lyhord.core.clock import local

type Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]

_DAYS = {
    "mon": "måndag",
    "tue": "tisdag",
    "wed": "onsdag",
    "thu": "torsdag",
    "fri": "fredag",
    "sat": "lördag",
    "sun": "söndag",
}
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """What is known about a case when it is routed.

    `areas` maps the codes of the areas that hold the place to their names; `answers` maps question codes to answers,
    typed or as stored in JSON; `assets` are codes of what stands at the place (a road's owner, a lamp's circuit);
    `holidays` are public holidays, which count as Sundays.
    """

    kind: str
    type_code: str
    type_name: str
    category: str | None
    at: datetime
    category_name: str = ""
    areas: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, object] = field(default_factory=dict)
    assets: frozenset[str] = frozenset()
    holidays: Container[date] = frozenset()


class AnswerIs(Part):
    """The question was answered with any of the values."""

    question: QuestionCode
    values: Annotated[tuple[OptionCode, ...], Field(min_length=1)]


class Rule(Part):
    """Send to `unit` what all filled-in conditions hold for. Types and categories hold for what is below them too."""

    unit: Code
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    kinds: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    types: tuple[Code, ...] = ()
    areas: tuple[Code, ...] = ()
    assets: tuple[Code, ...] = ()
    answers: tuple[AnswerIs, ...] = ()
    hours: tuple[Hours, ...] = ()
    season: Season | None = None

    def misses(self, facts: RoutingFacts) -> list[str]:
        """Why the rule does not hold, each condition in Swedish words; [] when it holds."""
        conditions = [
            (not self.kinds or facts.kind in self.kinds, "sorten är en annan"),
            (not self.categories or _in_tree(facts.category, self.categories), "kategorin är en annan"),
            (not self.types or _in_tree(facts.type_code, self.types), "det gäller något annat"),
            (not self.areas or not facts.areas.keys().isdisjoint(self.areas), "platsen ligger utanför området"),
            (not self.assets or not facts.assets.isdisjoint(self.assets), "anläggningen är en annan"),
            *((_answered(facts, answer), f"svaret på ”{answer.question}” är ett annat") for answer in self.answers),
            (self._in_hours(facts), f"det kom in {moment_in_words(facts)}, utanför regelns tider"),
            (self._in_season(facts), f"det kom in {day_in_words(facts)}, utanför regelns säsong"),
        ]
        return [words for holds, words in conditions if not holds]

    def holds(self, facts: RoutingFacts) -> bool:
        """Whether every condition holds."""
        return not self.misses(facts)

    def place_in_words(self, facts: RoutingFacts) -> str:
        """The area that made an area condition hold: " i Varamon", or ""."""
        names = [facts.areas[code] for code in self.areas if code in facts.areas]
        return f" i {names[0]}" if names else ""

    def because(self, facts: RoutingFacts) -> str:
        """What about the case made the rule hold beyond its type and place, in words, or ""."""
        parts = []
        for answer in self.answers:
            given = ", ".join(value for value in plain_values(facts.answers[answer.question]) if value in answer.values)
            parts.append(f"svaret på ”{answer.question}” är {_YES_NO.get(given, given)}")
        if self.hours:
            parts.append(f"det kom in {moment_in_words(facts)}")
        elif self.season:
            parts.append(f"det kom in {day_in_words(facts)}")
        return " och ".join(parts)

    def _in_hours(self, facts: RoutingFacts) -> bool:
        return not self.hours or any(window.holds(facts.at, facts.holidays) for window in self.hours)

    def _in_season(self, facts: RoutingFacts) -> bool:
        return self.season is None or self.season.holds(local(facts.at).date())


_YES_NO = {"yes": "ja", "no": "nej"}


def _in_tree(code: str | None, wanted: tuple[str, ...]) -> bool:
    return code is not None and any(code == above or code.startswith(f"{above}.") for above in wanted)


def _answered(facts: RoutingFacts, answer: AnswerIs) -> bool:
    return any(value in answer.values for value in plain_values(facts.answers.get(answer.question, ())))


def moment_in_words(facts: RoutingFacts) -> str:
    """ "en tisdag klockan 19.42"; a public holiday is "en helgdag"."""
    there = local(facts.at)
    day = "helgdag" if there.date() in facts.holidays else _DAYS[weekday(there.date())]
    return f"en {day} klockan {there:%H.%M}"


def day_in_words(facts: RoutingFacts) -> str:
    """ "den 3 november"."""
    there = local(facts.at)
    return f"den {there.day} {_MONTHS[there.month - 1]}"
