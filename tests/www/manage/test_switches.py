"""A switch does what its explanation says."""

import pytest
from django.test import Client

from lyhord.cases.actions import publish
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.features import FEATURES
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident() -> Client:
    """Somebody without an account."""
    return Client(headers={"host": "motala.localhost"})


def turn_off(cast: Cast, feature: str) -> None:
    Organisation.objects.filter(pk=cast.motala.pk).update(features={feature: False})
    forget_hosts()


def published(cast: Cast) -> Case:
    case = factories.make_case(cast.motala, publish=True).case
    with organisation_scope(cast.motala.pk):
        publish(case_id=case.pk, title="Lampan vid torget", text="Lampan är släckt.", by=factories.TEST)
    return case


def test_every_switch_explains_both_ways() -> None:
    for feature in FEATURES.values():
        assert "Av:" in str(feature.help)


def test_following_what_others_have_told(cast: Cast, resident: Client) -> None:
    where = f"/arenden/{published(cast).number}/"
    assert soup(resident.get(where)).select("#folj form")
    turn_off(cast, "following")
    assert not soup(resident.get(where)).select("#folj")
    assert resident.post(f"{where}folj/", {"email": "asta@exempel.se"}).status_code == 404


def test_what_is_nearby(cast: Cast, resident: Client) -> None:
    published(cast)
    lat, lon = factories.MOTALA
    where = f"/nara/?lat={lat}&lon={lon}&typ=belysning.lampa"
    assert "Lampan vid torget" in text_of(resident.get(where))
    turn_off(cast, "nearby")
    assert "Lampan vid torget" not in text_of(resident.get(where))
