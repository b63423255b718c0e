"""Which unit a new case lands at: gathers the facts and the rules, and lets routing.py decide."""

from datetime import datetime

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.facts import NewCase
from lyhord.cases.models import RuleSet
from lyhord.cases.queries import districts_at
from lyhord.cases.questions import plain_values
from lyhord.cases.routing import Route, RoutingFacts, Rule, route
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.models import Area


def choose_unit(
    organisation: Organisation, new: NewCase, description: CaseTypeDescription, at: datetime
) -> tuple[Unit, Route, Area | None]:
    """The unit, why, and the district of the place. There is always a unit: the fallback takes what nobody has.

    Asked in this order: the organisation's rules, the type's own rules, the type's unit or role, the category's
    unit, the fallback.
    """
    units = list(Unit.objects.all())
    by_code = {unit.code: unit for unit in units}
    areas = districts_at(organisation.pk, new.point)
    category = new.category or new.case_type.category
    facts = RoutingFacts(
        kind=new.case_type.kind,
        type_code=new.case_type.code,
        type_name=description.title("sv"),
        category=category.code if category else None,
        category_name=category.name("sv") if category else "",
        areas={area.code: area.name for area in areas},
        answers={code: plain_values(answer) for code, answer in new.answers.items()},
        at=at,
        holidays=organisation.free_days,
    )
    fallback = next((unit for unit in units if unit.fallback), units[0])
    own = _own_unit(description, units)
    category_unit = next((unit.code for unit in units if category and unit.pk == category.unit_id), None)
    chosen = route(
        facts,
        [*organisation_rules(), *description.routing.rules],
        category_unit=own or category_unit,
        fallback_unit=fallback.code,
        unit_names={unit.code: unit.name for unit in units},
        active_units={unit.code for unit in units if unit.active_from is None or unit.active_from <= at.date()},
    )
    return by_code[chosen.unit_code], chosen, (areas[0] if areas else None)


def organisation_rules() -> list[Rule]:
    """The published rules of the organisation, in order."""
    newest = RuleSet.objects.filter(published_at__isnull=False).order_by("-number").first()
    return [Rule.model_validate(rule) for rule in newest.rules] if newest else []


def _own_unit(description: CaseTypeDescription, units: list[Unit]) -> str | None:
    wanted = description.routing
    if wanted.unit and any(unit.code == wanted.unit for unit in units):
        return wanted.unit
    return next((unit.code for unit in units if wanted.role and wanted.role in unit.roles), None)
