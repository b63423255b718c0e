"""Figures are shown from five, and no figure tells another that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.engagement.models import Opening
from lyhord.engagement.results import FEWEST_SHOWN, tally

pytestmark = pytest.mark.requirement("3.22", "3.23")
POLL = Opening(mechanism="poll", settings={"options": ["a", "b", "c"]})


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_nothing_below_five_can_be_worked_out(counts: list[int]) -> None:
    told = tally(POLL, {str(number): count for number, count in enumerate(counts, 1) if count})
    assert [one.count for one in told.answers] == [count if count >= FEWEST_SHOWN else None for count in counts]
    assert told.at_least == sum(count for count in counts if count >= FEWEST_SHOWN)
    whole = all(count >= FEWEST_SHOWN for count in counts)
    assert told.total == (sum(counts) if whole else None)
    assert told.shown is any(count >= FEWEST_SHOWN for count in counts)
