"""Naive Bayes against the textbook's own example, and against what it must never do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.naive_bayes import TEMPERATURES, NaiveBayes, count

EXAMPLES = [("släckt lampa", 0), ("lampa lyser", 0), ("lampa släckt", 0), ("djupt hål", 1), ("hål asfalt", 1)]


def test_counts_are_json_and_leave_out_what_only_one_said() -> None:
    model = json.loads(json.dumps(count(EXAMPLES, 3)))
    assert model["counts"] == {"lamp": [[0, 3]], "hål": [[1, 2]], "släck": [[0, 2]]}
    assert model["per_type"] == [3, 2, 0]
    assert model["temperature"] in TEMPERATURES


def test_it_tells_the_types_apart_and_never_names_one_without_cases() -> None:
    bayes = NaiveBayes(count(EXAMPLES, 3))
    lamp = bayes.probabilities({"lamp": 1.0})
    assert lamp[0] > lamp[1] > lamp[2] == 0.0
    hole = bayes.probabilities({"hål": 1.0, "okänt": 1.0})
    assert hole[1] > hole[0]


def test_by_hand() -> None:
    """Two types, damped prior sqrt(n), smoothing a quarter over three stems: worked out on paper."""
    bayes = NaiveBayes(count(EXAMPLES, 2), temperature=1.0)
    room = 3 * 0.25
    first = 3**0.5 * (3 + 0.25) / (5 + room)
    second = 2**0.5 * 0.25 / (2 + room)
    assert bayes.probabilities({"lamp": 1.0}) == pytest.approx([first / (first + second), second / (first + second)])


def test_a_left_out_case_speaks_less_for_itself() -> None:
    bayes = NaiveBayes(count(EXAMPLES, 2), temperature=1.0)
    assert bayes.probabilities({"lamp": 1.0}, left_out=0)[0] < bayes.probabilities({"lamp": 1.0})[0]


@given(
    st.lists(
        st.tuples(st.sampled_from(["lampa", "hål", "snö", "lampa hål", "snö hål", "x"]), st.integers(0, 3)), max_size=40
    ),
    st.dictionaries(st.sampled_from(["lamp", "hål", "snö", "annat"]), st.floats(0.1, 1.0)),
)
def test_probabilities_sum_to_one(examples: list[tuple[str, int]], found: dict[str, float]) -> None:
    shares = NaiveBayes(count(examples, 4)).probabilities(found)
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) == pytest.approx(1.0 if examples else 0.0)
