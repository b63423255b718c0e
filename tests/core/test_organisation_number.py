"""Organisation numbers: right in form and by their check digit, and never a person's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.core.luhn import luhn
from lyhord.core.organisation_number import organisation_number

pytestmark = pytest.mark.requirement("4.5")
RIGHT = "212000-0142"  # a municipality's


@pytest.mark.parametrize("written", [RIGHT, "2120000142", " 212000 0142 ", "16212000-0142", "SE212000014201"])
def test_one_number_however_it_is_written(written: str) -> None:
    assert organisation_number(written) == RIGHT


@pytest.mark.parametrize("number", ["556016-0680", "802400-4197", "769600-0004", "212000-0142"])
def test_companies_associations_and_authorities(number: str) -> None:
    assert organisation_number(number) == number


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("", "så här"),
        ("5560", "så här"),
        ("556016-06801", "så här"),
        ("abcdef-ghij", "så här"),
        ("٥٥٦٠١٦-٠٦٨٠", "så här"),
        ("556016-0681", "stämmer inte"),
        ("212000-0002", "stämmer inte"),
        ("811228-9874", "personnummer"),
        ("19811228-9874", "personnummer"),
    ],
)
def test_what_is_wrong_is_said(written: str, word: str) -> None:
    with pytest.raises(Invalid) as caught:
        organisation_number(written)
    assert word in str(caught.value.errors["organisation_number"])


@given(st.integers(min_value=10_00_000_000 // 10, max_value=999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: int, place: int, change: int) -> None:
    nine = f"{body:09}"
    [check] = [str(digit) for digit in range(10) if luhn(nine + str(digit))]
    number = nine + check
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert luhn(number)
    assert not luhn(wrong)


@given(st.text(max_size=100))
def test_whatever_is_written_it_is_a_number_or_a_sentence(written: str) -> None:
    try:
        found = organisation_number(written)
    except Invalid:
        return
    assert organisation_number(found) == found
    assert luhn(found.replace("-", ""))
