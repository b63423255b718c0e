"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.core.phone_number import phone_number, takes_sms

WRITTEN = [
    "070-174 06 05",
    "0701740605",
    "+46 70 174 06 05",
    "0046701740605",
    "+46 (0)70-1740605",
    "070\N{EN DASH}174 06 05",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_one_number_in_many_shapes(written: str) -> None:
    assert phone_number(written) == "+46701740605"


def test_other_countries_keep_theirs() -> None:
    assert phone_number("+358 40 1234567") == "+358401234567"
    assert (
        phone_number("\u0660\u0667\u0660\u0661\u0667\u0664\u0660\u0666\u0660\u0665") == "+46701740605"
    )  # Arabic digits
    assert phone_number("+47 406 12 345") == "+4740612345"


@pytest.mark.parametrize(
    "written",
    ["", "112", "hej", "070-12", "070-ABC", "++46701234567", "+46 70 174 06 05 06 07 08", "anna@exempel.se", "+999 1"],
)
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        phone_number(written, field="address")
    assert "070-123 45 67" in str(caught.value.errors["address"])


@given(st.text(max_size=80))
def test_whatever_is_written_there_is_a_number_or_a_sentence(written: str) -> None:
    try:
        number = phone_number(written)
    except Invalid:
        return
    assert number[0] == "+"
    assert number[1:].isdecimal()
    assert phone_number(number) == number


def test_which_numbers_read_sms() -> None:
    assert takes_sms("+46701740605")
    assert not takes_sms("+46141225000")
    assert not takes_sms("")
