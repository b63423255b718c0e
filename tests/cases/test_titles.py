"""A short name for a case."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lyhord.cases.titles import LONGEST, first_words, shorten


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lampan är släckt. Det är mörkt.", "Lampan är släckt"),
        ("Hej! Lampan vid skolan är släckt. Tack!", "Hej! Lampan vid skolan är släckt."),
        ("Hej\nDet är hål i gatan vid bron.\nMvh", "Hej Det är hål i gatan vid bron"),
        ("När öppnar badet? Jag vill bada.", "När öppnar badet?"),
        ("Hål", "Hål"),
        ("Hål.", "Hål"),
        ("", ""),
        ("\x00 \n", ""),
        ("Ca. 3 meter från bron är det ett hål. Stort.", "Ca. 3 meter från bron är det ett hål"),
    ],
)
def test_the_first_words_that_say_something(text: str, words: str) -> None:
    assert first_words(text) == words.removesuffix(".")


@given(st.text(), st.integers(10, 120))
@example("x" * 300, 80)
@example("ord " * 100, 80)
def test_shortening(text: str, longest: int) -> None:
    short = shorten(text, longest)
    assert len(short) <= longest
    whole = " ".join(text.split())
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))


def test_cut_between_words() -> None:
    assert shorten("Släckt gatubelysning, Vintergatan 12", 30) == "Släckt gatubelysning…"
    assert len(shorten("ab " * 100)) <= LONGEST
