"""Every task that the presets speak of has words."""

from lyhord.cases.presets import case_type_descriptions, fault_categories, feedback_areas
from lyhord.organisations.presets import NAMES, preset
from lyhord.organisations.unit_roles import UNIT_ROLES


def test_the_presets_name_no_other_tasks() -> None:
    said = {role for name in NAMES for unit in preset(name).all_units() for role in unit.roles}
    said |= {category.role for category in [*fault_categories(), *feedback_areas()]}
    said |= {one.routing.role for one in case_type_descriptions() if one.routing.role}
    assert said <= set(UNIT_ROLES)
