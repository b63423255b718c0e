"""Follow codes: stable, unguessable, forgiving to those who type them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import follow_code

KEY = bytes(range(32))
UID = UUID("12345678-1234-5678-1234-567812345678")
CODES = st.builds(follow_code.code_for, st.binary(min_size=16, max_size=64), st.uuids(), st.integers(1, 1000))


def test_the_code_of_a_case_never_changes_by_itself() -> None:
    """Written down on receipts: a change here breaks every link that is out."""
    assert follow_code.code_for(KEY, UID, 1) == "626N0DX7Z1KZGSHK2NFM5PSFE4"


def test_a_new_version_makes_the_old_code_worthless() -> None:
    one, two = (follow_code.code_for(KEY, UID, version) for version in (1, 2))
    assert one != two
    assert follow_code.digest(one) != follow_code.digest(two)


def test_without_the_key_there_is_no_code() -> None:
    keys = [follow_code.new_code_key() for _ in range(5)]
    assert len(set(keys)) == 5
    assert all(len(key) == 32 for key in keys)
    assert len({follow_code.code_for(key, UID, 1) for key in keys}) == 5


@given(CODES)
def test_a_code_has_128_bits_and_one_shape(code: str) -> None:
    assert len(code) == 26
    assert set(code) <= set(follow_code.ALPHABET)
    assert code[0] in "01234567"
    assert follow_code.normalise(code) == code
    assert follow_code.is_code(code)


def _misread(code: str, shapes: list[int]) -> str:
    """The code as somebody copies it: small letters, O for 0, I or L for 1."""
    like = {"0": ["0", "o", "O"], "1": ["1", "I", "l"]}
    return "".join(like.get(char, [char, char.lower(), char])[shape] for char, shape in zip(code, shapes, strict=True))


@given(CODES, st.lists(st.integers(0, 2), min_size=26, max_size=26), st.sampled_from(["", " ", "-", " - ", "\u00a0"]))
def test_a_code_is_found_however_it_is_copied(code: str, shapes: list[int], between: str) -> None:
    written = between.join(_misread(code, shapes))
    assert follow_code.normalise(written) == code
    assert follow_code.digest(written) == follow_code.digest(code)
    assert follow_code.digest(follow_code.pretty(code)) == follow_code.digest(code)


@given(CODES)
def test_a_pasted_link_is_a_code_too(code: str) -> None:
    assert follow_code.normalise(f"https://motala.example/f/{follow_code.pretty(code)}/") == code


@given(st.text())
def test_anything_can_be_typed(text: str) -> None:
    assert len(follow_code.digest(text)) == 32
    assert set(follow_code.normalise(text)) <= set(follow_code.ALPHABET)


def test_pretty_is_in_fours() -> None:
    groups = follow_code.pretty(follow_code.code_for(KEY, UID, 1)).split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4, 4, 4, 2]


@pytest.mark.parametrize("text", ["", "26-4817", "abc"])
def test_a_case_number_is_no_code(text: str) -> None:
    assert not follow_code.is_code(text)
