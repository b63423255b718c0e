"""The Swedish working-day calendar: deadlines that people can keep.

Free days are Saturdays, Sundays, public holidays (lagen 1989:253 om allmänna helgdagar) and the eves that nobody
works in practice: Midsummer's, Christmas and New Year's. Days squeezed between two free ones are working days.
All moments are aware; the clock on the wall is Sweden's, so days of 23 and 25 hours come out right.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from lyhord.core.clock import SWEDEN, local

OPENS, CLOSES = time(8), time(17)
_EVES = {(12, 24), (12, 31)}


@lru_cache(maxsize=64)
def free_days(year: int) -> frozenset[date]:
    """The holidays and free eves of a year, Saturdays and Sundays not counted."""
    found = set(holidays.country_holidays("SE", years=year))
    found |= {date(year, month, day) for month, day in _EVES}
    friday = date(year, 6, 19)  # Midsummer's Eve is the Friday from 19 to 25 June
    found.add(friday + timedelta(days=(4 - friday.weekday()) % 7))
    return frozenset(found)


def is_working_day(day: date, closed: Collection[date] = ()) -> bool:
    """Whether people are at work; `closed` holds the organisation's own free days."""
    return day.weekday() < 5 and day not in free_days(day.year) and day not in closed


def next_working_day(day: date, closed: Collection[date] = ()) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day, closed):
        day += timedelta(days=1)
    return day


def add_working_days(start: datetime, days: int, *, closed: Collection[date] = ()) -> datetime:
    """The close of business, UTC, of the n-th working day after the day of `start`.

    What arrives on a free day, or after hours, counts as having come on the next working day; 0 is that day itself.
    """
    there = local(start)
    day = there.date()
    if there.time() >= CLOSES:
        day += timedelta(days=1)
    day = next_working_day(day, closed)
    for _step in range(days):
        day = next_working_day(day + timedelta(days=1), closed)
    return _at(day, CLOSES)


def add_calendar_days(start: datetime, days: int, *, closed: Collection[date] = ()) -> datetime:
    """The close of business, UTC, n days after `start`, or of the next working day when that one is free."""
    return _at(next_working_day(local(start).date() + timedelta(days=days), closed), CLOSES)


def add_working_hours(start: datetime, hours: int, *, closed: Collection[date] = ()) -> datetime:
    """The moment, UTC, when that many hours between 8 and 17 on working days have passed."""
    there = local(start)
    day = next_working_day(there.date(), closed)
    begins = _at(day, OPENS) if day != there.date() else max(start.astimezone(UTC), _at(day, OPENS))
    left = timedelta(hours=hours)
    while True:
        room = max(timedelta(), _at(day, CLOSES) - begins)
        if left <= room:
            return begins + left
        left -= room
        day = next_working_day(day + timedelta(days=1), closed)
        begins = _at(day, OPENS)


def working_days_between(first: date, last: date, closed: Collection[date] = ()) -> int:
    """How many working days lie after `first`, up to and with `last`; 0 when `last` is not later."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=step), closed) for step in range(1, days + 1))


def extend(deadline: datetime, paused_from: datetime, paused_to: datetime, *, closed: Collection[date] = ()) -> datetime:
    """A deadline moved by the working days during which we waited for somebody else; never earlier."""
    paused = working_days_between(local(paused_from).date(), local(paused_to).date(), closed)
    return add_working_days(deadline - timedelta(hours=1), paused, closed=closed) if paused else deadline


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SWEDEN).astimezone(UTC)
