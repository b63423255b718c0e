"""Words as stems, compounds as parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.features import FIRST, HEAD, WHERE, features
from lyhord.core.stems import stems


def test_the_forms_of_a_word_are_one_stem() -> None:
    assert stems("Lampor, LAMPAN och lampa! 070-123") == ["lamp", "lamp", "och", "lamp"]
    assert stems("gata gatan gatans gator gatorna") == ["gat"] * 5


def test_roads_have_numbers() -> None:
    assert stems("E4 vid rv 50") == ["e4", "vid", "rv"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lykta", {"lykt": 1.0}),
        ("gatlyktan", {"lykt": HEAD}),
        ("lyktstolpe", {"lykt": FIRST}),
        ("vid lyktan", {"lykt": WHERE}),
        ("vid lyktan, ja lyktan", {"lykt": 1.0}),
        ("vid gatlyktan", {"lykt": HEAD * WHERE}),
        ("lampa", {}),
    ],
)
def test_how_strongly_a_stem_is_there(text: str, found: dict[str, float]) -> None:
    assert features(text, {"lykt"}) == pytest.approx(found)


@given(st.text(), st.sets(st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=8)))
def test_only_known_stems_come_and_none_counts_more_than_once(text: str, vocabulary: set[str]) -> None:
    found = features(text, vocabulary)
    assert found.keys() <= vocabulary
    assert all(0 < strength <= 1 for strength in found.values())
