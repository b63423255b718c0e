from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lyhord.places.morton import distance_m
from lyhord.places.polygons import AreaIndex, polygonal


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


WEST, EAST, FAR = box(15.0, 58.5, 15.1, 58.6), box(15.1, 58.5, 15.2, 58.6), box(15.5, 58.5, 15.6, 58.6)
TOWNS = AreaIndex([("west", WEST), ("east", EAST), ("far", FAR)])


@pytest.mark.requirement("0.7")
def test_a_point_is_in_the_area_around_it() -> None:
    assert TOWNS.containing(58.55, 15.05) == ["west"]
    assert TOWNS.containing(58.55, 15.15) == ["east"]
    assert TOWNS.containing(58.55, 15.3) == []


def test_a_point_on_a_shared_border_is_in_both() -> None:
    assert TOWNS.containing(58.55, 15.1) == ["west", "east"]


def test_areas_that_overlap_are_all_named_in_the_order_given() -> None:
    index = AreaIndex([(7, box(14, 58, 16, 59)), (3, WEST), (5, box(15.04, 58.54, 15.06, 58.56))])
    assert index.containing(58.55, 15.05) == [7, 3, 5]
    assert len(index) == 3
    assert 3 in index


def test_a_hole_is_outside_and_so_is_the_gap_between_parts() -> None:
    ring = shapely.Polygon(WEST.exterior.coords, [box(15.04, 58.54, 15.06, 58.56).exterior.coords])
    index = AreaIndex([("islands", shapely.MultiPolygon([ring, FAR]))])
    assert index.containing(58.55, 15.01) == ["islands"]
    assert index.containing(58.55, 15.55) == ["islands"]
    assert index.containing(58.55, 15.05) == []
    assert index.containing(58.55, 15.3) == []
    assert index.nearest_border_m(58.55, 15.05, "islands") == pytest.approx(580, abs=5)


@pytest.mark.requirement("0.7")
def test_who_else_it_could_concern_near_a_border() -> None:
    assert TOWNS.near_border(58.55, 15.09) == ["east"]  # 580 m away
    assert TOWNS.near_border(58.55, 15.05) == []  # 2.9 km away
    assert TOWNS.near_border(58.55, 15.05, metres=3000) == ["east"]
    assert TOWNS.near_border(58.55, 15.1) == []  # in both, so there is no other


def test_in_no_area_the_near_ones_come_nearest_first() -> None:
    assert TOWNS.containing(58.55, 15.21) == []
    assert TOWNS.near_border(58.55, 15.21, metres=20_000) == ["east", "west", "far"]


def test_the_distance_to_a_border_is_in_metres() -> None:
    assert TOWNS.nearest_border_m(58.55, 15.09, "west") == pytest.approx(
        distance_m((58.55, 15.09), (58.55, 15.1)), rel=0.001
    )
    assert TOWNS.nearest_border_m(58.59, 15.05, "west") == pytest.approx(
        distance_m((58.59, 15.05), (58.6, 15.05)), rel=0.001
    )
    assert TOWNS.nearest_border_m(58.55, 15.11, "west") == pytest.approx(
        distance_m((58.55, 15.11), (58.55, 15.1)), rel=0.001
    )
    with pytest.raises(KeyError):
        TOWNS.nearest_border_m(58.55, 15.05, "nowhere")


@given(st.floats(58.4, 58.7), st.floats(14.9, 15.7), st.floats(0, 20_000))
def test_near_and_containing_never_share_an_area(lat: float, lon: float, metres: float) -> None:
    near, inside = TOWNS.near_border(lat, lon, metres), TOWNS.containing(lat, lon)
    assert not set(near) & set(inside)
    for key in ("west", "east", "far"):
        away = TOWNS.nearest_border_m(lat, lon, key)
        if key not in inside:
            assert (key in near) == (away <= metres)


@given(st.floats(58.4, 58.7), st.floats(14.9, 15.7))
def test_the_index_agrees_with_plain_geometry(lat: float, lon: float) -> None:
    point = shapely.Point(lon, lat)
    expected = [key for key, area in [("west", WEST), ("east", EAST), ("far", FAR)] if area.intersects(point)]
    assert TOWNS.containing(lat, lon) == expected


def test_geojson_geometries_are_taken_as_they_are() -> None:
    square: dict[str, Any] = {"type": "Polygon", "coordinates": [[[15, 58], [16, 58], [16, 59], [15, 59], [15, 58]]]}
    assert AreaIndex([("a", square)]).containing(58.5, 15.5) == ["a"]


def test_an_area_that_crosses_itself_is_mended() -> None:
    bowtie = shapely.Polygon([(15, 58), (16, 59), (16, 58), (15, 59)])
    index = AreaIndex([("bow", bowtie)])
    assert index.containing(58.5, 15.1) == ["bow"]
    assert index.containing(58.9, 15.5) == []


def test_what_has_no_inside_is_refused() -> None:
    with pytest.raises(ValueError, match="no inside"):
        AreaIndex([("line", shapely.LineString([(15, 58), (16, 59)]))])
    assert polygonal(shapely.Polygon([(15, 58), (16, 58), (15, 58)])) is None


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        AreaIndex([("a", WEST), ("a", EAST)])


def test_an_empty_index_answers_nothing() -> None:
    index: AreaIndex[str] = AreaIndex([])
    assert index.containing(58, 15) == []
    assert index.near_border(58, 15) == []


def test_what_is_no_position_is_refused() -> None:
    for ask in (TOWNS.containing, TOWNS.near_border):
        with pytest.raises(ValueError, match="position"):
            ask(float("nan"), 15.0)
    with pytest.raises(ValueError, match="position"):
        TOWNS.nearest_border_m(58.0, 181.0, "west")
