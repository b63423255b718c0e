"""Which published cases somebody wants: the same choice for list, map, heat map, feeds, files and what is embedded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.states import OPEN, State
from lyhord.core.clock import zone
from lyhord.core.tenancy import require_organisation_id

COUNT_TO = 1000
"""Counts and lists of published cases stop here; who wants further narrows the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter:
    """What is empty or None does not matter. `words` search only what was published, never what was sent."""

    words: str = ""
    category: str = ""
    type_code: str = ""
    kind: str = ""
    area: str = ""
    states: frozenset[State] = frozenset()
    year: int | None = None
    """When they came in, by Swedish clocks; so are the days."""
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Any]:
        """For a job: plain JSON, only what matters."""
        said: dict[str, Any] = {
            name: getattr(self, name) for name in ("words", "category", "type_code", "kind", "area")
        }
        said |= {"states": sorted(state.value for state in self.states), "year": self.year}
        said |= {name: day.isoformat() for name in ("first", "last") if (day := getattr(self, name))}
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """What `to_json` made."""
        days = {name: date.fromisoformat(said[name]) for name in ("first", "last") if name in said}
        states = frozenset(State(state) for state in said.get("states", ()))
        return cls(**{**said, **days, "states": states})

    def sql(self) -> tuple[str, list[Any]]:
        """Conditions on the table `c` of cases, each beginning with "and", and their values."""
        parts: list[str] = []
        values: list[Any] = []

        def add(condition: str, *given: Any) -> None:
            parts.append(f" and {condition}")
            values.extend(given)

        if self.states:
            add("c.state = any(%s)", sorted(state.value for state in self.states))
            if self.states <= OPEN:
                add("c.open")  # as the states say: so the index of these is used
        for column, table, code in (
            ("category_id", "cases_category", self.category),
            ("case_type_id", "cases_casetype", self.type_code),
            ("area_id", "places_area", self.area),
        ):
            if code:
                found = f"select id from {table} where organisation_id = %s and code = %s"  # noqa: S608  # our own names
                add(f"c.{column} = any(array({found}))", require_organisation_id(), code)
        if self.kind:
            add("c.kind = %s", self.kind)
        begins, ends = self.span
        if begins:
            add("c.registered_at >= %s", begins)
        if ends:
            add("c.registered_at < %s", ends)
        if number := parse_number(self.words) if self.words else None:
            add("c.number = %s", format_number(*number))
        elif self.words:
            add("c.id = any(array(select lyhord_search_published(%s, %s)))", self.words, COUNT_TO)
        return "".join(parts), values

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The moments between which they came in, the second one excluded."""
        first, last = self.first, self.last
        if self.year:
            first = max(first or date.min, date(self.year, 1, 1))
            last = min(last or date.max, date(self.year, 12, 31))
        return _midnight(first), _midnight(last + timedelta(days=1)) if last and last < date.max else None


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone()) if day else None
