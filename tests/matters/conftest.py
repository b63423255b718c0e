"""What tests of matters share."""

from collections.abc import Iterator

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories


@pytest.fixture
def motala(db: None) -> Iterator[Organisation]:
    """Motala, in scope."""
    organisation = factories.make_organisation()
    with organisation_scope(organisation.pk):
        yield organisation
