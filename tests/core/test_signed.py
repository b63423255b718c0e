"""Short signatures: the same for the same, another for anything else."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.signed import LENGTH, PATTERN, genuine, sign

words = st.text(max_size=20)


@given(purpose=words, about=st.lists(words, max_size=3))
def test_what_was_signed_is_known_again(purpose: str, about: list[str]) -> None:
    signature = sign(purpose, *about)
    assert re.fullmatch(PATTERN, signature)
    assert len(signature) == LENGTH
    assert genuine(signature, purpose, *about)
    assert genuine(signature.upper(), purpose, *about)
    assert not genuine(signature, purpose + "x", *about)
    assert not genuine(signature, purpose, *about, "")


@given(words)
def test_nothing_else_is_genuine(said: str) -> None:
    assert not genuine(said, "x", "y")


def test_another_installation_signs_otherwise(settings: Any) -> None:
    before = sign("x", "y")
    settings.SECRET_KEY = "another"
    assert sign("x", "y") != before
