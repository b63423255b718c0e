"""A place in another municipality: offered there, never lost."""

from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Photo
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.places.models import Area
from tests import factories
from tests.files import make
from tests.www.public.forms import fields, send
from tests.www.public.test_photos import upload
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db
FAULT = "/beratta/felanmalan/"
IN_MJOLBY = {"lat": "58.33", "lon": "15.13", "position_source": "map"}


@pytest.fixture(autouse=True)
def mjolby(cast: Any) -> Organisation:
    """Mjölby, with land of its own and a sort of fault that Motala does not have."""
    there: Organisation = cast.mjolby
    there.lat, there.lon = 58.32, 15.13
    there.save()
    square = [[15.1, 58.3], [15.2, 58.3], [15.2, 58.4], [15.1, 58.4], [15.1, 58.3]]
    with organisation_scope(there.pk):
        Area.objects.all().delete()
        factories.make_area("boundary", "mjolby", "Mjölby kommun", square)
    return there


def count(organisation: Organisation) -> int:
    with organisation_scope(organisation.pk):
        return Case.objects.count()


@pytest.mark.requirement("0.7", "4.3")
def test_it_is_offered_there_and_goes_with_everything(web: Client, motala: Organisation, mjolby: Organisation) -> None:
    asked = send(web, text="Lampan är släckt.", photos=[upload(make.photo(size=(300, 200)))], **IN_MJOLBY)
    assert asked.status_code == 200
    assert "Platsen ligger i Mjolby kommun." in asked.text
    assert (count(motala), count(mjolby)) == (0, 0)
    pressed = fields(asked)
    assert pressed["till_kommun"] == "mjolby"
    done, again = web.post(FAULT, pressed), web.post(FAULT, pressed)
    assert done.status_code == again.status_code == 200
    link = page(done).select_one("main a.btn.pri")
    assert link is not None
    assert "mjolby.localhost" in str(link["href"])
    assert str(link["href"]) in again.text
    assert (count(motala), count(mjolby)) == (0, 1)
    with organisation_scope(mjolby.pk):
        case = Case.objects.get()
        assert (case.text, case.case_type.code) == ("Lampan är släckt.", "belysning.lampa")
        assert Photo.objects.get().file.organisation_id == mjolby.pk
    with organisation_scope(motala.pk):
        assert Event.objects.get(verb="intake.moved").data == {"to": "mjolby"}


@pytest.mark.requirement("0.7", "4.28")
def test_whoever_wants_to_tell_us_anyway_does(web: Client, motala: Organisation, mjolby: Organisation) -> None:
    asked = send(web, text="Lampan är släckt.", **IN_MJOLBY)
    assert web.post(FAULT, {**fields(asked), "till_kommun": "har"}).status_code == 303
    assert (count(motala), count(mjolby)) == (1, 0)


@pytest.mark.requirement("4.28")
def test_nobodys_land_is_simply_taken_in(web: Client, motala: Organisation) -> None:
    assert send(web, text="Lampan.", lat="57.7", lon="11.97").status_code == 303
    assert count(motala) == 1


@pytest.mark.requirement("X1")
def test_nothing_is_sent_where_the_place_is_not(web: Client, motala: Organisation, mjolby: Organisation) -> None:
    response = send(web, text="Lampan.", lat="58.5371", lon="15.0365", till_kommun="mjolby")
    assert response.status_code == 303
    assert (count(motala), count(mjolby)) == (1, 0)
    other = send(web, text="Lampan.", **IN_MJOLBY, till_kommun="finns-inte")
    assert other.status_code == 200
    assert (count(motala), count(mjolby)) == (1, 0)
