"""What a new organisation gets of cases: the fault tree, its areas for feedback, and one type for each kind of it."""

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.models import CaseType, CaseTypeVersion, Category, RuleSet
from lyhord.cases.presets import case_type_descriptions, fault_categories
from lyhord.cases.routing_rules import Rule
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.presets import Preset


def set_up(organisation: Organisation, preset: Preset, by: Actor) -> None:
    """Make categories and published case types; the organisation changes them as it likes afterwards."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    by_role = {role: unit for unit in units.values() for role in unit.roles}
    categories: dict[str, Category] = {}
    for group in fault_categories():
        categories[group.code] = Category.objects.create(
            code=group.code,
            names=dict(group.names),
            for_faults=True,
            unit=by_role.get(group.role),
            publishable=group.publishable,
            icon=group.icon,
            position=group.position,
        )
    for position, area in enumerate(preset.areas, start=1):
        Category.objects.create(
            code=area.code,
            names=area.name,
            unit=units[area.unit],
            publishable=area.publishable,
            icon=area.icon,
            position=position,
        )
    for position, description in enumerate(case_type_descriptions(), start=1):
        add_type(description, categories.get(description.category or ""), position)
    if preset.rules:
        rules = [Rule.model_validate(rule).model_dump(mode="json", exclude_defaults=True) for rule in preset.rules]
        RuleSet.objects.create(number=1, rules=rules, created_at=now(), published_at=now())


def add_type(description: CaseTypeDescription, category: Category | None, position: int) -> CaseType:
    """A case type whose first version is published at once."""
    case_type = CaseType.objects.create(
        code=description.code, kind=description.kind, category=category, position=position
    )
    version = CaseTypeVersion.objects.create(
        case_type=case_type, number=1, content=description.to_json(), created_at=now(), published_at=now()
    )
    case_type.point_to(version)
    case_type.save(update_fields=["current", "opens_on", "closes_on"])
    return case_type
