"""An organisation without people: nobody works in these tests."""

import pytest
from pytest_django import Settings

from lyhord.organisations.models import Organisation


@pytest.fixture(autouse=True)
def _usual_links(settings: Settings) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""


@pytest.fixture
def motala(motala_alone: Organisation) -> Organisation:
    """The organisation at motala.localhost."""
    return motala_alone
