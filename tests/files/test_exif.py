"""Position and time from tags that anybody can have written: right, or None, and never an error."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from lyhord.files import _exif
from lyhord.files._reencode import reencode
from lyhord.files._wire import unpack
from tests.files import make

GOOD: dict[int, Any] = {1: "N", 2: (58.0, 32.0, 13.56), 3: "E", 4: (15.0, 2.0, 11.4)}


@pytest.mark.requirement("0.5")
def test_motala() -> None:
    assert _exif.position(GOOD) == pytest.approx(make.MOTALA)


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("NE", (1, 1)), ("SE", (-1, 1)), ("NW", (1, -1)), ("SW", (-1, -1)), ("ne", (1, 1))],
)
def test_hemispheres(letters: str, expected: tuple[int, int]) -> None:
    latitude, longitude = make.MOTALA
    found = _exif.position({**GOOD, 1: letters[0], 3: letters[1]})
    assert found == pytest.approx((latitude * expected[0], longitude * expected[1]))


@pytest.mark.parametrize("reference", [b"N", b"N\0", "N\0", " N "])
def test_references_as_cameras_write_them(reference: object) -> None:
    assert _exif.position({**GOOD, 1: reference}) is not None


@pytest.mark.requirement("0.5")
@pytest.mark.parametrize(
    "wrong",
    [
        {1: None},
        {1: ""},
        {1: "NN"},
        {1: "E"},
        {1: 78},
        {2: None},
        {2: 58.5},
        {2: "58,32,13"},
        {2: b"\1\2\3"},
        {2: (58.0, 32.0)},
        {2: (58.0, 32.0, 13.0, 1.0)},
        {2: ("58", "32", "13")},
        {2: (58.0, 32.0, None)},
        {2: (58.0, (32, 1), 13.0)},
        {2: (-58.0, 32.0, 13.0)},
        {2: (58.0, 60.5, 13.0)},
        {2: (58.0, 32.0, 61.0)},
        {2: (90.0, 0.0, 1.0)},
        {4: (180.0, 0.0, 1.0)},
        {2: (math.nan, 0.0, 0.0)},
        {2: (math.inf, 0.0, 0.0)},
        {2: (IFDRational(58, 0), 0.0, 0.0)},
        {2: (IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0))},
        {2: (10**400, 0, 0)},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
    ],
)
def test_doubt_means_no_position(wrong: dict[int, object]) -> None:
    assert _exif.position({**GOOD, **wrong}) is None


anything: st.SearchStrategy[object] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.binary(max_size=8),
        st.builds(IFDRational, st.integers(), st.integers()),
        st.fractions(),
        st.sampled_from(["N", "S", "E", "W", b"N", "2026:11:24 14:05:09", "+01:00"]),
    ),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.lists(inner, max_size=3),
    max_leaves=5,
)
tags = st.dictionaries(st.sampled_from([1, 2, 3, 4, 31, 0x0112, 0x0132, 0x9003, 0x9011]), anything)
angles = st.tuples(
    *[st.integers(-1, 200) | st.floats(-1, 200) | st.builds(Fraction, st.integers(0, 9000), st.just(100))] * 3
)
likely = st.fixed_dictionaries({1: st.sampled_from("NSX"), 2: angles, 3: st.sampled_from("EWX"), 4: angles})


@given(tags | likely)
def test_any_tags_give_a_place_on_the_globe_or_none(gps: dict[int, object]) -> None:
    found = _exif.position(gps)
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180 and found != (0, 0))
    radius = _exif.accuracy_m(gps)
    assert radius is None or 0 < radius < 100_000


@given(tags, tags)
def test_any_tags_give_a_time_or_none(main: dict[int, object], exif: dict[int, object]) -> None:
    moment = _exif.taken_at(main, exif)
    assert moment is None or moment.isoformat()
    assert 1 <= _exif.orientation(main) <= 8


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_a_camera_writes_comes_back(latitude: float, longitude: float) -> None:
    tags = Image.Exif()
    tags.load(make.exif((latitude, longitude)))
    found = _exif.position(tags.get_ifd(_exif.GPS_IFD))
    if max(abs(latitude), abs(longitude)) > 1e-6:
        assert found == pytest.approx((latitude, longitude), abs=2e-8)


@given(st.data())
def test_damaged_tags_never_stop_a_photo(data: st.DataObject) -> None:
    block = bytearray(make.exif(make.MOTALA))
    for _ in range(data.draw(st.integers(1, 8))):
        block[data.draw(st.integers(6, len(block) - 1))] = data.draw(st.integers(0, 255))
    facts = json.loads(unpack(reencode(make.encoded(Image.new("L", (8, 8)), exif=bytes(block))), 3)[0])
    latitude, longitude = facts["position"] or (0, 0)
    assert abs(latitude) <= 90
    assert abs(longitude) <= 180


@pytest.mark.parametrize(
    ("main", "exif", "expected"),
    [
        ({}, {0x9003: make.TAKEN}, datetime(2026, 11, 24, 14, 5, 9)),
        ({}, {0x9003: make.TAKEN, 0x9011: "+01:00"}, datetime(2026, 11, 24, 13, 5, 9, tzinfo=UTC)),
        ({}, {0x9003: make.TAKEN, 0x9011: "-05:30"}, datetime(2026, 11, 24, 19, 35, 9, tzinfo=UTC)),
        ({}, {0x9003: make.TAKEN, 0x9011: "Z"}, datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)),
        ({}, {0x9003: make.TAKEN, 0x9011: "+99:00"}, datetime(2026, 11, 24, 14, 5, 9)),
        ({}, {0x9003: b"2026:11:24 14:05:09\0"}, datetime(2026, 11, 24, 14, 5, 9)),
        ({}, {0x9004: make.TAKEN}, datetime(2026, 11, 24, 14, 5, 9)),
        ({0x0132: make.TAKEN}, {0x9003: "0000:00:00 00:00:00"}, datetime(2026, 11, 24, 14, 5, 9)),
        ({0x0132: "2026-11-24T14:05:09"}, {}, datetime(2026, 11, 24, 14, 5, 9)),
        ({}, {0x9003: "2026:02:30 14:05:09"}, None),
        ({}, {0x9003: "    :  :     :  :  "}, None),
        ({}, {0x9003: ("2026:11:24 14:05:09",)}, None),
        ({}, {}, None),
    ],
)
def test_taken_at(main: dict[int, object], exif: dict[int, object], expected: datetime | None) -> None:
    found = _exif.taken_at(main, exif)
    assert found == expected
    assert expected is None or (found is not None and (found.tzinfo is None) == (expected.tzinfo is None))


def test_the_cameras_own_offset_is_kept() -> None:
    found = _exif.taken_at({}, {0x9003: make.TAKEN, 0x9011: "+02:00"})
    assert found is not None
    assert found.tzinfo == timezone(timedelta(hours=2))


@pytest.mark.parametrize(("value", "expected"), [(6, 6), (1, 1), (0, 1), (9, 1), ("6", 1), ((6,), 1), (None, 1)])
def test_orientation(value: object, expected: int) -> None:
    assert _exif.orientation({0x0112: value}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(IFDRational(9, 2), 4.5), (38.8, 38.8), (0, None), (-1, None), (math.nan, None), ("5", None)],
)
def test_accuracy(value: object, expected: float | None) -> None:
    assert _exif.accuracy_m({31: value}) == expected
