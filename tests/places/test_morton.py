import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lyhord.places import morton

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
mapped_latitudes = st.floats(-85, 85)
zooms = st.integers(0, morton.AXIS_BITS)

MOTALA = (58.5371, 15.0365)
MJOLBY = (58.3259, 15.1236)


def inside(cell: int, ranges: list[tuple[int, int]]) -> bool:
    return any(low <= cell < high for low, high in ranges)


@given(latitudes, longitudes)
@example(90, 180)
@example(-90, -180)
@example(85.06, 180)
def test_every_position_has_a_cell_that_fits_a_signed_bigint(lat: float, lon: float) -> None:
    assert 0 <= morton.cell(lat, lon) < 2**62


@given(mapped_latitudes, longitudes)
def test_a_cell_leads_back_to_its_position_within_two_centimetres(lat: float, lon: float) -> None:
    assert morton.distance_m(morton.centre(morton.cell(lat, lon)), (lat, lon)) < 0.02


@given(latitudes, longitudes, zooms)
def test_a_tile_holds_the_positions_that_lie_in_it(lat: float, lon: float, zoom: int) -> None:
    x, y = morton.tile_of(lat, lon, zoom)
    low, high = morton.tile_range(zoom, x, y)
    assert low <= morton.cell(lat, lon) < high
    assert (low, high) == morton.cell_range(lat, lon, zoom)


@given(st.integers(0, morton.AXIS_BITS - 1), st.data())
def test_a_tile_is_exactly_its_four_quarters(zoom: int, data: st.DataObject) -> None:
    side = st.integers(0, 2**zoom - 1)
    x, y = data.draw(side), data.draw(side)
    quarters = sorted(morton.tile_range(zoom + 1, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1))
    low, high = morton.tile_range(zoom, x, y)
    assert [low, *(end for _, end in quarters)] == [*(start for start, _ in quarters), high]


@given(zooms, st.data())
def test_the_centre_of_a_tile_lies_in_it(zoom: int, data: st.DataObject) -> None:
    side = st.integers(0, 2**zoom - 1)
    x, y = data.draw(side), data.draw(side)
    low, _ = morton.tile_range(zoom, x, y)
    lat, lon = morton.centre(low >> 2 * (morton.AXIS_BITS - zoom), zoom)
    if zoom < 28:  # below that a float's last bits are as large as the cell
        assert morton.tile_of(lat, lon, zoom) == (x, y)


def test_tiles_are_numbered_as_web_maps_number_them() -> None:
    # The formulas of the "slippy map": x from the west, y from the north.
    lat, lon = MOTALA
    for zoom in range(20):
        x = math.floor((lon + 180) / 360 * 2**zoom)
        y = math.floor(
            (1 - math.log(math.tan(math.radians(lat)) + 1 / math.cos(math.radians(lat))) / math.pi) / 2 * 2**zoom
        )
        assert morton.tile_of(lat, lon, zoom) == (x, y)
    assert morton.tile_of(lat, lon, 10) == (554, 305)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(math.nan, 15), (58, math.nan), (math.inf, 15), (58, -math.inf), (90.1, 15), (58, 180.1), (-91, 0), (0, -181)],
)
def test_what_is_no_position_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="position"):
        morton.cell(lat, lon)
    with pytest.raises(ValueError, match="position"):
        morton.tile_of(lat, lon, 10)
    with pytest.raises(ValueError, match="position"):
        morton.covering(lat, lon, 100)
    with pytest.raises(ValueError, match="position"):
        morton.distance_m((lat, lon), MOTALA)


def test_what_is_no_tile_is_refused() -> None:
    for zoom, x, y in [(3, 8, 0), (3, 0, 8), (3, -1, 0), (32, 0, 0), (-1, 0, 0)]:
        with pytest.raises(ValueError, match=r"tile|zoom"):
            morton.tile_range(zoom, x, y)
    with pytest.raises(ValueError, match="cell"):
        morton.centre(4, 1)


def test_beyond_the_edge_of_the_map_counts_as_the_edge() -> None:
    assert morton.cell(90, 15) == morton.cell(morton.MAX_LATITUDE, 15)
    assert morton.tile_of(-90, 15, 5)[1] == 31


def test_distance() -> None:
    assert morton.distance_m(MOTALA, MOTALA) == 0
    assert morton.distance_m((0, 0), (0, 180)) == pytest.approx(math.pi * morton.EARTH_RADIUS_M)
    assert morton.distance_m((58, 15), (59, 15)) == pytest.approx(111_195, abs=1)
    assert morton.distance_m(MOTALA, MJOLBY) == pytest.approx(24_022, rel=0.001)


@given(st.tuples(latitudes, longitudes), st.tuples(latitudes, longitudes))
def test_distance_is_the_same_both_ways(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert morton.distance_m(a, b) == pytest.approx(morton.distance_m(b, a))


def destination(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """Where one arrives from a position by going straight on (great circle)."""
    angle, start = metres / morton.EARTH_RADIUS_M, math.radians(lat)
    end = math.asin(
        max(-1, min(1, math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * math.cos(bearing)))
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(start), math.cos(angle) - math.sin(start) * math.sin(end)
    )
    return math.degrees(end), (lon + math.degrees(turn) + 540) % 360 - 180


@given(latitudes, longitudes, st.floats(0, 20_000_000), st.floats(0, 2 * math.pi), st.floats(0, 1))
@example(58.5, 179.9999, 5_000.0, math.pi / 2, 1.0)
@example(89.9, 10.0, 50_000.0, 0.0, 1.0)
@example(-85.0, 10.0, 50_000.0, math.pi, 1.0)
def test_a_covering_holds_everything_within_the_radius(
    lat: float, lon: float, radius: float, bearing: float, share: float
) -> None:
    ranges = morton.covering(lat, lon, radius)
    there = destination(lat, lon, bearing, radius * share)
    assert 1 <= len(ranges) <= 9
    if morton.distance_m((lat, lon), there) <= radius:
        assert inside(morton.cell(*there), ranges)
    assert all(low < high for low, high in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@given(st.floats(55, 69), st.floats(11, 24), st.floats(10, 5000))
def test_a_covering_in_sweden_is_not_much_larger_than_the_circle(lat: float, lon: float, radius: float) -> None:
    cell_side = 2 * math.pi * morton.EARTH_RADIUS_M * math.cos(math.radians(lat)) / 2**31
    area = sum(high - low for low, high in morton.covering(lat, lon, radius)) * cell_side**2
    assert area < 9 * math.pi * radius**2
