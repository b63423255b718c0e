"""Telephone numbers: one form for all ways of writing one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.core.phone_number import phone_number


@pytest.mark.parametrize(
    "written",
    ["070-123 45 67", "0701234567", "+46 70 123 45 67", "+46 (0)70-123 45 67", "0046701234567", " 070.123.45.67\n"],
)
def test_one_number_however_it_is_written(written: str) -> None:
    assert phone_number(written) == "+46701234567"


def test_other_countries_keep_their_own() -> None:
    assert phone_number("+358 40 123 4567") == "+358401234567"


@pytest.mark.parametrize(
    "written", ["", "12", "070-ABC", "+0123456789", "++46701234567", "anna@exempel.se", "٠٧٠١٢٣٤٥٦٧"]
)
def test_what_is_no_number_gets_a_sentence(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        phone_number(written, field="address")
    assert "070-123 45 67" in str(caught.value.errors["address"])


@given(st.text(max_size=200))
def test_whatever_is_written_it_is_a_number_or_a_sentence(written: str) -> None:
    try:
        found = phone_number(written)
    except Invalid:
        return
    assert found[0] == "+"
    assert found[1:].isascii()
    assert found[1:].isdigit()
    assert phone_number(found) == found
