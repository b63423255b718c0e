"""What was promised."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.calendar import add_working_hours, is_working_day
from lyhord.cases.deadlines import deadlines
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.kind import KINDS
from lyhord.core.clock import local
from tests.factories import at

pytestmark = pytest.mark.requirement("4.4", "X11", "N1")

WINTER = {"first": "11-01", "last": "04-30"}


def of(**deadline: Any) -> CaseTypeDescription:
    return CaseTypeDescription.model_validate(
        {"code": "snohalka", "kind": "felanmalan", "name": {"sv": "Snö"}, "deadline": deadline}
    )


@pytest.mark.parametrize(
    ("promise", "came", "acknowledge", "answer"),
    [
        # nobody has promised anything: two working days to the first word, five to the answer of a fault
        ({}, "2026-11-23 16:42", "2026-11-25 17:00", "2026-11-30 17:00"),
        ({"answer_days": 10}, "2026-11-23 16:42", "2026-11-25 17:00", "2026-12-07 17:00"),
        # a promise of nought is one for the same day
        ({"answer_days": 0}, "2026-11-23 10:00", "2026-11-23 17:00", "2026-11-23 17:00"),
        ({"acknowledge_days": 0}, "2026-11-23 10:00", "2026-11-23 17:00", "2026-11-30 17:00"),
        # the first word is never promised for later than the answer
        ({"answer_days": 1}, "2026-11-23 10:00", "2026-11-24 17:00", "2026-11-24 17:00"),
        ({"acknowledge_days": 9, "answer_days": 3}, "2026-11-23 10:00", "2026-11-26 17:00", "2026-11-26 17:00"),
        # calendar days end on a working day, and the kind's usual days are working days whatever the unit
        ({"answer_days": 5, "unit": "calendar_days"}, "2026-11-23 09:00", "2026-11-25 17:00", "2026-11-30 17:00"),
        ({"unit": "calendar_days"}, "2026-11-23 09:00", "2026-11-25 17:00", "2026-11-30 17:00"),
        # hours between eight and five
        ({"answer_days": 2, "unit": "working_hours"}, "2026-11-20 16:00", "2026-11-23 09:00", "2026-11-23 09:00"),
        (
            {"acknowledge_days": 1, "answer_days": 12, "unit": "working_hours"},
            "2026-11-23 06:00",
            "2026-11-23 09:00",
            "2026-11-24 11:00",
        ),
        ({"answer_days": 0, "unit": "working_hours"}, "2026-11-20 22:00", "2026-11-23 08:00", "2026-11-23 08:00"),
        # a guarantee for the winter
        (
            {"answer_days": 4, "acknowledge_days": 1, "unit": "working_hours", "season": WINTER},
            "2026-12-01 08:00",
            "2026-12-01 09:00",
            "2026-12-01 12:00",
        ),
        (
            {"answer_days": 4, "acknowledge_days": 1, "unit": "working_hours", "season": WINTER},
            "2026-05-04 08:00",
            "2026-05-06 17:00",
            "2026-05-11 17:00",
        ),
        (
            {"answer_days": 1, "season": WINTER, "answer_days_outside": 20},
            "2026-08-03 08:00",
            "2026-08-05 17:00",
            "2026-08-31 17:00",
        ),
        # the season goes by a Swedish clock: 30 April 23.30 is the last of it, half an hour later it is over
        ({"answer_days": 0, "season": WINTER}, "2026-04-30 23:30", "2026-05-04 17:00", "2026-05-04 17:00"),
        ({"answer_days": 0, "season": WINTER}, "2026-05-01 00:30", "2026-05-06 17:00", "2026-05-11 17:00"),
    ],
)
def test_promises(promise: dict[str, Any], came: str, acknowledge: str, answer: str) -> None:
    found = deadlines(of(**promise), kind="felanmalan", at=at(came))
    assert (found.acknowledge_by, found.answer_by) == (at(acknowledge), at(answer))


@pytest.mark.parametrize("slug", KINDS.slugs())
def test_each_kind_has_its_usual_days(slug: str) -> None:
    found = deadlines(of(), kind=slug, at=at("2026-09-07 09:00"))
    expected = {2: "2026-09-09 17:00", 5: "2026-09-14 17:00", 10: "2026-09-21 17:00"}[KINDS.get(slug).answer_days]
    assert found.answer_by == at(expected)


def test_own_free_days() -> None:
    found = deadlines(of(answer_days=1), kind="fraga", at=at("2026-11-23 09:00"), closed={date(2026, 11, 24)})
    assert found.answer_by == at("2026-11-25 17:00")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
amounts = st.none() | st.integers(0, 40)
promises = st.fixed_dictionaries(
    {},
    optional={
        "acknowledge_days": amounts,
        "answer_days": amounts,
        "unit": st.sampled_from(["working_days", "calendar_days", "working_hours"]),
        "season": st.sampled_from([None, WINTER]),
        "answer_days_outside": amounts,
    },
)


@given(promises, moments, st.sampled_from(KINDS.slugs()))
def test_a_promise_can_always_be_kept_at_work_and_never_in_the_past(
    promise: dict[str, Any], came: datetime, slug: str
) -> None:
    found = deadlines(of(**promise), kind=slug, at=came)
    assert came <= found.acknowledge_by <= found.answer_by
    for moment in (found.acknowledge_by, found.answer_by):
        assert moment.tzinfo is UTC
        there = local(moment)
        assert is_working_day(there.date())
        assert 8 <= there.hour <= 17


@given(moments, st.integers(0, 60))
def test_more_hours_are_never_earlier(came: datetime, hours: int) -> None:
    assert add_working_hours(came, hours + 1) > add_working_hours(came, hours) >= came
