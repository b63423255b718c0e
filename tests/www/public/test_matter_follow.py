"""Following one matter without an account, and by one press for who is logged in."""

import re

import pytest
from django.test import Client

from lyhord.audit.actions import record
from lyhord.core.tenancy import organisation_scope
from lyhord.following import telling
from lyhord.following.models import NOTHING, Follow, News
from lyhord.following.news_actions import publish
from lyhord.matters.interest import interest_of
from lyhord.matters.models import Matter
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.matters.papers import TEST, three_boards
from tests.www.public.test_log_in import EMAIL, log_in
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.2", "3.18", "3.19")]


@pytest.fixture
def lamps(motala: Organisation) -> Matter:
    """The lamps, where matters are shown and residents may log in."""
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True, "following": True, "log_in": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        return Matter.objects.get()


def follow(motala: Organisation) -> Follow:
    with organisation_scope(motala.pk):
        return Follow.objects.select_related("contact").get()


def happen(motala: Organisation, matter: Matter, level: int) -> int:
    """Something of that level; returns how many were told."""
    with organisation_scope(motala.pk):
        event = record(verb="matter.decided", subject_type="matter", subject_id=matter.pk, by=TEST, level=level)
        facts = interest_of(matter)
        news = publish(
            event=event, title=matter.title, what="Beslut", path=f"/beslut/{matter.pk}/", facts=facts, by=TEST
        )
        assert isinstance(news, News)
        telling.tell_followers(news_id=news.pk, after=0, by=TEST)
        return Notice.objects.filter(kind="news", dedupe_key__startswith=f"news-{news.pk}-").count()


def test_an_address_says_yes_hears_the_important_and_stops(web: Client, lamps: Matter, motala: Organisation) -> None:
    url = f"/beslut/{lamps.pk}/"
    wrong = web.post(f"{url}folj/", {"level": "3", "way": "email", "address": "anna"})
    assert wrong.status_code == 422
    page = soup(wrong)
    assert page.select_one("#id_email")["value"] == "anna"
    assert page.select_one("#id_email_level_3[checked]")
    asked = web.post(f"{url}folj/", {"level": "3", "way": "email", "address": EMAIL})
    assert "Titta i din mejl" in asked.text
    with organisation_scope(motala.pk):
        question = Notice.objects.get(kind="matter_follow_confirm")
    link = question.link.removeprefix("https://motala.localhost").split("localhost")[-1]
    link = re.sub(r"^:\d+", "", link)
    assert lamps.title in question.body
    assert lamps.title in web.get(link).text
    assert happen(motala, lamps, 3) == 0  # opening is no yes
    settings = web.post(link, follow=True)
    assert "Du följer ett beslut" in settings.text
    assert (happen(motala, lamps, 1), happen(motala, lamps, 3)) == (0, 1)
    with organisation_scope(motala.pk):
        told = Notice.objects.filter(kind="news").latest("pk")
    assert "Därför får du detta: du följer det här." in told.body
    assert told.stop_link.endswith(f"{link}sluta/")
    web.post(link, {"level": "1", "pause": "7"})
    assert happen(motala, lamps, 3) == 0
    assert "som nu" in web.get(link).text
    web.post(link, {"level": "1", "pause": ""})
    assert happen(motala, lamps, 1) == 1
    web.post(link, {"level": str(NOTHING), "pause": ""})
    assert happen(motala, lamps, 3) == 0
    assert web.post(link, {"level": "9"}).status_code == 422
    own_page = web.get(f"/kontakt/{follow(motala).contact.token}/")
    assert lamps.title in own_page.text
    web.post(f"{link}sluta/", {"List-Unsubscribe": "One-Click"})
    assert web.get(link).status_code == 410


def test_who_is_logged_in_follows_by_one_press(web: Client, lamps: Matter, motala: Organisation) -> None:
    url = f"/beslut/{lamps.pk}/"
    log_in(web, motala)
    page = soup(web.get(url))
    assert page.select_one("#folj input[name=mine]")
    assert not page.select_one("#folj input[name=address]")
    forged = web.post(f"{url}folj/", {"mine": "1", "level": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 200
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()
    web.post(f"{url}folj/", {"mine": "1", "level": "3"})
    made = follow(motala)
    assert (made.level, made.contact.address, made.confirmed_at is not None) == (3, EMAIL, True)
    assert soup(web.get(url)).select_one(f'#folj a[href="/folj/{made.token}/"]')
    assert Client(headers={"host": "motala.localhost"}).get(url).text.count("Du följer det här") == 0


def test_nothing_to_follow_where_it_is_off_or_hidden(
    web: Client, lamps: Matter, motala: Organisation, elsewhere: Client
) -> None:
    given = {"way": "email", "address": EMAIL, "level": "1"}
    assert elsewhere.post(f"/beslut/{lamps.pk}/folj/", given).status_code == 404
    with organisation_scope(motala.pk):
        Matter.objects.update(hidden=True)
    assert web.post(f"/beslut/{lamps.pk}/folj/", given).status_code == 404
    with organisation_scope(motala.pk):
        Matter.objects.update(hidden=False)
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True, "following": False})
    forget_hosts()
    assert web.post(f"/beslut/{lamps.pk}/folj/", given).status_code == 404
    assert "Vill du veta hur det går?" not in web.get(f"/beslut/{lamps.pk}/").text
