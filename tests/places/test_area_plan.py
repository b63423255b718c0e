"""Which area of a file is which of those that are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from lyhord.core.errors import Invalid
from lyhord.places.area_plan import Known, plan_areas
from lyhord.places.geojson import ParsedArea

SHAPE = box(15, 58, 15.1, 58.1)


def area(name: str = "", code: str = "") -> ParsedArea:
    return ParsedArea(name, code, SHAPE)


def test_by_code_then_by_name() -> None:
    known = [Known(1, "n1", "Norr"), Known(2, "s1", "Söder"), Known(3, "o1", "Öster")]
    plan = plan_areas([area("Norra delen", "N1"), area("söder"), area("Väster", "v1")], known)
    assert [(row.name, row.code, row.known.pk if row.known else None) for row in plan.rows] == [
        ("Norra delen", "n1", 1),
        ("söder", "s1", 2),
        ("Väster", "v1", None),
    ]
    assert [old.pk for old in plan.missing] == [3]


def test_without_names_they_are_numbered() -> None:
    plan = plan_areas([area(), area()], [])
    assert [row.name for row in plan.rows] == ["Område 1", "Område 2"]


def test_two_with_the_same_name_are_refused() -> None:
    with pytest.raises(Invalid):
        plan_areas([area("Norr", "a"), area("NORR", "b")], [])


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=80)), max_size=8))
def test_every_area_gets_a_code_of_its_own(given_areas: list[tuple[str, str]]) -> None:
    known = [Known(1, "norr", "Norr")]
    try:
        plan = plan_areas([area(name, code) for name, code in given_areas], known)
    except Invalid:
        return
    codes = [row.code for row in plan.rows] + [old.code for old in plan.missing]
    assert len(set(codes)) == len(codes)
    assert all(0 < len(code) <= 60 for code in codes)
