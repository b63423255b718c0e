"""Street lists as map departments save them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.places.street_file import read_streets
from lyhord.places.sweref import to_sweref99tm

PLACES = st.tuples(st.floats(55.3, 69.0), st.floats(11.0, 24.0))


@given(PLACES)
def test_degrees_and_metres_are_the_same_place(place: tuple[float, float]) -> None:
    north, east = to_sweref99tm(*place)
    text = f"gata;lat;lon\nA;{place[0]};{place[1]}\nB;{north:.2f};{east:.2f}".replace(".", ",")
    degrees, metres = read_streets(text.encode())
    assert abs(degrees.lat - metres.lat) < 1e-6
    assert abs(degrees.lon - metres.lon) < 1e-6


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (";58;15", "Gatans namn saknas."),
        ("A;15;58", "bytt plats"),
        ("A;nan;nan", "går inte att läsa"),
        ("A;inf;15", "går inte att läsa"),
        ("A;1e400;15", "går inte att läsa"),
        ("A;;", "går inte att läsa"),
        (f"{'x' * 121};58;15", "längre än 120 tecken"),
    ],
)
def test_a_wrong_row_is_named(row: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_streets(f"gata;lat;lon\nB;58,5;15\n{row}".encode())
    [(line, said)] = refused.value.errors.items()
    assert line == "3"
    assert sentence in str(said)


def test_a_file_that_is_all_wrong_is_not_recited() -> None:
    with pytest.raises(Invalid) as refused:
        read_streets(b"gata;lat;lon\n" + b"A;x;y\n" * 1000)
    assert len(refused.value.errors) == 20
