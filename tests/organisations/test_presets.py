"""What a new organisation begins with: the names that Motala and Mjölby themselves used, and one for all others."""

from itertools import combinations

import pytest
from pydantic import ValidationError
from shapely.geometry import Polygon, shape

from lyhord.cases import presets as case_presets
from lyhord.organisations.presets import NAMES, Preset, PresetUnit, preset
from lyhord.places.municipalities import municipality

MOTALA_AREAS = {
    "Barn och utbildning": "Bildning",
    "Bygga, bo och miljö": "Plan- och miljö",
    "Kommun och politik": "Kommunledning",
    "Näringsliv och arbete": "Kommunledning",
    "Omsorg och hjälp": "Social",
    "Trafik och infrastruktur": "Tekniska",
    "Uppleva och göra": "Bildning",
}
MOTALA_DEPARTMENTS = ["Bildning", "Kommunledning", "Plan- och miljö", "Social", "Tekniska"]
MJOLBY_DEPARTMENTS = [
    "Tekniska",
    "Miljö",
    "Byggnad",
    "Omsorg",
    "Utbildning",
    "Kultur och Fritid",
    "Räddningstjänsten",
    "Service och Entreprenad",
    "Kommunstyrelsens förvaltning",
]

every = pytest.mark.parametrize("name", NAMES)


def department_of(found: Preset, code: str) -> str:
    """The name of the top unit that has the unit with this code below it, or is it."""

    def holds(unit: PresetUnit) -> bool:
        return unit.code == code or any(holds(child) for child in unit.units)

    return next(unit.name for unit in found.units if holds(unit))


def closed_codes(found: Preset) -> set[str]:
    """The codes of the units that are confidential, or lie below one that is."""
    closed: set[str] = set()

    def walk(unit: PresetUnit, above: bool) -> None:
        if above or unit.confidential:
            closed.add(unit.code)
        for child in unit.units:
            walk(child, above or unit.confidential)

    for unit in found.units:
        walk(unit, False)
    return closed


@pytest.mark.requirement("4.10")
def test_motala_has_exactly_its_seven_areas_and_five_departments() -> None:
    motala = preset("motala")
    assert [unit.name for unit in motala.units] == MOTALA_DEPARTMENTS
    assert {area.name["sv"]: department_of(motala, area.unit) for area in motala.areas} == MOTALA_AREAS
    assert [area.name["sv"] for area in motala.areas] == list(MOTALA_AREAS)
    assert {area.name["sv"] for area in motala.areas if not area.publishable} == {
        "Barn och utbildning",
        "Omsorg och hjälp",
    }
    assert motala.service_name == "Dialog Motala"
    assert motala.colour == "#14527f"


@pytest.mark.requirement("2.33")
def test_mjolby_has_exactly_its_nine_departments() -> None:
    mjolby = preset("mjolby")
    assert [unit.name for unit in mjolby.units] == MJOLBY_DEPARTMENTS
    last = mjolby.units[-1]
    assert [unit.name for unit in last.units] == ["Medborgarservice", "Turism", "Näringsliv"]
    assert mjolby.service_name == "Tyck till Mjölby"
    assert mjolby.colour == "#2b7444"


@pytest.mark.requirement("2.33")
def test_mjolby_publishes_nothing_of_care_and_school() -> None:
    mjolby = preset("mjolby")
    assert {unit.name for unit in mjolby.units if unit.confidential} == {"Omsorg", "Utbildning"}
    assert {department_of(mjolby, area.unit) for area in mjolby.areas} == set(MJOLBY_DEPARTMENTS)
    assert {department_of(mjolby, area.unit) for area in mjolby.areas if not area.publishable} == {
        "Omsorg",
        "Utbildning",
    }


@pytest.mark.requirement("0.12")
def test_the_standard_names_no_place() -> None:
    standard = preset("standard")
    assert not standard.service_name
    assert not standard.districts
    assert "motala" not in standard.model_dump_json().casefold()
    assert "mjölby" not in standard.model_dump_json().casefold()


@every
def test_codes_are_unique_and_every_area_has_its_unit(name: str) -> None:
    found = preset(name)
    codes = [unit.code for unit in found.all_units()]
    assert len(codes) == len(set(codes))
    assert len({area.code for area in found.areas}) == len(found.areas)
    assert {area.unit for area in found.areas} <= set(codes)
    assert all(area.name["sv"] and area.name["en"] for area in found.areas)


@pytest.mark.requirement("0.7")
@every
def test_something_always_receives_what_fits_nowhere(name: str) -> None:
    assert [unit.fallback for unit in preset(name).all_units()].count(True) == 1


@pytest.mark.requirement("0.7", "0.12")
@every
def test_every_role_that_a_case_type_routes_to_has_one_unit(name: str) -> None:
    roles = [role for unit in preset(name).all_units() for role in unit.roles]
    assert len(roles) == len(set(roles))
    assert {group.role for group in case_presets.fault_categories() + case_presets.feedback_areas()} <= set(roles)
    assert {described.routing.role for described in case_presets.case_type_descriptions()} - {None} <= set(roles)


@every
def test_care_and_school_are_confidential_all_the_way_down(name: str) -> None:
    found = preset(name)
    closed = closed_codes(found)
    for unit in found.all_units():
        if {"forskola", "skola", "omsorg", "socialtjanst"} & set(unit.roles):
            assert unit.code in closed, unit.name
    assert "gata-park" not in closed
    assert "tekniska" not in closed


@pytest.mark.parametrize(("name", "code"), [("motala", "0583"), ("mjolby", "0586")])
def test_districts_are_areas_of_the_municipality_that_do_not_overlap(name: str, code: str) -> None:
    boundary = shape(municipality(code).boundary)
    districts = {district.name: Polygon(district.ring) for district in preset(name).districts}
    assert len(districts) == len(preset(name).districts) >= 4
    for district, area in districts.items():
        assert area.is_valid
        assert area.intersection(boundary).area > 0.6 * area.area, district  # the coarse shore cuts Varamon off
    for one, other in combinations(districts.values(), 2):
        assert one.intersection(other).area == pytest.approx(0)


@pytest.mark.parametrize("name", ["motala", "mjolby"])
def test_the_demo_s_telephone_numbers_reach_nobody(name: str) -> None:
    found = preset(name)
    for number in (found.phone, found.emergency_phone):
        assert "-00 00 " in number


def test_an_unknown_name_and_an_unknown_field_are_refused() -> None:
    with pytest.raises(KeyError):
        preset("../motala")
    with pytest.raises(ValidationError):
        Preset.model_validate({"name": "x", "units": [], "areas": [], "colr": "#fff"})
