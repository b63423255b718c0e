import math
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.places.morton import cell
from lyhord.places.point import Point, Source, parse_point


@pytest.mark.requirement("0.5")
def test_a_point_says_where_how_sure_and_from_what() -> None:
    point = parse_point("58.5371", "15.0365", accuracy="12.5", source="gps")
    assert point == Point(58.5371, 15.0365, 12.5, "gps")
    assert point.position == (58.5371, 15.0365)
    assert point.cell == cell(58.5371, 15.0365)


@pytest.mark.requirement("2.25")
@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("58,5371", "15,0365"),
        (" 58.5371 ", "\t15.0365\n"),
        ("+58.5371", "015.0365"),
        ("58.53710000000001", "15,0365"),
        ("58,5371\u00a0", "15.0365"),
    ],
)
def test_positions_are_read_as_people_write_them(lat: str, lon: str) -> None:
    assert parse_point(lat, lon).position == pytest.approx((58.5371, 15.0365))


def test_a_typographic_minus_is_a_minus() -> None:
    assert parse_point("−33,86", "-151").position == (-33.86, -151.0)


WRONG = [
    *("", " ", "nan", "NaN", "inf", "-Infinity", "1e1", "5_8", "0x3a", "58.5.1", "58,53,71", "1 2", "--5", "58°", "٥٨"),
    *("5\x008", "58\x00", "58\u202e", "181", "-181", "999", "1" * 50, "58." + "1" * 60),
]


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    for lat, lon, field in [(text, "15", "lat"), ("58", text, "lon")]:
        with pytest.raises(Invalid) as caught:
            parse_point(lat, lon)
        assert set(caught.value.errors) == {field}
        assert "till exempel" in str(caught.value)


def test_both_wrong_are_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        parse_point("x", "y", accuracy="z")
    assert set(caught.value.errors) == {"lat", "lon", "accuracy"}


@pytest.mark.parametrize(("text", "metres"), [("", None), ("  ", None), ("0", 0.0), ("12,5", 12.5), ("99999999", None)])
def test_accuracy(text: str, metres: float | None) -> None:
    assert parse_point("58", "15", accuracy=text).accuracy_m == metres


@pytest.mark.parametrize("text", ["-1", "nan", "12 m", "1e3"])
def test_accuracy_that_is_no_metres_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_point("58", "15", accuracy=text)
    assert set(caught.value.errors) == {"accuracy"}


@pytest.mark.parametrize(
    ("lat", "lon", "accuracy"),
    [(math.nan, 15, 1), (58, math.nan, 1), (91, 15, 1), (58, 181, 1), (58, 15, -1), (58, 15, math.inf)],
)
def test_no_wrong_point_can_be_made(lat: float, lon: float, accuracy: float) -> None:
    with pytest.raises(Invalid):
        Point(lat, lon, accuracy, "gps")


def test_no_unknown_source() -> None:
    with pytest.raises(Invalid):
        Point(58, 15, None, cast("Source", "guess"))


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_a_browser_prints_is_read(lat: float, lon: float) -> None:
    assert parse_point(f"{lat:.7f}", f"{lon:.7f}").position == pytest.approx((lat, lon), abs=1e-7)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_a_point_or_refused(lat: str, lon: str, accuracy: str) -> None:
    try:
        point = parse_point(lat, lon, accuracy=accuracy)
    except Invalid:
        return
    assert math.isfinite(point.lat)
    assert math.isfinite(point.lon)
