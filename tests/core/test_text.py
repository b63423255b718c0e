"""Text as people type it, and Swedish order."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lyhord.core.text import SORT_KEY_LENGTH, clean_text, fold, sort_key

ANY = st.text(st.characters(), max_size=60)
SIGNS = "aAåÅeé\u0301\u0308\x00\x07\x85\u200b\u202e\u2028\ufeff\udc80\r\n\t\xa0 \u2000x"
TRICKY = st.text(st.sampled_from(SIGNS), max_size=20)


@given(ANY | TRICKY)
@example("e\x00\u0301")  # what stood between a letter and its accent goes; then they are one character
@example("a\r\x00\n")
@example("\u2000 x")
def test_cleaned_text_can_be_stored_and_is_cleaned_once_and_for_all(text: str) -> None:
    for one_line in (False, True):
        cleaned = clean_text(text, one_line=one_line)
        assert clean_text(cleaned, one_line=one_line) == cleaned
        assert cleaned == cleaned.strip()
        assert unicodedata.is_normalized("NFC", cleaned)
        cleaned.encode("utf-8")
        allowed = "" if one_line else "\n\t"
        assert not [char for char in cleaned if unicodedata.category(char) == "Cc" and char not in allowed]
        assert not set(cleaned) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hål i gatan.\r\n\r\nVid bron.  ", "Hål i gatan.\n\nVid bron."),
        ("rad ett \rrad två", "rad ett\nrad två"),
        ("A\u030a", "Å"),
        ("Hål\x00 i \u202egatan", "Hål i gatan"),
        ("tiotusen\xa0kronor", "tiotusen kronor"),
        ("👩\u200d👧 leker", "👩\u200d👧 leker"),  # the joiner makes one picture of two
        ("\udc80", ""),
        ("", ""),
    ],
)
def test_what_becomes_of_what_is_typed(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_one_line_has_one_blank_between_words() -> None:
    assert clean_text(" Vinter\t\n gatan  12 ", one_line=True) == "Vinter gatan 12"


def test_fold_takes_dots_and_accents_away() -> None:
    assert [fold(word) for word in ("Åkervägen", "CAFÉ", "ÖÄÅ", "straße")] == ["akervagen", "cafe", "oaa", "strasse"]


def test_swedish_order() -> None:
    ordered = ["Alväng", "Bo", "Väg 2", "Väg 10", "Walla", "Zon", "Åby", "Ås", "Ängen", "Öster"]
    shuffled = [ordered[index] for index in (7, 2, 9, 0, 5, 3, 8, 1, 6, 4)]
    assert sorted(shuffled, key=sort_key) == ordered
    assert sorted(["Yta", "Über", "Ünder", "Z"], key=sort_key) == ["Über", "Ünder", "Yta", "Z"]
    assert sort_key("ÅSA") == sort_key("A\u030asa")


@given(ANY)
@example("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25")
@example("\ufdfa" * 30)
def test_a_sort_key_fits_its_column_whatever_the_name(text: str) -> None:
    assert len(sort_key(text)) <= SORT_KEY_LENGTH


@given(st.text(st.sampled_from("abcåäöÅÄÖ zZ1"), max_size=10), st.text(st.sampled_from("abcåäöÅÄÖ zZ1"), max_size=10))
def test_the_order_does_not_depend_on_case(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (sort_key(one.upper()) < sort_key(other.lower()))
