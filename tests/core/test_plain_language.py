"""How heavy a text is: counted by hand, and never an error whatever is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.plain_language import lix, read, sentences_of, words_of
from lyhord.core.plain_words import PLAINER

pytestmark = pytest.mark.requirement("2.18")
AUTHORITY = (
    "Beträffande inkommen synpunkt avseende gatubelysning meddelas härmed att kommunen, i enlighet med gällande "
    "föreskrifter, kommer att tillse att erforderliga åtgärder vidtas så snart förutsättningar för detta föreligger."
)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("", 0),
        ("Hej.", 1),  # 1 word in 1 sentence
        ("Jag har en hund. Den heter Karl.", 4),  # 7 words / 2 sentences = 3.5, none long
        ("Lampan lyser nu. Tack för att du hörde av dig.", 5),  # 10 / 2
        ("Gatubelysningen är trasig.", 36),  # 3 / 1 + 100 * 1/3
        ("Kommunen ansvarar för gatubelysningen. Vi lagar lampan i morgon.", 38),  # 9 / 2 + 100 * 3/9
        ("Sex ord som alla är korta.", 6),
        ("Sjuorda.", 101),  # seven letters is long
        ("Sexord.", 1),  # six is not
    ],
)
def test_lix_as_counted_by_hand(text: str, known: int) -> None:
    assert lix(text) == known


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Vi kommer kl. 10.30 i morgon. Hej!", 2),
        ("Det gäller t.ex. lampor, bl.a. på Storgatan.", 1),
        ("Hur gick det? Bra! Tack.", 3),
        ("Rubrik utan punkt\n\nEn mening till", 2),
        ("Ta med:\n- bild\n- karta", 3),
        ("Läs på https://www.motala.se/a.b.c?d nu. Hej.", 2),
        ("...", 0),
        ("Vänta… Nu kommer den.", 2),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences


def test_words() -> None:
    assert words_of("E-post till Å-vägen 3, kl. 10.30: t.ex. nu!") == [
        "E-post", "till", "Å-vägen", "3", "kl", "10.30", "t.ex", "nu",
    ]  # fmt: skip


def test_what_an_authority_writes() -> None:
    found = read(AUTHORITY)
    assert found.lix is not None
    assert found.lix > 60
    assert found.long_sentences == (AUTHORITY.rstrip("."),)
    assert ("Beträffande", "om") in found.official
    assert ("i enlighet med", "enligt") in found.official
    assert ("tillse", "se till") in found.official
    assert not found.greets


def test_what_a_neighbour_writes() -> None:
    found = read("Hej Elin!\n\nTack för att du hörde av dig. Vi byter lampan på fredag.\n\nVänliga hälsningar\nSara")
    assert (found.long_sentences, found.official, found.long_words) == ((), (), ())
    assert found.greets
    assert found.closes
    assert found.lix is not None
    assert found.lix < 30


def test_a_few_words_have_no_value() -> None:
    assert read("Nu lyser den.").lix is None


def test_a_part_of_a_word_is_no_word() -> None:
    assert read("Jag samtalar om ejderdun, och samtidigt erhållandet").official == ()


def test_long_words_are_found_and_addresses_are_none() -> None:
    found = read("Se https://www.motala.se/kommunfullmaktigeledamoternas om kommunfullmäktigeledamöternas ersättning.")
    assert found.long_words == ("kommunfullmäktigeledamöternas",)


def test_every_plainer_word_is_shorter_or_plainer_than_itself() -> None:
    for word, plain in PLAINER.items():
        assert word == word.lower()
        assert plain != word
        assert plain not in PLAINER


@given(st.text(max_size=500))
def test_whatever_is_written_can_be_read(text: str) -> None:
    found = read(text)
    assert found.words >= len(found.long_words)
    assert lix(text) >= 0
