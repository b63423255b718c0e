"""Log-in by a code to one's address, and the page of all one's cases: no script, no hint of who is known."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.abuse import LOG_INS, MOST
from lyhord.notifications.models import Contact, Notice
from lyhord.notifications.one_time import MOST_AN_HOUR, MOST_TRIES, PRESSED_TWICE
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.residents.actions import HOLDS
from lyhord.residents.models import Account, AccountCase, LogIn
from lyhord.residents.queries import PAGE
from lyhord.residents.tasks import forget_log_ins
from lyhord.www.public.resident import COOKIE
from tests import factories
from tests.www.public.forms import fields
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("1.25")]
EMAIL, OTHER = "anna@exempel.se", "bo@exempel.se"
SOMEBODY = Actor.resident()
WALL = 4


def sent_to(motala: Organisation, address: str = EMAIL) -> str:
    """The digits of the newest code to an address."""
    with organisation_scope(motala.pk):
        notice = Notice.objects.filter(kind="code", address=address).latest("pk")
    [code] = re.findall(r"\b\d{6}\b", notice.body)
    return str(code)


def ask(web: Client, address: str = EMAIL, **headers: Any) -> Any:
    return web.post("/logga-in/", {"address": address}, headers=headers)


def log_in(web: Client, motala: Organisation, address: str = EMAIL) -> Any:
    form = fields(ask(web, address), "form:has([name=code])")
    return web.post("/logga-in/kod/", {**form, "code": sent_to(motala, address)})


def counted(motala: Organisation, model: Any) -> int:
    with organisation_scope(motala.pk):
        return int(model.objects.count())


class TestCode:
    """The address, and the six digits."""

    def test_a_right_one_leads_to_ones_cases(self, web: Client, motala: Organisation) -> None:
        own = factories.make_case(motala, email=EMAIL).case
        factories.make_case(motala, "En annans", email=OTHER)
        assert web.get("/mina-arenden/").headers["Location"] == "/logga-in/"
        response = log_in(web, motala)
        assert (response.status_code, response.headers["Location"]) == (303, "/mina-arenden/")
        cookie = web.cookies[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["max-age"], "ends with the browser"
        shown = web.get("/mina-arenden/")
        assert own.number in shown.text
        assert EMAIL in shown.text
        assert "En annans" not in shown.text
        assert shown.headers["Cache-Control"] == "private, no-store"
        [link] = page(shown).select("ol.list a")
        assert web.get(str(link["href"])).status_code == 200
        assert web.get("/logga-in/").headers["Location"] == "/mina-arenden/"
        with organisation_scope(motala.pk):
            assert Contact.objects.get(address=EMAIL).verified_at
            assert EMAIL not in str(list(Event.objects.filter(verb__startswith="account.").values()))

    def test_pressed_twice_one_is_logged_in_all_the_same(self, web: Client, motala: Organisation) -> None:
        form = {**fields(ask(web), "form:has([name=code])"), "code": sent_to(motala)}
        for _press in range(2):
            response = web.post("/logga-in/kod/", form)
            assert (response.status_code, response.headers["Location"]) == (303, "/mina-arenden/")
        assert counted(motala, LogIn) == 1

    def test_who_is_known_and_who_is_not_see_the_same(self, web: Client, motala: Organisation) -> None:
        factories.make_case(motala, email=EMAIL)

        def plain(address: str) -> str:
            text = ask(web, address).text
            return re.sub(r'name="handle" value="[^"]+"', "", text).replace(address, "")

        assert plain(EMAIL) == plain("ny@exempel.se")
        handles = [str(fields(ask(web, a), "form:has([name=code])")["handle"]) for a in (EMAIL, "ny@exempel.se")]
        with organisation_scope(motala.pk):
            ids = [str(pk) for pk in Contact.objects.values_list("pk", flat=True)]
        assert not set(handles) & set(ids)

    def test_what_is_no_address_is_said_and_kept(self, web: Client, motala: Organisation) -> None:
        response = ask(web, "anna.exempel.se")
        assert response.status_code == 422
        assert 'value="anna.exempel.se"' in response.text
        assert page(response).select_one(".errsum a[href='#id_address']")
        assert counted(motala, Contact) == 0

    def test_guessing_ends(self, web: Client, motala: Organisation) -> None:
        form = fields(ask(web), "form:has([name=code])")
        right = sent_to(motala)
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        for _turn in range(MOST_TRIES):
            response = web.post("/logga-in/kod/", {**form, "code": wrong})
            assert response.status_code == 422
        assert web.post("/logga-in/kod/", {**form, "code": right}).status_code == 422
        assert COOKIE not in web.cookies
        assert counted(motala, LogIn) == 0

    def test_asking_ends(self, web: Client, motala: Organisation) -> None:
        with time_machine.travel(now(), tick=False) as clock:
            for _turn in range(MOST_AN_HOUR + 1):
                assert ask(web).status_code == 200
                clock.shift(PRESSED_TWICE)
        with organisation_scope(motala.pk):
            assert Notice.objects.filter(kind="code").count() == MOST_AN_HOUR
        for number in range(MOST[LOG_INS] - MOST_AN_HOUR - 1):
            ask(web, f"en{number}@exempel.se")
        assert ask(web, "en.till@exempel.se").status_code == 429

    def test_too_old_a_page_asks_anew(self, web: Client, motala: Organisation) -> None:
        form = fields(ask(web), "form:has([name=code])")
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            response = web.post("/logga-in/kod/", {**form, "code": sent_to(motala)})
        assert response.status_code == 422
        assert page(response).select_one("#id_address")

    def test_another_sites_form_logs_nobody_in(self, web: Client, motala: Organisation) -> None:
        form = fields(ask(web), "form:has([name=code])")
        data = {**form, "code": sent_to(motala)}
        response = web.post("/logga-in/kod/", data, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 200
        assert COOKIE not in web.cookies
        ask(web, OTHER, **{"sec-fetch-site": "cross-site"})
        with organisation_scope(motala.pk):
            assert not Notice.objects.filter(address=OTHER).exists()
        assert web.post("/logga-in/kod/", data).status_code == 303

    @pytest.mark.parametrize("language", ["en", "fi"])
    def test_the_code_comes_in_the_language_of_the_page(self, web: Client, motala: Organisation, language: str) -> None:
        motala.languages = ["sv", "en", "fi"]
        motala.save(update_fields=["languages"])
        forget_hosts()
        web.cookies["lyhord_language"] = language
        ask(web)
        with organisation_scope(motala.pk):
            assert Notice.objects.get(kind="code").language == language


class TestMine:
    """The page of all one's cases."""

    def test_a_page_at_a_time_at_the_same_price(self, web: Client, motala: Organisation) -> None:
        numbers = [factories.make_case(motala, email=EMAIL).case.number for _turn in range(PAGE + 2)]
        log_in(web, motala)
        web.get("/mina-arenden/")
        with CaptureQueriesContext(connection) as queries:
            first = page(web.get("/mina-arenden/"))
        assert len(queries) <= WALL + 2, [query["sql"] for query in queries]
        link = first.select_one("a[rel=next]")
        assert link
        second = page(web.get(str(link["href"])))
        shown = [str(tag.text) for part in (first, second) for tag in part.select("ol.list .num")]
        assert shown == numbers[::-1]
        assert not second.select_one("a[rel=next]")
        assert "Det finns inga fler." in web.get("/mina-arenden/?fore=99-1").text

    def test_only_what_the_address_has_said_yes_to(self, web: Client, motala: Organisation) -> None:
        """Anybody may write anybody's address on their own case's page."""
        case = factories.make_case(motala, email=OTHER).case
        with organisation_scope(motala.pk):
            actions.add_way(case_id=case.pk, sender="email", address=EMAIL, by=SOMEBODY)
        log_in(web, motala)
        assert case.number not in web.get("/mina-arenden/").text

    def test_somebody_protected_is_not_shown_for_an_address(self, web: Client, motala: Organisation) -> None:
        reporter = NewReporter(name="Ulla", email=EMAIL, protected=True)
        made = factories.make_case(motala, reporter=reporter, wants_feedback=True)
        log_in(web, motala)
        assert made.case.number not in web.get("/mina-arenden/").text
        response = web.post("/mina-arenden/lagg-till/", {"kod": made.code})
        assert response.status_code == 422
        assert "skyddat" in response.text
        assert counted(motala, AccountCase) == 0

    def test_one_that_is_protected_afterwards_goes_away(self, web: Client, motala: Organisation) -> None:
        made = factories.make_case(motala)
        log_in(web, motala)
        assert web.post("/mina-arenden/lagg-till/", {"kod": made.code}).status_code == 303
        assert made.case.number in web.get("/mina-arenden/").text
        with organisation_scope(motala.pk):
            actions.protect(case_id=made.case.pk, by=SOMEBODY)
        assert made.case.number not in web.get("/mina-arenden/").text

    def test_a_case_is_added_once_by_its_code(self, web: Client, motala: Organisation) -> None:
        made = factories.make_case(motala)
        assert web.post("/mina-arenden/lagg-till/", {"kod": made.code}).headers["Location"] == "/logga-in/"
        log_in(web, motala)
        wrong = web.post("/mina-arenden/lagg-till/", {"kod": "0" * 26})
        assert wrong.status_code == 422
        assert "0" * 26 in wrong.text
        for _turn in range(2):
            web.post("/mina-arenden/lagg-till/", {"kod": made.code})
        assert web.get("/mina-arenden/").text.count(f">{made.case.number}<") == 1
        assert counted(motala, AccountCase) == 1

    def test_who_logs_out_is_out_at_the_server_too(self, web: Client, motala: Organisation) -> None:
        log_in(web, motala)
        token = web.cookies[COOKIE].value
        assert web.post("/mina-arenden/logga-ut/").headers["Location"] == "/"
        assert not web.cookies[COOKIE].value
        web.cookies[COOKIE] = token
        assert web.get("/mina-arenden/").headers["Location"] == "/logga-in/"
        with organisation_scope(motala.pk):
            assert token.encode() not in bytes(str(list(LogIn.objects.values())), "utf-8")

    def test_it_ends_by_itself(self, web: Client, motala: Organisation) -> None:
        log_in(web, motala)
        with time_machine.travel(now() + HOLDS + timedelta(minutes=1), tick=False):
            assert web.get("/mina-arenden/").status_code == 303
            forget_log_ins.func()
        assert counted(motala, LogIn) == 0
        assert counted(motala, Account) == 1

    def test_another_organisation_knows_nothing_of_it(
        self, web: Client, motala: Organisation, elsewhere: Client
    ) -> None:
        log_in(web, motala)
        elsewhere.cookies[COOKIE] = web.cookies[COOKIE].value
        assert elsewhere.get("/mina-arenden/").headers["Location"] == "/logga-in/"


def test_an_organisation_may_have_none_of_it(web: Client, motala: Organisation) -> None:
    shown = web.get("/").text
    assert 'href="/mina-arenden/"' in shown
    motala.features = {"log_in": False}
    motala.save(update_fields=["features"])
    forget_hosts()
    assert "/mina-arenden/" not in web.get("/").text + web.get("/f/").text
    for url in ("/logga-in/", "/mina-arenden/"):
        assert web.get(url).status_code == 404
    for url in ("/logga-in/", "/logga-in/kod/", "/mina-arenden/lagg-till/", "/mina-arenden/logga-ut/"):
        assert web.post(url).status_code == 404
