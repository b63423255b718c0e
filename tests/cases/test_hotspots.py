"""Hot spots: what is planted is found, what is even is left alone."""

from math import exp, lgamma, log
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import actions
from lyhord.cases.hotspots import DEPTH, find_hotspots, heat, hotspots, log_tail
from lyhord.cases.models import Case
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.states import CLOSED
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.places.morton import AXIS_BITS, cell, cell_at, cell_xy, distance_m
from tests import factories
from tests.conftest import Cast
from tests.www.opendata.conftest import CASE_COLUMNS

CLUSTER = (58.55, 15.06)


def counts(places: list[tuple[float, float]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place in places:
        key = cell(*place) >> 2 * (AXIS_BITS - DEPTH)
        found[key] = found.get(key, 0) + 1
    return found


def spread(dice: Random, count: int) -> list[tuple[float, float]]:
    return [(dice.uniform(58.45, 58.62), dice.uniform(14.9, 15.25)) for _ in range(count)]


@pytest.mark.requirement("0.19")
@given(seed=st.integers(0, 10_000), lat=st.floats(58.47, 58.6), lon=st.floats(14.95, 15.2))
def test_a_planted_cluster_is_found_wherever_it_lies(seed: int, lat: float, lon: float) -> None:
    dice = Random(seed)
    planted = [(lat + dice.gauss(0, 0.0004), lon + dice.gauss(0, 0.0008)) for _ in range(40)]
    [first, *_others] = find_hotspots(counts(spread(dice, 600) + planted), DEPTH, 10)
    assert distance_m((first.lat, first.lon), (lat, lon)) < 150
    assert 30 <= first.count <= 60
    assert first.times > 3


def test_what_is_even_has_no_hot_spot() -> None:
    hot = [find_hotspots(counts(spread(Random(seed), 800)), DEPTH, 10) for seed in range(100)]
    assert sum(bool(found) for found in hot) <= 5  # one in a hundred is expected
    assert find_hotspots({}, DEPTH, 10) == []
    assert find_hotspots({cell_at(5, 5): 4000}, DEPTH, 10) == []  # one place is where all of it is


def test_spots_lie_apart() -> None:
    dice = Random(1)
    places = [(58.55 + dice.gauss(0, 0.004), 15.06 + dice.gauss(0, 0.008)) for _ in range(2000)] + spread(dice, 1000)
    found = find_hotspots(counts(places), DEPTH, 10)
    assert len(found) > 3
    for one in found:
        for other in found:
            if one != other:
                x, y = cell_xy(one.cell)
                other_x, other_y = cell_xy(other.cell)
                assert (x, y) != (other_x, other_y)


@given(usual=st.floats(0.1, 30), more=st.integers(1, 40))
def test_the_tail_is_that_of_poisson(usual: float, more: int) -> None:
    count = int(usual) + more
    expected = sum(exp(n * log(usual) - usual - lgamma(n + 1)) for n in range(count, count + 120))
    assert log_tail(count, usual) == pytest.approx(log(expected), abs=1e-6)
    assert log_tail(int(usual), usual) == 0


def scatter(organisation: Organisation, case: Case, places: list[tuple[float, float]], place_text: str) -> None:
    """Copies of a published case at places."""
    from django.db import connection

    names = CASE_COLUMNS.replace(" place_text,", "")
    rows = [(lat, lon, cell(lat, lon)) for lat, lon in places]
    with organisation_scope(organisation.pk), connection.cursor() as cursor:
        cursor.executemany(
            f"insert into cases_case ({names}, uid, number, follow_digest, state, place_text, lat, lon, cell)"
            f" select {names}, gen_random_uuid(), '26-8' || %s, sha256(random()::text::bytea),"
            " state, %s, %s, %s, %s from cases_case where id = %s",
            [(10_000 * len(place_text) + number, place_text, *row, case.pk) for number, row in enumerate(rows)],
        )


@pytest.mark.django_db
@pytest.mark.requirement("0.19", "P7")
def test_the_spot_is_told_by_its_place(cast: Cast, django_assert_num_queries: Any) -> None:
    case = factories.make_case(cast.motala, publish=True).case
    with organisation_scope(cast.motala.pk):
        actions.publish(case_id=case.pk, title="Släckt", text="Släckt.", by=cast.sara.actor)
    scatter(cast.motala, case, spread(Random(3), 300), "")
    scatter(cast.motala, case, [CLUSTER] * 30, "Storgatan 4")
    with organisation_scope(cast.motala.pk):
        with django_assert_num_queries(2):
            [spot] = hotspots(PublicFilter()).spots
        assert spot.place == "Storgatan 4"
        assert distance_m((spot.lat, spot.lon), CLUSTER) < 150
        assert hotspots(PublicFilter(states=CLOSED)).spots == []
        with django_assert_num_queries(1):
            found = heat(PublicFilter())
        assert found.total == sum(count for _lat, _lon, count in found.cells) == 331
        assert found.cells[0][2] >= 30
        assert 100 < found.side_m < 250


@pytest.mark.django_db
def test_heat_of_many_cells_is_drawn_in_larger_ones(cast: Cast, monkeypatch: Any) -> None:
    case = factories.make_case(cast.motala, publish=True).case
    with organisation_scope(cast.motala.pk):
        actions.publish(case_id=case.pk, title="Släckt", text="Släckt.", by=cast.sara.actor)
        assert heat(PublicFilter(states=CLOSED)).cells == []
    scatter(cast.motala, case, spread(Random(3), 300), "")
    monkeypatch.setattr("lyhord.cases.hotspots.MOST_CELLS", 50)
    with organisation_scope(cast.motala.pk):
        found = heat(PublicFilter())
    assert len(found.cells) <= 50
    assert found.total == sum(count for _lat, _lon, count in found.cells) == 301
