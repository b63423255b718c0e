"""Countries: their days are those of the library of the world's holidays, their numbers those that people write."""

from zoneinfo import ZoneInfo

import holidays
import phonenumbers
import pytest
from django.utils import timezone, translation

from lyhord.core import country
from lyhord.core.country import COUNTRIES, Country
from lyhord.core.errors import Invalid
from lyhord.core.here import SWEDEN, Here, being, here, place
from lyhord.core.organisation_number import organisation_number
from lyhord.core.phone_number import phone_number, rung

pytestmark = pytest.mark.requirement("0.25")

CATEGORIES = {"SE": ("public", "de_facto"), "IS": ("public", "half_day"), "EE": ("public",)}
every = pytest.mark.parametrize("land", list(COUNTRIES), ids=COUNTRIES.slugs())


@every
def test_its_free_days_are_those_of_the_library(land: Country) -> None:
    for year in range(2015, 2061):
        expected = set(holidays.country_holidays(land.code, years=year, categories=CATEGORIES[land.code]))
        assert country.free_days(land.code, year) == expected, year


@every
def test_it_has_what_pages_and_forms_ask_for(land: Country) -> None:
    assert ZoneInfo(land.time_zone).key == land.time_zone
    assert land.mobile_example in str(land.mobile_problem)
    assert land.languages
    with being(place(land.code, land.time_zone)):
        number = phone_number(land.mobile_example)
        assert phonenumbers.region_code_for_number(phonenumbers.parse(number)) == land.code
        assert rung(land.mobile_example) == number
        assert rung("112") == "112"
        assert organisation_number(land.organisation_number_example) == land.organisation_number_example
        with pytest.raises(Invalid), translation.override("en"):
            organisation_number("x")


def test_being_somewhere_ends_with_its_block() -> None:
    reykjavik = place("IS", "Atlantic/Reykjavik")
    assert here() == SWEDEN
    with being(reykjavik):
        assert here() == Here("IS", ZoneInfo("Atlantic/Reykjavik"))
        assert timezone.get_current_timezone_name() == "Atlantic/Reykjavik"
    assert here() == SWEDEN
    assert timezone.get_current_timezone_name() == "Europe/Stockholm"


def test_numbers_of_people_are_those_of_the_country() -> None:
    """Published test numbers; the same text is read by each country's own rules."""
    text = "A 850709-9805 and B 120174-3399, C 010130 3019; D 37605030299. Case 26-120174, 37605030298, 320174-3399."
    found = {
        land.code: [text[start:end] for start, end in land.personal_numbers(text)]
        for land in COUNTRIES
        if land.code in CATEGORIES
    }
    assert found["SE"] == ["850709-9805"]
    assert found["IS"] == ["120174-3399", "010130 3019"]
    assert found["EE"] == ["37605030299"]
    for land in COUNTRIES:
        if land.written_phone is not None:
            assert land.written_phone.findall(f"Ring {land.mobile_example}, 2026 2027.") == [land.mobile_example]
