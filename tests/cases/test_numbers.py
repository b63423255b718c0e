"""Case numbers, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.numbers import format_number, parse_number


def test_a_number_is_the_year_and_the_count() -> None:
    assert format_number(2026, 4817) == "26-4817"
    assert format_number(2007, 1) == "07-1"


@pytest.mark.parametrize("written", ["26-4817", " 26-4817 ", "nr 26-4817", "Nummer: 26–4817", "#26-4817", "26 4817"])
def test_people_write_numbers_in_their_own_way(written: str) -> None:
    assert parse_number(written) == (2026, 4817)


@pytest.mark.parametrize(
    "written", ["", "4817", "26-", "26-0", "2026-11-24", "26-4817x", "26-99999999999", "Storgatan 12"]
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse_number(written) is None


@given(st.integers(2000, 2099), st.integers(1, 999_999_999))
def test_every_number_comes_back(year: int, n: int) -> None:
    assert parse_number(format_number(year, n)) == (year, n)


@given(st.text())
def test_any_text_is_read_or_not(text: str) -> None:
    parse_number(text)


@pytest.mark.parametrize(("year", "n"), [(1999, 1), (2100, 1), (2026, 0)])
def test_a_number_outside_the_series_is_a_bug(year: int, n: int) -> None:
    with pytest.raises(ValueError, match="case number"):
        format_number(year, n)
