"""Which unit a case goes to, the whole question as a pure function: for new cases, dry runs and explanations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.routing import Route, RoutingFacts, Rule, route
from lyhord.core.clock import local


class Desk(Protocol):
    """What routing needs of a unit: `organisations.models.Unit` has it."""

    pk: int
    code: str
    name: str
    roles: list[str]
    fallback: bool
    active_from: date | None


@dataclass(frozen=True, slots=True)
class Desks:
    """The units of an organisation as routing sees them; there is at least one."""

    units: Sequence[Desk]

    @property
    def names(self) -> dict[str, str]:
        """The units' names by code."""
        return {unit.code: unit.name for unit in self.units}

    @property
    def fallback(self) -> Desk:
        """The unit that takes what nobody else has."""
        return next((unit for unit in self.units if unit.fallback), self.units[0])

    def active(self, day: date) -> set[str]:
        """The codes of the units that work on that day."""
        return {unit.code for unit in self.units if unit.active_from is None or unit.active_from <= day}

    def code_of(self, unit_id: int | None) -> str | None:
        """The code of a unit, or None."""
        return next((unit.code for unit in self.units if unit.pk == unit_id), None)

    def own(self, description: CaseTypeDescription, day: date) -> str | None:
        """The unit that the type itself names, by code or by role, if it works on that day; else None."""
        wanted = description.routing
        active = self.active(day)
        if wanted.unit in active:
            return wanted.unit
        fitting = (unit.code for unit in self.units if wanted.role and wanted.role in unit.roles)
        return next((code for code in fitting if code in active), None)

    def choose(
        self,
        facts: RoutingFacts,
        description: CaseTypeDescription,
        rules: Sequence[Rule],
        *,
        category_unit_id: int | None,
        unit_names: Mapping[str, str] | None = None,
    ) -> Route:
        """Where the case goes, and why.

        Asked in this order: the organisation's rules, the type's own rules, the type's unit or role, the category's
        unit, the fallback.
        """
        day = local(facts.at).date()
        return route(
            facts,
            [*rules, *description.routing.rules],
            category_unit=self.own(description, day) or self.code_of(category_unit_id),
            fallback_unit=self.fallback.code,
            unit_names=unit_names or self.names,
            active_units=self.active(day),
        )
