"""An organisation without people: nobody works in these tests."""

import pytest

from lyhord.organisations.models import Organisation
from tests import factories


@pytest.fixture
def motala(db: None) -> Organisation:
    """The organisation at motala.localhost."""
    return factories.make_organisation("motala")
