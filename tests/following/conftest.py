"""An organisation without people: nobody works in these tests."""

import pytest
from pytest_django import Settings

from lyhord.organisations.models import Organisation
from tests import factories


@pytest.fixture(autouse=True)
def _usual_links(settings: Settings) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""


@pytest.fixture
def motala(db: None) -> Organisation:
    """The organisation at motala.localhost."""
    return factories.make_organisation("motala")
