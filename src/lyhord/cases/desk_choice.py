"""Which unit a new case lands at: gathers the facts and the rules, and lets routing.py decide."""

from datetime import datetime

from lyhord.cases.calendar import holidays_around
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.desks import Desks
from lyhord.cases.facts import NewCase
from lyhord.cases.models import RuleSet
from lyhord.cases.queries import districts_at
from lyhord.cases.questions import plain_values
from lyhord.cases.routing import Route, RoutingFacts, Rule
from lyhord.core.kept import kept
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.models import Area


def choose_unit(
    organisation: Organisation, new: NewCase, description: CaseTypeDescription, at: datetime
) -> tuple[Unit, Route, Area | None]:
    """The unit, why, and the district of the place. There is always a unit: the fallback takes what nobody has.

    Asked in this order: whose the address is that it came to, the organisation's rules, the type's own rules, the
    type's unit or role, the category's unit, the fallback.
    """
    units = kept("units", lambda: list(Unit.objects.order_by("pk")))
    if not units:
        raise RuntimeError(f"{organisation.slug} has no unit to take its cases")
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
        holidays=holidays_around(at, organisation.free_days),
    )
    area = areas[0] if areas else None
    named = next((unit for unit in units if unit.code == new.unit_code), None) if new.unit_code else None
    if named is not None:
        return named, Route(named.code, f"Det kom till en adress som hör till {named.name}.", None, "address"), area
    chosen = Desks(units).choose(
        facts, description, organisation_rules(), category_unit_id=category.unit_id if category else None
    )
    return next(unit for unit in units if unit.code == chosen.unit_code), chosen, area


def organisation_rules() -> list[Rule]:
    """The published rules of the organisation, in order."""
    return kept("rules", _published_rules)


def _published_rules() -> list[Rule]:
    newest = RuleSet.objects.filter(published_at__isnull=False).order_by("-number").first()
    return [Rule.model_validate(rule) for rule in newest.rules] if newest else []
