"""How many parts a text message is sent in, and what fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.sms_text import Alphabet, alphabet_of, fitted, parts_of, plainer

pytestmark = pytest.mark.requirement("3.21")
LINK = "https://dialog.motala.example/f/K7PM-4XTD-9QWE/"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("å" * 160, 1),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("đ" * 70, 1),
        ("đ" * 71, 2),
        ("đ" * 134, 2),
        ("đ" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("🙂" * 66, 2),  # 33 in each part: a sign of two places is never cut in two
        ("🙂" * 67, 3),
        ("a" * 152 + "€" * 5, 2),  # the sign does not fit the last place of the first part
    ],
)
def test_parts_are_counted_as_the_networks_do(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_swedish_and_finnish_need_no_more_room_and_sami_does() -> None:
    assert alphabet_of("Åäö ÅÄÖ é ü: Ärendet är klart!") is Alphabet.GSM
    assert alphabet_of("Giitu, mii leat ožžon du dieđu") is Alphabet.UCS2


def test_typography_is_plain() -> None:
    assert plainer("Vi – ”du” och jag…\N{NO-BREAK SPACE}a\N{COMBINING RING ABOVE}") == 'Vi - "du" och jag... å'
    assert alphabet_of(plainer("Nytt svar – läs ”här”…")) is Alphabet.GSM


def test_words_are_cut_and_the_link_never_is() -> None:
    said = fitted("Ett ganska långt besked " * 30, LINK, most=2)
    assert said.endswith(f"... {LINK}")
    assert parts_of(said) == 2
    assert fitted("Nytt svar", LINK, most=1) == f"Nytt svar {LINK}"


@given(st.text(max_size=700), st.integers(1, 3))
def test_whatever_is_written_fits(text: str, most: int) -> None:
    said = fitted(text, LINK, most=most)
    assert parts_of(said) <= most
    assert said.endswith(LINK)
