import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.places.sweref import from_sweref99tm, to_sweref99tm

# Northing and easting from PROJ 9 (EPSG:4619 to EPSG:3006), rounded to the millimetre. That of Stockholm central
# station is also the published example of several independent libraries.
KNOWN = [
    ("Motala", 58.5371, 15.0365, 6488510.277, 502125.086),
    ("Mjölby", 58.3259, 15.1236, 6465001.195, 507239.398),
    ("Stockholm central station", 59.330231, 18.059196, 6580821.991, 674032.357),
    ("Göteborg", 57.70887, 11.97456, 6400322.805, 319755.489),
    ("Malmö", 55.60498, 13.00382, 6163924.292, 374244.954),
    ("Kiruna", 67.8558, 20.2253, 7536069.970, 719583.123),
    ("Treriksröset", 69.05995, 20.54865, 7671053.335, 721051.775),
    ("Smygehuk", 55.33695, 13.35945, 6133513.386, 395942.715),
    ("Haparanda", 65.8355, 24.1368, 7331936.200, 916177.904),
    ("Strömstad", 58.9395, 11.1712, 6539623.866, 279717.550),
    ("Visby", 57.6348, 18.29484, 6392831.374, 696687.928),
    ("Karlskrona", 56.1612, 15.5869, 6224176.014, 536450.924),
    ("Östersund", 63.1792, 14.63566, 7005607.452, 481658.537),
    ("Umeå", 63.8258, 20.263, 7088280.798, 758803.435),
    ("Luleå", 65.5848, 22.1567, 7292404.416, 829524.213),
    ("Gotska Sandön", 58.3947, 19.195, 6480302.786, 745129.915),
    ("Idre", 61.8583, 12.7158, 6860507.555, 379822.189),
    ("the central meridian", 60.0, 15.0, 6651411.190, 500000.000),
    ("a corner", 66.0, 24.0, 7349217.668, 907351.981),
    ("west of Sweden", 55.0, 10.5, 6104055.918, 212242.885),
]
points = pytest.mark.parametrize(("name", "lat", "lon", "northing", "easting"), KNOWN, ids=[row[0] for row in KNOWN])


@pytest.mark.requirement("0.5")
@points
def test_known_points_to_the_millimetre(name: str, lat: float, lon: float, northing: float, easting: float) -> None:
    north, east = to_sweref99tm(lat, lon)
    assert north == pytest.approx(northing, rel=0, abs=0.0006)
    assert east == pytest.approx(easting, rel=0, abs=0.0006)


@pytest.mark.requirement("0.5")
@points
def test_known_points_back_again(name: str, lat: float, lon: float, northing: float, easting: float) -> None:
    there = from_sweref99tm(northing, easting)
    assert there == pytest.approx((lat, lon), rel=0, abs=2e-8)  # the millimetre that the table is rounded to


@pytest.mark.requirement("0.5")
@given(st.floats(54, 70), st.floats(9, 26))
def test_there_and_back_is_less_than_a_millimetre(lat: float, lon: float) -> None:
    back_lat, back_lon = from_sweref99tm(*to_sweref99tm(lat, lon))
    assert abs(back_lat - lat) * 111_320 < 0.001
    assert abs(back_lon - lon) * 111_320 < 0.001


@given(st.floats(54, 70), st.floats(9, 26))
def test_the_plane_is_the_mirror_image_of_itself_about_the_central_meridian(lat: float, lon: float) -> None:
    north, east = to_sweref99tm(lat, lon)
    mirrored_north, mirrored_east = to_sweref99tm(lat, 30 - lon)
    assert mirrored_north == pytest.approx(north, rel=0, abs=1e-6)
    assert mirrored_east - 500_000 == pytest.approx(500_000 - east, rel=0, abs=1e-6)


@pytest.mark.parametrize("position", [(math.nan, 15), (58, math.inf), (91, 15), (58, -40), (58, 100)])
def test_what_is_not_near_sweden_is_refused(position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Sweden"):
        to_sweref99tm(*position)


@pytest.mark.parametrize("position", [(math.nan, 500_000), (6_500_000, math.inf), (2e7, 500_000), (6_500_000, 1e7)])
def test_metres_that_are_nowhere_are_refused(position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Sweden"):
        from_sweref99tm(*position)
