"""Seasons that pass the new year and hours that pass midnight."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lyhord.cases.windows import WEEKDAYS, Hours, Season
from lyhord.core.clock import SWEDEN

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def swedish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2026-11-01", True), ("2026-12-31", True), ("2027-04-30", True), ("2027-05-01", False), ("2026-10-31", False)],
)
def test_a_winter_passes_the_new_year(day: str, holds: bool) -> None:
    assert Season(first="11-01", last="04-30").holds(date.fromisoformat(day)) is holds


@given(st.dates(), st.dates(), st.dates())
def test_a_season_and_what_is_left_of_the_year_are_the_whole_year(first: date, last: date, day: date) -> None:
    season = Season(first=first.strftime("%m-%d"), last=last.strftime("%m-%d"))
    assert season.holds(first)
    assert season.holds(last)
    if first.strftime("%m-%d") <= day.strftime("%m-%d") <= last.strftime("%m-%d"):
        assert season.holds(day)


@pytest.mark.parametrize("wrong", ["13-01", "02-30", "1-1", "2026-01-01", "", "01/02"])
def test_a_day_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Season(first=wrong, last="01-01")


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-11-27T15:59", False),  # Friday
        ("2026-11-27T16:00", True),
        ("2026-11-28T06:59", True),  # Saturday morning belongs to Friday
        ("2026-11-28T07:00", False),
        ("2026-11-23T03:00", False),  # Monday night belongs to Sunday
    ],
)
def test_an_evening_passes_midnight(at: str, holds: bool) -> None:
    evenings = Hours(days=("mon", "tue", "wed", "thu", "fri"), start="16:00", end="07:00")
    assert evenings.holds(swedish(at)) is holds


def test_a_holiday_is_a_sunday() -> None:
    christmas = date(2026, 12, 25)  # a Friday
    at = swedish("2026-12-25T10:00")
    assert Hours(days=("sun",)).holds(at, {christmas})
    assert not Hours(days=("fri",)).holds(at, {christmas})
    assert Hours(days=("fri",)).holds(at)


def test_the_clock_is_swedish() -> None:
    office = Hours(start="08:00", end="17:00")
    assert office.holds(datetime(2026, 7, 1, 6, 30, tzinfo=UTC))  # 08.30 in summer
    assert not office.holds(datetime(2026, 1, 1, 6, 30, tzinfo=UTC))  # 07.30 in winter


@given(MOMENTS)
def test_every_moment_is_in_the_whole_week(at: datetime) -> None:
    assert Hours().holds(at)
    assert sum(Hours(days=(day,)).holds(at) for day in WEEKDAYS) == 1


@given(MOMENTS, st.integers(1, 23), st.integers(1, 23))
def test_a_window_and_its_opposite_share_the_week(at: datetime, start: int, end: int) -> None:
    if start == end:
        return
    one = Hours(start=f"{start:02}:00", end=f"{end:02}:00")
    other = Hours(start=f"{end:02}:00", end=f"{start:02}:00")
    assert one.holds(at) != other.holds(at)


@pytest.mark.parametrize("wrong", [{"days": ()}, {"start": "08:00", "end": "08:00"}, {"start": "24:01"}, {"end": "7"}])
def test_a_window_without_time_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Hours.model_validate(wrong)
