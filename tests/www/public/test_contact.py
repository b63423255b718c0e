"""The page of one address, and ways that ask for a code: without account, without script."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Reporter
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.actions import address_bounced
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.following.test_cases import published
from tests.notifications.pager import pager
from tests.www.public.forms import fields
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.21")]
SOMEBODY = Actor.resident()
EMAIL = "anna@exempel.se"
NUMBER = "+46701234567"
WALL = 4


@pytest.fixture
def beeped() -> Iterator[list[tuple[str, str]]]:
    with pager() as sent:
        yield sent


def contact_of(motala: Organisation, address: str = EMAIL) -> Contact:
    with organisation_scope(motala.pk):
        return Contact.objects.get(address=address)


def url_of(contact: Contact) -> str:
    return f"/kontakt/{contact.token}/"


def newest(motala: Organisation) -> Notice:
    with organisation_scope(motala.pk):
        return Notice.objects.latest("pk")


class TestItsPage:
    """Everything that an address hears of, in one place."""

    def test_it_shows_what_one_hears_of_and_lets_one_stop(self, web: Client, motala: Organisation) -> None:
        own = factories.make_case(motala, email=EMAIL).case
        other = published(motala)
        with organisation_scope(motala.pk):
            follow = actions.follow_case(case_id=other.pk, address=EMAIL, language="sv", by=SOMEBODY)
            actions.confirm_follow(token=follow.token, by=SOMEBODY)
        url = url_of(contact_of(motala))
        shown = page(web.get(url))
        assert "a…@exempel.se" in shown.text
        assert EMAIL not in shown.text
        assert f"Ditt ärende {own.number}" in shown.text
        assert "Släckt lampa" in shown.text
        buttons = [str(button["value"]) for button in shown.select("button[name=stop]")]
        assert len(buttons) == 2
        for value in buttons:
            assert web.post(url, {"stop": value}).status_code == 303
        assert "Ingenting just nu." in web.get(url).text
        with organisation_scope(motala.pk):
            assert not Follow.objects.exists()

    def test_reading_it_changes_nothing_and_costs_little(
        self, web: Client, motala: Organisation, django_assert_max_num_queries: object
    ) -> None:
        factories.make_case(motala, email=EMAIL)
        contact = contact_of(motala)
        web.get("/")
        with django_assert_max_num_queries(WALL + 6):  # type: ignore[operator]  # pytest-django's
            response = web.get(url_of(contact))
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not web.cookies
        assert contact_of(motala).verified_at is None

    def test_how_often_when_not_and_in_which_language(self, web: Client, motala: Organisation) -> None:
        factories.make_case(motala, email=EMAIL)
        url = url_of(contact_of(motala))
        form = fields(web.get(url), "form:has([name=rhythm])")
        assert form["rhythm"] == "now"
        assert web.post(url, {"rhythm": "week", "quiet": "on", "language": "en"}).status_code == 303
        changed = contact_of(motala)
        assert (changed.rhythm, changed.quiet, changed.language) == ("week", True, "en")
        wrong = web.post(url, {"rhythm": "hourly", "language": "tlh"})
        assert wrong.status_code == 422
        assert wrong.text.count("Välj ett av dem.") >= 2
        assert contact_of(motala).rhythm == "week"

    def test_no_more_of_anything(self, web: Client, motala: Organisation) -> None:
        factories.make_case(motala, email=EMAIL)
        factories.make_case(motala, email=EMAIL)
        url = f"{url_of(contact_of(motala))}sluta/"
        assert "Vill du inte ha fler meddelanden" in web.get(url).text
        with organisation_scope(motala.pk):
            assert Follow.objects.count() == 2
        program = Client(headers={"host": "motala.localhost"}, enforce_csrf_checks=True)
        assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        with organisation_scope(motala.pk):
            assert not Follow.objects.exists()
            assert set(Notice.objects.values_list("state", flat=True)) == {"cancelled"}

    def test_nobody_elses(self, web: Client, motala: Organisation) -> None:
        assert web.get(f"/kontakt/{uuid4()}/").status_code == 404
        assert web.post(f"/kontakt/{uuid4()}/sluta/").status_code == 404


class TestAwake:
    """An address that nothing reached works again when its owner presses what came to it, and only then."""

    def paused(self, motala: Organisation) -> Contact:
        with organisation_scope(motala.pk):
            address_bounced(address=EMAIL, reason="550", by=SOMEBODY)
        return contact_of(motala)

    def test_from_the_address_s_own_page(self, web: Client, motala: Organisation) -> None:
        factories.make_case(motala, email=EMAIL)
        contact = self.paused(motala)
        url = url_of(contact)
        assert "Vi har slutat skicka hit" in web.get(url).text
        assert "Nu har vi skickat en fråga hit." in web.post(url, {"wake": "1"}).text
        asked = newest(motala)
        assert (asked.kind, asked.state, asked.address) == ("address_works", "queued", EMAIL)
        link = asked.link.split(".localhost", 1)[1].lstrip(":0123456789")
        assert "Fungerar den här adressen igen?" in web.get(link).text
        assert contact_of(motala).paused_at is not None
        assert "Nu hör vi av oss hit igen." in web.post(link).text
        assert contact_of(motala).paused_at is None
        assert web.post(link).status_code == 410
        self.paused(motala)
        assert web.post(link).status_code == 410  # an old message proves nothing about now

    def test_from_the_case_by_its_code(self, web: Client, motala: Organisation) -> None:
        made = factories.make_case(motala, email=EMAIL)
        self.paused(motala)
        url = f"/f/{made.code}/"
        shown = page(web.get(url))
        assert "kommer tillbaka till oss" in shown.text
        [button] = shown.select("button[name=wake]")
        assert web.post(url, {"wake": str(button["value"])}).status_code == 303
        assert newest(motala).kind == "address_works"
        other = factories.make_case(motala)
        web.post(f"/f/{other.code}/", {"wake": str(button["value"])})  # somebody else's way
        web.post(f"/f/{other.code}/", {"stop": str(button["value"])})
        with organisation_scope(motala.pk):
            assert Notice.objects.filter(kind="address_works").count() == 1
            assert Follow.objects.count() == 1

    @pytest.mark.parametrize("proof", ["x", "a:b:c", "é", "x" * 2000])
    def test_a_made_up_proof_proves_nothing(self, web: Client, motala: Organisation, proof: str) -> None:
        factories.make_case(motala, email=EMAIL)
        contact = self.paused(motala)
        assert web.post(f"{url_of(contact)}fungerar/{proof}/").status_code == 410
        assert contact_of(motala).paused_at is not None


class TestByCode:
    """Where a message has no room for a link that one presses, its owner writes the code that it has."""

    def code(self, motala: Organisation) -> str:
        [code] = re.findall(r"^\d{6}", newest(motala).body)
        return str(code)

    @pytest.mark.requirement("0.22")
    def test_the_reporter_adds_a_telephone(
        self, web: Client, motala: Organisation, beeped: list[tuple[str, str]]
    ) -> None:
        made = factories.make_case(motala)
        url = f"/f/{made.code}/"
        wrong = web.post(url, {"way": "pager", "address": "12"})
        assert wrong.status_code == 422
        assert "Skriv ditt mobilnummer" in wrong.text
        assert web.post(url, {"way": "pager", "address": "070-123 45 67"}).status_code == 303
        code = self.code(motala)
        form = fields(web.get(url), "form:has([name=code])")
        failed = web.post(url, {**form, "code": "000000" if code != "000000" else "111111"})
        assert failed.status_code == 422
        assert "Koden stämmer inte." in failed.text
        with organisation_scope(motala.pk):
            assert Follow.objects.get().confirmed_at is None
        assert web.post(url, {**form, "code": code}).status_code == 303
        with organisation_scope(motala.pk):
            assert Follow.objects.get().confirmed_at
            actions.reply(case_id=made.case.pk, text="Vi byter den.", by=factories.TEST)
        said = newest(motala)
        assert (said.sender, said.address) == ("pager", NUMBER)
        assert said.body == f"Nytt svar i ärende {made.case.number} {said.link}"

    @pytest.mark.requirement("P29")
    def test_somebody_follows_by_telephone_and_ends_it_by_its_number(
        self, web: Client, motala: Organisation, beeped: list[tuple[str, str]]
    ) -> None:
        case = published(motala)
        url = f"/arenden/{case.number}/folj/"
        asked = web.post(url, {"way": "pager", "address": "0701234567"})
        assert "Vi har skickat en kod." in asked.text
        handle = str(BeautifulSoup(asked.content, "html.parser").select("[name=handle]")[0]["value"])
        wrong = web.post(f"{url}kod/", {"handle": handle, "code": "12"})
        assert wrong.status_code == 422
        assert "Koden stämmer inte." in wrong.text
        done = web.post(f"{url}kod/", {"handle": handle, "code": self.code(motala)})
        assert "Nu följer du det." in done.text
        with organisation_scope(motala.pk):
            case.refresh_from_db()
            assert case.followers == 1
            assert actions.stop_address(sender="pager", address="+46 70 123 45 67", by=SOMEBODY) == 1
            assert actions.stop_address(sender="pager", address="+46 70 123 45 67", by=SOMEBODY) == 0
            assert actions.stop_address(sender="pager", address="STOPP", by=SOMEBODY) == 0
            case.refresh_from_db()
            assert case.followers == 0

    @pytest.mark.parametrize("handle", ["", "x", "1", "1:2:3"])
    def test_a_code_without_its_page_is_worth_nothing(
        self, web: Client, motala: Organisation, beeped: list[tuple[str, str]], handle: str
    ) -> None:
        case = published(motala)
        web.post(f"/arenden/{case.number}/folj/", {"way": "pager", "address": "0701234567"})
        answer = web.post(f"/arenden/{case.number}/folj/kod/", {"handle": handle, "code": self.code(motala)})
        assert answer.status_code == 422
        assert "Koden gäller inte längre." in answer.text

    def test_a_way_that_is_not_offered_is_not_there(self, web: Client, motala: Organisation) -> None:
        case = published(motala)
        for way in ("pager", "push", "x"):
            assert web.post(f"/arenden/{case.number}/folj/", {"way": way, "address": EMAIL}).status_code == 404
        with organisation_scope(motala.pk):
            assert not Reporter.objects.exists()
