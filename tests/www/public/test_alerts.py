"""Alerts: asked for without an account, confirmed by link, changed and removed by link."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following import profile_actions
from lyhord.following.facts import Facts
from lyhord.following.models import NOTHING, Follow, News, Profile
from lyhord.following.news_actions import publish
from lyhord.following.rule import Circle, Rule
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.places.addresses import search_key
from lyhord.places.models import Address
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db
NEW = "/bevakningar/"
WANTED = {
    "name": "barnens skola",
    "about": ["matters"],
    "topics": ["school"],
    "level": "1",
    "address": "anna@exempel.se",
    "either": "",
}
SYSTEM = Actor.system("matters")
SCHOOL = Facts(topics=(("school", "Skola"),))


@pytest.fixture(autouse=True)
def _decisions(motala: Organisation) -> None:
    motala.features = {**motala.features, "matters": True}
    motala.save()


def only(organisation: Organisation) -> Profile:
    with organisation_scope(organisation.pk):
        return Profile.objects.get()


def happen(organisation: Organisation) -> None:
    """A decision about a school."""
    with organisation_scope(organisation.pk):
        event = record(verb="matter.decided", subject_type="matter", subject_id=1, by=SYSTEM, level=3)
        publish(event=event, title="Ny skola", what="Beslut", path="/beslut/1/", facts=SCHOOL, by=SYSTEM)


@pytest.mark.requirement("3.10", "3.13", "3.19", "3.21", "3.26")
def test_from_a_wish_to_a_feed_and_out_again(web: Client, motala: Organisation) -> None:
    answer = web.post(NEW, WANTED)
    assert answer.status_code == 302
    assert "Titta i din mejl" in web.get(answer.headers["Location"]).content.decode()
    profile = only(motala)
    with organisation_scope(motala.pk):
        link = Notice.objects.get(kind="profile_confirm").link
    assert link.endswith(f"/bevakningar/{profile.token}/ja/")
    path = f"/bevakningar/{profile.token}/"
    assert "Vill du ha den här bevakningen?" in web.get(f"{path}ja/").content.decode()
    assert only(motala).confirmed_at is None  # opening changes nothing
    web.post(f"{path}ja/")
    assert only(motala).confirmed_at is not None
    happen(motala)
    shown = page(web.get(path))
    assert "Ny skola" in shown.text
    assert "Därför: Skola" in shown.text
    with organisation_scope(motala.pk):
        news = News.objects.get()
    web.post(path, {"tyst": str(news.pk)})
    with organisation_scope(motala.pk):
        assert Follow.objects.get(subject_id=1).level == NOTHING
    assert "Hör av er om det igen" in web.get(path).content.decode()
    web.post(path, {"igen": str(news.pk)})
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()
    assert web.post(path, {"tyst": str(news.pk + 1)}).status_code == 404
    web.post(path, {**WANTED, "name": "skolan", "level": "3", "words": "lekplats\n\nny skola"})
    changed = only(motala)
    assert (changed.name, changed.level, changed.rule["words"]) == ("skolan", 3, ["lekplats", "ny skola"])
    assert "Vill du ta bort bevakningen?" in web.get(f"{path}sluta/").content.decode()
    web.post(f"{path}sluta/")
    with organisation_scope(motala.pk):
        assert not Profile.objects.exists()
    assert web.get(path).status_code == 410


@pytest.mark.requirement("3.16")
def test_looking_before_asking_keeps_what_was_written_and_sends_nothing(web: Client, motala: Organisation) -> None:
    happen(motala)
    shown = page(web.post(NEW, {**WANTED, "visa": "1"}))
    assert "Det här hade du fått de senaste 30 dagarna: en sak" in shown.text
    assert str(shown.select_one("#id_name")["value"]) == "barnens skola"
    with organisation_scope(motala.pk):
        assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Skriv vad du vill kalla bevakningen."),
        ({"address": "anna"}, "Skriv en hel mejladress"),
        ({"near": "Finns inte 99"}, "Vi hittar inte adressen."),
        ({"words": "!!"}, "går inte att söka på"),
        ({"about": []}, "Välj vad du vill veta om."),
        ({"about": ["allt"]}, "Välj bland dem som finns på sidan."),
        ({"sorts": ["category:nonsens"]}, "Välj bland dem som finns på sidan."),
        ({"level": ""}, "Välj hur mycket du vill få veta."),
        ({"topics": ["nonsense"]}, "Välj bland dem som finns på sidan."),
    ],
)
def test_each_mistake_has_a_sentence(web: Client, motala: Organisation, wrong: dict[str, Any], said: str) -> None:
    answer = web.post(NEW, {**WANTED, **wrong})
    assert answer.status_code == 422
    assert said in page(answer).text
    with organisation_scope(motala.pk):
        assert not Profile.objects.exists()


@pytest.mark.requirement("X1")
def test_a_link_is_of_one_organisation(web: Client, motala: Organisation, elsewhere: Client) -> None:
    web.post(NEW, WANTED)
    for ending in ("", "ja/", "sluta/"):
        assert elsewhere.get(f"/bevakningar/{only(motala).token}/{ending}").status_code == 410
        elsewhere.post(f"/bevakningar/{only(motala).token}/{ending}")
    assert only(motala).confirmed_at is None


def test_near_an_address(web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        Address.objects.create(
            street="Storgatan", number="5", lat=58.5380, lon=15.0370, search_key=search_key("Storgatan 5")
        )
    web.post(NEW, {**WANTED, "near": "Storgatan 5", "radius": "1000"})
    (circle,) = only(motala).rule["circles"]
    assert (circle["lat"], circle["radius_m"]) == (58.5380, 1000.0)


def test_queries(web: Client, motala: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    web.get(NEW)
    with django_assert_max_num_queries(6):
        web.get(NEW)


def test_no_following_no_page(web: Client, motala: Organisation) -> None:
    motala.features = {"following": False}
    motala.save()
    assert web.get(NEW).status_code == 404


def test_what_a_program_has_chosen_stays_when_the_page_saves_it(web: Client, motala: Organisation) -> None:
    """A distance that the page does not offer, and a place without a name."""
    with organisation_scope(motala.pk):
        rule = Rule(circles=(Circle(58.5371, 15.0364, 800.0, ""),))
        asked = profile_actions.watch(
            sender="email", address="anna@exempel.se", language="sv", name="hemma", rule=rule, level=1, by=SYSTEM
        )
        profile_actions.confirm(token=asked.token, by=SYSTEM)
    path = f"/bevakningar/{asked.token}/"
    shown = page(web.get(path))
    near = str(shown.select_one("#id_near")["value"])
    assert shown.select_one("#id_radius option[selected]").text.strip() == "800 m"
    web.post(path, {"name": "hos oss", "about": ["matters"], "level": "1", "either": "", "near": near, "radius": "800"})
    changed = only(motala)
    assert (changed.name, Rule.from_json(changed.rule)) == ("hos oss", rule)
