"""From a resident's wish to hear of what is told of within 500 metres, to the mail that says why."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import NOTHING, Follow, Profile
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.places.addresses import search_key
from lyhord.places.models import Address
from tests import factories
from tests.cases.test_news import jobs
from tests.conftest import Cast
from tests.www.desk.conftest import browser, send
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P4", "3.10")]
NEW = "/bevakningar/"
WANTED = {
    "name": "hemma",
    "about": ["cases"],
    "near": "Storgatan 5",
    "radius": "500",
    "level": "1",
    "either": "",
    "address": "anna@exempel.se",
}
LAT, LON = factories.MOTALA


@pytest.fixture(autouse=True)
def _street(motala: Organisation) -> None:
    motala.features = {**motala.features, "matters": True}
    motala.save()
    with organisation_scope(motala.pk):
        Address.objects.create(
            street="Storgatan", number="5", lat=LAT + 0.001, lon=LON, search_key=search_key("Storgatan 5")
        )


def told(text: str, organisation: Organisation, metres_north: float) -> Case:
    """Somebody tells of something so far from the town's middle, and lets others read it."""
    at = (LAT + metres_north / 111_195, LON)
    return factories.make_case(organisation, text, publish=True, at=at, place_text="Vintergatan").case


def shown_by_officer(cast: Cast, case: Case) -> None:
    """On the page where it is read through."""
    with organisation_scope(cast.motala.pk):
        send(browser(cast.kim), f"/desk/granska/{case.pk}/", "/granska/", publish="1")
        case.refresh_from_db()
        assert case.publication_state == Case.Published.PUBLISHED


def news_told(organisation: Organisation) -> list[Notice]:
    with organisation_scope(organisation.pk):
        jobs()
        return list(Notice.objects.filter(kind="news").exclude(state="cancelled").order_by("pk"))


def test_from_a_wish_to_a_mail_with_its_reason(web: Client, motala: Organisation, cast: Cast) -> None:
    begun = page(web.get(f"{NEW}?om=arenden"))
    chosen = [str(box["value"]) for box in begun.select("input[name=about][checked]")]
    assert chosen == ["cases"]
    assert web.post(NEW, WANTED).status_code == 302
    with organisation_scope(motala.pk):
        profile = Profile.objects.get()
    web.post(f"/bevakningar/{profile.token}/ja/")
    far = told("En bänk har vält borta i skogen.", motala, 5_000)
    shown_by_officer(cast, far)
    assert news_told(motala) == []
    near = told("Lampan vid torget är släckt.", motala, 250)
    shown_by_officer(cast, near)
    [mail] = news_told(motala)
    assert (mail.address, mail.link.endswith(f"/arenden/{near.number}/")) == ("anna@exempel.se", True)
    assert "Därför får du detta: Vintergatan, 139 m från Storgatan 5" in mail.body
    shown = page(web.get(f"/bevakningar/{profile.token}/"))
    assert "Därför: Vintergatan, 139 m från Storgatan 5" in shown.text
    assert "bänk" not in shown.text
    assert str(shown.select_one("#id_near")["value"]).startswith("Storgatan 5")
    with organisation_scope(cast.motala.pk):
        send(browser(cast.kim), f"/desk/granska/{near.pk}/", "/granska/", decline="1")
    assert "Lampan" not in page(web.get(f"/bevakningar/{profile.token}/")).text  # taken back
    assert news_told(motala) == []


def test_what_it_would_have_been_and_how_much(web: Client, motala: Organisation, cast: Cast) -> None:
    for number in range(3):
        shown_by_officer(cast, told(f"Lampa {number} är släckt.", motala, 100 * number))
    news_told(motala)
    shown = page(web.post(NEW, {**WANTED, "visa": "1"})).text
    assert "Det här hade du fått de senaste 30 dagarna: 3 saker" in shown
    assert "m från Storgatan 5" in shown
    none = page(web.post(NEW, {**WANTED, "about": ["matters"], "visa": "1"})).text
    assert "de senaste 30 dagarna: 0 saker" in none


def test_no_more_of_one_case(web: Client, motala: Organisation, cast: Cast) -> None:
    web.post(NEW, WANTED)
    with organisation_scope(motala.pk):
        profile = Profile.objects.get()
    path = f"/bevakningar/{profile.token}/"
    web.post(f"{path}ja/")
    shown_by_officer(cast, told("Lampan vid torget är släckt.", motala, 250))
    news_told(motala)
    button = page(web.get(path)).select_one("button[name=tyst]")
    web.post(path, {"tyst": str(button["value"])})
    with organisation_scope(motala.pk):
        assert Follow.objects.get(subject_type="case").level == NOTHING
    assert "Hör av er om det igen" in web.get(path).content.decode()


def test_the_list_of_cases_leads_there_and_only_where_one_can(web: Client, motala: Organisation) -> None:
    assert page(web.get("/arenden/")).select_one(f'a[href="{NEW}?om=arenden"]')
    motala.features = {"following": False}
    motala.save()
    forget_hosts()
    assert not page(web.get("/arenden/")).select_one(f'a[href="{NEW}?om=arenden"]')


def test_what_cannot_be_had_here_is_not_offered(web: Client, motala: Organisation) -> None:
    both = [str(box["value"]) for box in page(web.get(NEW)).select("input[name=about]")]
    assert both == ["matters", "cases"]
    motala.features = {**motala.features, "matters": False}
    motala.save()
    forget_hosts()
    assert [str(box["value"]) for box in page(web.get(NEW)).select("input[name=about]")] == ["cases"]


def test_queries(web: Client, motala: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    web.get(NEW)
    with django_assert_max_num_queries(8):
        web.get(NEW)
