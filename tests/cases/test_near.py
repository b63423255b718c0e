"""Open cases around a point: how far, in which order, and for whom."""

from typing import Any

import pytest

from lyhord.cases.actions import publish
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, CaseType
from lyhord.cases.near import nearby_open, nearby_published
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.places.point import Point
from tests.conftest import Cast
from tests.factories import MOTALA, make_case, make_staff

pytestmark = pytest.mark.django_db

METRE = 1 / 111_195  # of latitude, in degrees


@pytest.mark.requirement("2.15")
@pytest.mark.parametrize(("metres", "near"), [(0, True), (10, True), (29, True), (31, False), (100, False)])
@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_thirty_metres(cast: Cast, metres: int, near: bool, direction: tuple[int, int]) -> None:
    north, east = direction
    there = (MOTALA[0] + north * metres * METRE, MOTALA[1] + east * metres * METRE / 0.5220)
    case = show(cast, at=there)
    sara = make_staff(cast.motala, cast.sara)
    with organisation_scope(cast.motala.pk):
        found = nearby_published(Point(*MOTALA), case_type_id=case.case_type_id, radius_m=30)
        assert [other.row.number for other in found] == ([case.number] if near else [])
        seen = nearby_open(Point(*MOTALA), case_type_id=case.case_type_id, radius_m=30, staff=sara)
        assert [other for other, _metres in seen] == ([case] if near else [])
        if near:
            assert found[0].metres == seen[0][1] == pytest.approx(metres, abs=1)


@pytest.mark.requirement("2.15")
def test_the_nearest_come_first_however_many_there_are(cast: Cast) -> None:
    cases = [show(cast, at=(MOTALA[0] + away * METRE, MOTALA[1])) for away in (900, 20, 700, 5, 300)]
    sara = make_staff(cast.motala, cast.sara)
    with organisation_scope(cast.motala.pk):
        nearest = [cases[3], cases[1], cases[4]]
        found = nearby_published(Point(*MOTALA), case_type_id=None, radius_m=1000, most=3)
        assert [near.row.number for near in found] == [case.number for case in nearest]
        seen = nearby_open(Point(*MOTALA), case_type_id=None, radius_m=1000, staff=sara, most=3)
        assert [case for case, _metres in seen] == nearest


@pytest.mark.requirement("2.15", "X2")
def test_residents_are_shown_what_is_published_and_open(cast: Cast) -> None:
    shown = show(cast)
    make_case(cast.motala, publish=True)  # not reviewed yet
    for change in ({"state": State.RESOLVED}, {"confidential": True}, {"protected": True}):
        hidden = show(cast)
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=hidden.pk).update(**change)
    with organisation_scope(cast.motala.pk):
        other = CaseType.objects.get(code="ovrigt")
        make_case(cast.motala, type="ovrigt", publish=True)
        assert numbers_near(shown.case_type_id) == [shown.number]
        assert numbers_near(other.pk) == []
    with organisation_scope(cast.mjolby.pk):
        assert numbers_near(None) == []


@pytest.mark.requirement("2.15", "X2")
def test_what_is_shown_is_what_was_published(cast: Cast) -> None:
    show(cast)
    with organisation_scope(cast.motala.pk):
        (near,) = nearby_published(Point(*MOTALA), case_type_id=None, radius_m=30)
    assert near.row.title == "Lampa"


@pytest.mark.requirement("2.11", "X2")
def test_staff_are_shown_what_they_may_see_and_nobody_where_the_protected_are(cast: Cast) -> None:
    lamp = make_case(cast.motala).case
    make_case(cast.motala, type="klagomal", category="barn")
    make_case(cast.motala, type="fraga")
    protected = NewReporter(protected=True)
    make_case(cast.motala, reporter=protected)
    with organisation_scope(cast.motala.pk):
        sara = make_staff(cast.motala, cast.sara)
        found = nearby_open(Point(*MOTALA), case_type_id=None, radius_m=30, staff=sara, most=9)
        assert [case for case, _metres in found] == [lamp]


def show(cast: Cast, **values: Any) -> Case:
    """A published case."""
    case = make_case(cast.motala, publish=True, **values).case
    with organisation_scope(cast.motala.pk):
        publish(case_id=case.pk, title="Lampa", text="Släckt.", by=cast.kim.actor)
    return case


def numbers_near(case_type_id: int | None) -> list[str]:
    return [
        near.row.number for near in nearby_published(Point(*MOTALA), case_type_id=case_type_id, radius_m=30, most=9)
    ]
