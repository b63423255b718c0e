"""The working-day calendar: deadlines that people can keep.

Free days are Saturdays, Sundays, and the public holidays and free eves of the organisation's country
(core/countries). Days squeezed between two free ones are working days. All moments are aware; the clock on the wall is
the organisation's, so days of 23 and 25 hours come out right.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from lyhord.core import country
from lyhord.core.clock import local, zone
from lyhord.core.here import here

OPENS, CLOSES = time(8), time(17)
_LONGEST = 10_000  # days or hours; a setting beyond it is a mistake


def free_days(year: int) -> frozenset[date]:
    """The holidays and free eves of a year where the organisation is, ordinary Saturdays and Sundays not counted."""
    return country.free_days(here().country, year)


def holidays_around(moment: datetime, closed: Collection[date] = ()) -> frozenset[date]:
    """The free days that can matter to hours of the week at a moment, whose window may have begun the day before."""
    day = local(moment).date()
    return frozenset(closed).union(free_days(day.year), free_days((day - timedelta(days=1)).year))


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
    _check(days)
    there = local(start)
    day = there.date()
    if there.time() >= CLOSES:
        day += timedelta(days=1)
    day = next_working_day(day, closed)
    for _step in range(days):
        day = next_working_day(day + timedelta(days=1), closed)
    return _at(day, CLOSES)


def add_calendar_days(start: datetime, days: int, *, closed: Collection[date] = ()) -> datetime:
    """The close of business, UTC, n days after `start`, or of the next working day when that one is free or over."""
    _check(days)
    due = _at(next_working_day(local(start).date() + timedelta(days=days), closed), CLOSES)
    return due if due >= start else add_working_days(start, 0, closed=closed)


def add_working_hours(start: datetime, hours: float, *, closed: Collection[date] = ()) -> datetime:
    """The moment, UTC, when that many hours between 8 and 17 on working days have passed; always within them.

    With 0 hours it is the moment itself, or else the next time that people are at work.
    """
    _check(hours)
    begins, left = start.astimezone(UTC), timedelta(hours=hours)
    day = next_working_day(local(start).date(), closed)
    while True:
        begins = max(begins, _at(day, OPENS))
        room = _at(day, CLOSES) - begins
        if timedelta() <= left <= room:
            return begins + left
        left -= max(timedelta(), room)
        day = next_working_day(day + timedelta(days=1), closed)


def working_days_between(first: date, last: date, closed: Collection[date] = ()) -> int:
    """How many working days lie after `first`, up to and with `last`; 0 when `last` is not later."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=step), closed) for step in range(1, days + 1))


def extend(
    deadline: datetime, paused_from: datetime, paused_to: datetime, *, closed: Collection[date] = ()
) -> datetime:
    """A deadline moved by the working days during which we waited for somebody else; never earlier.

    A wait that began when the deadline had already passed moves nothing: late is late.
    """
    if paused_from >= deadline:
        return deadline
    paused = working_days_between(local(paused_from).date(), local(paused_to).date(), closed)
    return add_working_days(deadline - timedelta(hours=1), paused, closed=closed) if paused else deadline


def _check(length: float) -> None:
    if not 0 <= length <= _LONGEST:
        raise ValueError(f"a deadline lies 0 to {_LONGEST} days or hours ahead")


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zone()).astimezone(UTC)
