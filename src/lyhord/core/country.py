"""What differs from country to country: free days, numbers, where the land lies. One file each in `countries/`."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid, Text
from lyhord.core.here import here
from lyhord.core.hints import Hints
from lyhord.core.registry import Registry

type Bounds = tuple[float, float]


class Country:
    """One country's rules. `slug` is its code by ISO 3166-1, in small letters."""

    slug: ClassVar[str]
    label: ClassVar[Text]
    time_zone: ClassVar[str]
    """Where most of it keeps its clocks, by IANA's name: what a new organisation gets when nothing is said."""
    languages: ClassVar[tuple[str, ...]] = ("en",)
    """Of those that pages are in, what a new organisation begins with; the first is its own."""
    latitudes: ClassVar[Bounds]
    longitudes: ClassVar[Bounds]
    """Where the land lies, so that a file whose columns have changed places is seen."""
    sweref: ClassVar[bool] = False
    """Whether authorities there exchange positions in SWEREF 99 TM; else files say WGS 84."""
    mobile_example: ClassVar[str]
    """A number that is nobody's, as people write theirs."""
    mobile_problem: ClassVar[Text]
    """The sentence for what is no telephone number."""
    written_phone: ClassVar[re.Pattern[str] | None] = None
    """How telephone numbers are written there when they begin neither with + nor with 0; None where they all do."""
    hints: ClassVar[Hints] = Hints()
    """How people there write what points somebody out: what a reviewer is warned of."""
    organisation_number_example: ClassVar[str] = ""
    fixed: ClassVar[Collection[tuple[int, int]]]
    """(month, day) of the days that are free each year, eves that nobody works on among them."""
    from_easter: ClassVar[Collection[int]]
    """The free days that follow Easter: days after Easter Sunday."""

    @property
    def code(self) -> str:
        """By ISO 3166-1, as organisations have it: "SE"."""
        return self.slug.upper()

    def moving(self, year: int) -> set[date]:
        """The free days that go by the week and not by the date."""
        return set()

    def free_days(self, year: int) -> frozenset[date]:
        """The public holidays and free eves of a year, ordinary Saturdays and Sundays not counted."""
        sunday = easter(year)
        found = {date(year, month, day) for month, day in self.fixed} | self.moving(year)
        return frozenset(found | {sunday + timedelta(days=step) for step in self.from_easter})

    def organisation_number(self, written: str) -> str:
        """The number of a company or an association as it is kept. Raises Invalid with a sentence."""
        if not 4 <= len(written) <= 20 or not written.isascii() or not any(char.isdigit() for char in written):
            raise Invalid(_("Organisationsnumret stämmer inte. Se efter att alla siffror är rätt."))
        return written.upper()

    def personal_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in a text the numbers of people stand: hints for who reads it through, rather many than few."""
        yield from ()

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position can lie there."""
        return self.latitudes[0] <= lat <= self.latitudes[1] and self.longitudes[0] <= lon <= self.longitudes[1]


COUNTRIES: Registry[Country] = Registry("lyhord.core.countries", Country)


def country() -> Country:
    """The country of the organisation in scope; Sweden outside one."""
    return COUNTRIES.get(here().country.lower())


def whereabouts(code: str, time_zone: str) -> tuple[Country, ZoneInfo]:
    """A country by its code and a zone by its name, "" the country's own. Raises Invalid with a sentence for each."""
    found = COUNTRIES.find(code.lower())
    if found is None:
        said = {"code": code[:20], "known": ", ".join(one.code for one in COUNTRIES)}
        raise Invalid({"country": _("Landet %(code)s finns inte här. De som finns är %(known)s.") % said})
    try:
        return found, ZoneInfo(time_zone or found.time_zone)
    except (KeyError, ValueError, OSError):  # ZoneInfo's ways of saying that there is none
        raise Invalid({"time_zone": _("Tidszonen %(name)s finns inte.") % {"name": time_zone[:60]}}) from None


@lru_cache(maxsize=256)
def free_days(code: str, year: int) -> frozenset[date]:
    """A country's free days of a year, worked out once."""
    return COUNTRIES.get(code.lower()).free_days(year)


def first(weekday: int, day: date) -> date:
    """The first such weekday (0 Monday) on or after a day."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Gauss, in the form of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
