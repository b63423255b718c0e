"""Parts of the year and of the week, as they stand in case types and routing rules."""

from collections.abc import Container
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from django.utils.translation import gettext
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from lyhord.core.clock import local

type Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_DAY = 24 * 60


def _month_day(text: str) -> str:
    """MM-DD, 29 February included."""
    try:
        day = date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError(gettext("Skriv månad och dag så här: 11-01.")) from None
    if day.strftime("%m-%d") != text:
        raise ValueError(gettext("Skriv månad och dag så här: 11-01."))
    return text


def _clock_time(text: str) -> str:
    """HH:MM, 24:00 included."""
    hours, _, minutes = text.partition(":")
    fits = len(text) == 5 and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60
    if not fits or int(hours) * 60 + int(minutes) > WHOLE_DAY:
        raise ValueError(gettext("Skriv tiden så här: 07:00."))
    return text


type MonthDay = Annotated[str, AfterValidator(_month_day)]
type ClockTime = Annotated[str, AfterValidator(_clock_time)]


class Season(BaseModel):
    """A part of every year, both days included; it may pass the new year (11-01 to 04-30)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: MonthDay
    last: MonthDay

    def holds(self, day: date) -> bool:
        """Whether the day lies in the season."""
        today = day.strftime("%m-%d")
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


class Hours(BaseModel):
    """Hours of the week on a Swedish clock. A public holiday counts as a Sunday.

    `start` is included, `end` is not. Where `end` is before `start` the window passes midnight and belongs to the
    day it begins: Friday 16:00 to 07:00 holds on Saturday at 06:59.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[Weekday, ...] = WEEKDAYS
    start: ClockTime = "00:00"
    end: ClockTime = "24:00"

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not self.days:
            raise ValueError(gettext("Välj minst en dag."))
        if self.start == self.end:
            raise ValueError(gettext("Tiden börjar och slutar samtidigt. Hela dygnet är 00:00 till 24:00."))
        return self

    def holds(self, at: datetime, holidays: Container[date] = ()) -> bool:
        """Whether the moment (aware) lies in the window."""
        there = local(at)
        now = there.hour * 60 + there.minute
        start, end = _minutes(self.start), _minutes(self.end)
        today = weekday(there.date(), holidays) in self.days
        if start < end:
            return today and start <= now < end
        yesterday = weekday(there.date() - timedelta(days=1), holidays) in self.days
        return (today and now >= start) or (yesterday and now < end)


def weekday(day: date, holidays: Container[date] = ()) -> Weekday:
    """The day of the week; a public holiday is a Sunday."""
    return "sun" if day in holidays else WEEKDAYS[day.weekday()]


def _minutes(clock_time: str) -> int:
    hours, _, minutes = clock_time.partition(":")
    return int(hours) * 60 + int(minutes)
