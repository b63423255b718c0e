"""Working days in Sweden."""

from datetime import UTC, date, datetime, timedelta

import holidays
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


def test_the_rule_agrees_with_the_library_of_the_worlds_holidays() -> None:
    for year in range(2005, 2101):  # since 2005 National Day is free and Whit Monday is not
        expected = set(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))
        assert calendar.free_days(year) == expected


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
        ("2026-12-30 16:59", 1, "2027-01-04 17:00"),  # across New Year, which has two free days and a weekend
        ("2028-02-28 09:00", 1, "2028-02-29 17:00"),  # the leap day
        ("2026-06-17 09:00", 2, "2026-06-22 17:00"),  # across Midsummer
        ("2026-03-28 23:30", 1, "2026-03-31 17:00"),  # the night that lacks an hour, a Saturday
        ("2026-05-13 09:00", 1, "2026-05-15 17:00"),  # the day after Ascension Day is a working day
    ],
)
def test_deadline(start: str, days: int, due: str) -> None:
    assert calendar.add_working_days(at(start), days) == at(due)


def test_the_day_is_sweden_s_also_when_it_is_another_in_utc() -> None:
    before_midnight = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    assert calendar.add_working_days(before_midnight, 0) == at("2026-11-24 17:00")
    assert calendar.add_working_days(datetime(2026, 11, 22, 23, 1, tzinfo=UTC), 0) == at("2026-11-23 17:00")
    assert calendar.add_working_days(datetime(2026, 7, 5, 22, 1, tzinfo=UTC), 0) == at("2026-07-06 17:00")


def test_five_o_clock_is_five_o_clock_in_summer_and_winter() -> None:
    assert calendar.add_working_days(at("2026-03-27 09:00"), 0) == datetime(2026, 3, 27, 16, tzinfo=UTC)
    assert calendar.add_working_days(at("2026-03-27 09:00"), 1) == datetime(2026, 3, 30, 15, tzinfo=UTC)


def test_own_free_days_move_deadlines() -> None:
    closed = {date(2026, 11, 24), date(2026, 11, 25)}
    assert calendar.add_working_days(at("2026-11-23 09:00"), 1, closed=closed) == at("2026-11-26 17:00")
    assert calendar.add_calendar_days(at("2026-11-23 09:00"), 1, closed=closed) == at("2026-11-26 17:00")
    assert calendar.add_working_hours(at("2026-11-23 16:00"), 2, closed=closed) == at("2026-11-26 09:00")
    assert calendar.working_days_between(date(2026, 11, 23), date(2026, 11, 26), closed) == 1


def test_a_length_that_is_none_is_refused() -> None:
    for add in (calendar.add_working_days, calendar.add_calendar_days, calendar.add_working_hours):
        for length in (-1, 10_001):
            with pytest.raises(ValueError, match="deadline"):
                add(at("2026-11-23 09:00"), length)
        with pytest.raises(ValueError, match="naive"):
            add(datetime(2026, 11, 23), 1)


def test_calendar_days_end_on_a_working_day() -> None:
    assert calendar.add_calendar_days(at("2026-11-23 09:00"), 5) == at("2026-11-30 17:00")  # Saturday, so Monday


def test_working_hours_stop_at_night_and_over_the_weekend() -> None:
    assert calendar.add_working_hours(at("2026-11-20 16:00"), 2) == at("2026-11-23 09:00")
    assert calendar.add_working_hours(at("2026-11-23 16:00"), 1) == at("2026-11-23 17:00")
    assert calendar.add_working_hours(at("2026-11-23 20:00"), 0) == at("2026-11-24 08:00")
    assert calendar.add_working_hours(at("2026-11-23 20:00"), 0.5) == at("2026-11-24 08:30")
    assert calendar.add_working_hours(at("2026-11-22 03:00"), 24) == at("2026-11-25 14:00")


def test_a_pause_moves_the_deadline() -> None:
    due = at("2026-11-30 17:00")
    assert calendar.extend(due, at("2026-11-24 10:00"), at("2026-11-26 10:00")) == at("2026-12-02 17:00")
    assert calendar.extend(due, at("2026-11-24 10:00"), at("2026-11-24 15:00")) == due


def test_a_pause_after_the_deadline_does_not_make_late_good() -> None:
    due = at("2026-11-23 17:00")
    assert calendar.extend(due, at("2026-11-24 10:00"), at("2026-12-01 10:00")) == due


@given(moments, st.integers(0, 400))
def test_calendar_days_end_on_a_working_day_and_not_before_they_begin(start: datetime, days: int) -> None:
    due = calendar.add_calendar_days(start, days)
    assert due >= start
    assert (local(due).date() - local(start).date()).days >= days
    assert calendar.is_working_day(local(due).date())


@given(moments, st.integers(0, 30), st.integers(0, 40), st.integers(0, 40))
def test_a_pause_never_brings_a_deadline_nearer(start: datetime, days: int, wait: int, length: int) -> None:
    due = calendar.add_working_days(start, days)
    paused = start + timedelta(days=wait)
    extended = calendar.extend(due, paused, paused + timedelta(days=length))
    assert extended >= due
    assert calendar.is_working_day(local(extended).date())
    assert calendar.extend(due, paused, paused) == due


@given(moments, st.integers(0, 60))
def test_days_between_undoes_adding(start: datetime, days: int) -> None:
    first, last = calendar.add_working_days(start, 0), calendar.add_working_days(start, days)
    assert calendar.working_days_between(local(first).date(), local(last).date()) == days


def test_no_hours_are_now_or_when_people_are_back() -> None:
    assert calendar.add_working_hours(at("2026-11-23 10:20"), 0) == at("2026-11-23 10:20")
    assert calendar.add_working_hours(at("2026-11-20 22:00"), 0) == at("2026-11-23 08:00")


def test_holidays_around_a_moment_know_the_night_between_two_years() -> None:
    around = calendar.holidays_around(at("2027-01-01 00:30"), {date(2026, 12, 30)})
    assert {date(2027, 1, 1), date(2026, 12, 31), date(2026, 12, 30)} <= around
    assert date(2026, 12, 29) not in around


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
