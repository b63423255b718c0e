"""Addresses from the organisation's own street list."""

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.places.actions import Street, load_addresses
from lyhord.places.point import Point
from lyhord.places.queries import nearest_address, search_addresses
from tests import factories
from tests.conftest import Cast

STREETS = [
    Street("Vintergatan", "12", "Motala", 58.54890, 15.01600),
    Street("Vintergatan", "14", "Motala", 58.54890, 15.01660),
    Street("Stora torget", "1", "Motala", 58.53780, 15.03700),
    Street("Skolgatan", "3", "Borensberg", 58.56000, 15.27500),
]


@pytest.fixture
def streets(cast: Cast) -> Cast:
    with organisation_scope(cast.motala.pk):
        assert load_addresses(rows=STREETS, by=factories.TEST) == 4
    return cast


@pytest.mark.django_db
@pytest.mark.requirement("0.5", "2.25")
def test_a_position_gets_the_name_people_use(streets: Cast) -> None:
    with organisation_scope(streets.motala.pk):
        assert nearest_address(Point(58.54892, 15.01606)) == "Vintergatan 12, Motala"
        assert nearest_address(Point(58.54890, 15.01650)) == "Vintergatan 14, Motala"
        assert nearest_address(Point(58.60000, 15.10000)) == ""


@pytest.mark.django_db
@pytest.mark.requirement("2.25", "X1")
def test_a_street_is_found_by_any_of_its_words_and_only_here(streets: Cast) -> None:
    with organisation_scope(streets.motala.pk):
        assert [match.label for match in search_addresses("torget")] == ["Stora torget, Motala"]
        assert search_addresses("vintergatan 12")[0].label == "Vintergatan 12, Motala"
        assert search_addresses("v") == []
    with organisation_scope(streets.mjolby.pk):
        assert search_addresses("vintergatan") == []
