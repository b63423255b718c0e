"""Working days in Sweden."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import calendar
from lyhord.core.clock import SWEDEN, local
from tests.factories import at

pytestmark = pytest.mark.requirement("X11")

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # an ordinary Monday
        ("2026-11-21", False),  # Saturday
        ("2026-01-01", False),
        ("2026-01-06", False),  # Epiphany
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-05-01", False),
        ("2026-05-14", False),  # Ascension Day
        ("2026-05-15", True),  # squeezed in after it: a working day
        ("2026-06-06", False),  # National Day
        ("2026-06-19", False),  # Midsummer's Eve
        ("2025-06-20", False),
        ("2026-12-24", False),
        ("2026-12-25", False),
        ("2026-12-31", False),
        ("2026-12-30", True),
        ("2028-02-29", True),  # leap day, a Tuesday
    ],
)
def test_free_days(day: str, works: bool) -> None:
    assert calendar.is_working_day(date.fromisoformat(day)) is works


def test_own_free_day() -> None:
    assert not calendar.is_working_day(date(2026, 11, 23), {date(2026, 11, 23)})


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 16:42", 5, "2026-11-30 17:00"),  # the sketch's promise
        ("2026-11-23 17:00", 5, "2026-12-01 17:00"),  # after hours counts from tomorrow
        ("2026-11-21 12:00", 1, "2026-11-24 17:00"),  # a Saturday counts from Monday
        ("2026-12-22 09:00", 2, "2026-12-28 17:00"),  # across Christmas
        ("2026-03-27 09:00", 1, "2026-03-30 17:00"),  # across the night when clocks go forward
        ("2026-10-23 09:00", 1, "2026-10-26 17:00"),  # and back
        ("2026-11-23 09:00", 0, "2026-11-23 17:00"),
    ],
)
def test_deadline(start: str, days: int, due: str) -> None:
    assert calendar.add_working_days(at(start), days) == at(due)


def test_calendar_days_end_on_a_working_day() -> None:
    assert calendar.add_calendar_days(at("2026-11-23 09:00"), 5) == at("2026-11-30 17:00")  # Saturday, so Monday


def test_working_hours_stop_at_night_and_over_the_weekend() -> None:
    assert calendar.add_working_hours(at("2026-11-20 16:00"), 2) == at("2026-11-23 09:00")
    assert calendar.add_working_hours(at("2026-11-22 03:00"), 24) == at("2026-11-25 14:00")


def test_a_pause_moves_the_deadline() -> None:
    due = at("2026-11-30 17:00")
    assert calendar.extend(due, at("2026-11-24 10:00"), at("2026-11-26 10:00")) == at("2026-12-02 17:00")
    assert calendar.extend(due, at("2026-11-24 10:00"), at("2026-11-24 15:00")) == due


@given(moments, st.integers(0, 60))
def test_a_deadline_is_never_free_never_earlier_and_grows(start: datetime, days: int) -> None:
    due = calendar.add_working_days(start, days)
    assert due.tzinfo is UTC
    assert due >= start
    assert calendar.is_working_day(local(due).date())
    assert local(due).hour == 17
    assert calendar.add_working_days(start, days + 1) > due
    assert calendar.add_working_days(start + timedelta(hours=1), days) >= due


@given(moments, st.integers(1, 200))
def test_working_hours_end_within_office_hours(start: datetime, hours: int) -> None:
    there = calendar.add_working_hours(start, hours).astimezone(SWEDEN)
    assert calendar.is_working_day(there.date())
    assert 8 <= there.hour <= 17


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_days_between_add_up(first: date, length: int) -> None:
    last, middle = first + timedelta(days=length), first + timedelta(days=length // 2)
    total = calendar.working_days_between(first, last)
    assert total == calendar.working_days_between(first, middle) + calendar.working_days_between(middle, last)
