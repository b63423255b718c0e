"""Somebody with protected identity: their own way in, and nothing of them anywhere for those without the right.

The walk of all pages (test_crawler.py) plants one who said so from the start. Here is one who was known, published,
followed, searched for and told to other systems before anybody knew.
"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Reporter
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import WebhookValues, add_webhook
from lyhord.exchange.models import Delivery
from lyhord.exchange.payload import body_of
from lyhord.jobs.inline import run_waiting
from lyhord.notifications.models import Notice
from lyhord.notifications.senders import email
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import Program, as_staff, make_key
from tests.www.desk.conftest import browser
from tests.www.every_address import addresses, body, values_for
from tests.www.plant import Planted, plant
from tests.www.public.forms import fields
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X2")]
PERSON = ("zxsenare", "zxokand", "zxsenast.example", "0708-112233", "58.523456", "15.087654", "zxgomda")
"""Name, surname, host of the mail address, phone, position and street."""
WITHOUT_THE_RIGHT = ["anonymous", "sara", "kim", "nils", "admin", "auditor", "outsider"]


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.fixture
def found_out(cast: Cast) -> Registered:
    """A case that everybody knew everything of, until it was protected."""
    with organisation_scope(cast.motala.pk):
        values = WebhookValues(
            name="System", url="https://system.example/", events=["case.registered", "case.state_changed"]
        )
        add_webhook(values=values, by=factories.TEST)
    made = factories.make_case(
        cast.motala,
        "Jag heter Zxsenare Zxokand och bor på Zxgömda vägen 9. Ring 0708-112233.",
        reporter=NewReporter(
            name="Zxsenare Zxokand",
            email="post@zxsenast.example",
            phone="0708-112233",
            sender_kind="company",
            organisation_name="Zxsenare Zxokand bygg",
        ),
        wants_feedback=True,
        publish=True,
        place_text="Zxgomda vägen 9",
        at=(58.523456, 15.087654),
    )
    pk, by = made.case.pk, cast.maria.actor
    with organisation_scope(cast.motala.pk):
        actions.reply(case_id=pk, text="Hej Zxsenare! Vi kommer till Zxgomda.", by=by)
        actions.note(case_id=pk, text="Zxsenare Zxokand ringde från 0708-112233.", by=by)
        until = today() + timedelta(days=3)
        actions.change_state(case_id=pk, to=State.WAITING, reason="Ring Zxsenare Zxokand först", until=until, by=by)
        actions.publish(case_id=pk, title="Hos Zxsenare", text="På Zxgomda vägen 9", warned=True, by=by)
        follow = actions.follow_case(case_id=pk, address="bo@exempel.se", language="sv", by=by)
        actions.confirm_follow(token=follow.token, by=by)
        run_waiting(raise_errors=False)
        actions.protect(case_id=pk, by=by)
        run_waiting(raise_errors=False)
    return made


@pytest.fixture
def things(cast: Cast, found_out: Registered) -> Planted:
    """Something of everything else, planted afterwards: its rules would have sent the case elsewhere."""
    return plant(cast.motala, "zxhar", cast.maria)


def reader(cast: Cast, who: str) -> Client:
    return browser(None if who == "anonymous" else getattr(cast, who))


@pytest.mark.sample(2)
@pytest.mark.parametrize("who", WITHOUT_THE_RIGHT)
def test_no_page_shows_it(
    cast: Cast, things: Planted, found_out: Registered, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client, ids = reader(cast, who), {**things.ids}
    ids |= {"case_id": found_out.case.pk, "number": found_out.case.number}
    reached = 0
    for address in addresses():
        for own in values_for(address, ids, all_ways=address.name.startswith("open311")):
            url = address.url(own)
            shown = body(client.get(url))
            reached += 1
            assert not [word for word in PERSON if word in shown], url
    assert reached > 60
    for word in PERSON:
        for view in ({}, {"vy": "alla"}, {"vy": "avslutade"}):
            assert "rowcase" not in client.get("/desk/", {"q": word, **view}).content.decode(), word
    for place in ("/nara/?lat=58.523456&lon=15.087654", "/karta/14/8877/4903.json", "/oppna-data/arenden.csv"):
        assert not [word for word in PERSON if word in body(client.get(place))], place
    assert not [word for word in PERSON if word in caplog.text.lower()]


def test_whoever_may_know_sees_it_and_the_words_would_have_been_found(
    cast: Cast, things: Planted, found_out: Registered
) -> None:
    shown = body(browser(cast.maria).get(f"/desk/{found_out.case.pk}/"))
    assert not [word for word in PERSON if word not in shown]
    with organisation_scope(cast.motala.pk):
        [read] = Event.objects.filter(verb="case.protected_read", subject_id=found_out.case.pk)
        assert read.actor_id == cast.maria.pk


def test_no_api_tells_it(cast: Cast, things: Planted, found_out: Registered) -> None:
    number = found_out.case.number
    web = Client(headers={"host": "motala.localhost"})
    programs = [as_staff(cast, user) for user in (cast.sara, cast.kim, cast.admin, cast.auditor)]
    for program in [Program(), Program(x_api_key=make_key(cast.motala)), *programs]:
        for path in (
            f"cases/{number}",
            f"cases/{number}/history",
            f"cases/{number}/related",
            "cases",
            "cases?q=zxsenare",
            f"published/{number}",
            "published",
            "log",
            "outbox",
            "nearby?lat=58.523456&lon=15.087654",
        ):
            told = program.client.get(f"/api/v1/{path}").content.decode().lower()
            assert not [word for word in PERSON if word in told], path
    for path in ("requests.json", f"requests/{number}.json", "servicerequestupdates.json"):
        told = web.get(f"/open311/v2/{path}").content.decode().lower()
        assert not [word for word in PERSON if word in told], path


def test_nothing_more_leaves(cast: Cast, things: Planted, found_out: Registered) -> None:
    """Mail, text messages, browsers, webhooks: what leaves after that says nothing, and what waited is unsaid."""
    with organisation_scope(cast.motala.pk):
        pk = found_out.case.pk
        for notice in Notice.objects.select_related("organisation").filter(subject_id=pk, subject_type="case"):
            assert notice.private
            mail = email.message(notice)
            said = f"{mail.subject} {mail.body} {notice.link}".lower()
            assert not [word for word in (*PERSON, found_out.case.number) if word in said], notice.kind
        deliveries = Delivery.objects.select_related("webhook__organisation").filter(case_id=pk)
        assert deliveries.exists()
        assert {body_of(one, one.webhook) for one in deliveries} == {None}
        actions.reply(case_id=pk, text="Hej igen, Zxsenare.", by=cast.maria.actor)
        newest = Notice.objects.latest("pk")
        assert newest.subject == "Du har ett nytt meddelande"


def test_no_log_row_and_no_job_holds_it(cast: Cast, things: Planted, found_out: Registered) -> None:
    with organisation_scope(cast.motala.pk), connection.cursor() as cursor:
        for table in ("jobs_job", "exchange_delivery", "intake_reception", "notifications_notice", "django_session"):
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
            kept = str(cursor.fetchone()[0]).lower()
            words = [word for word in PERSON if word != "zxsenast.example"] if "notice" in table else PERSON
            assert not [word for word in words if word in kept], table
        since = Event.objects.filter(verb="case.protected", subject_id=found_out.case.pk).get()
        later = " ".join(json.dumps(event.data) for event in Event.objects.filter(pk__gte=since.pk)).lower()
        assert not [word for word in PERSON if word in later]


class TestTheirOwnWay:
    """What a resident with protected identity meets."""

    @pytest.fixture
    def web(self, cast: Cast) -> Client:
        return Client(headers={"host": "motala.localhost"})

    def test_the_page_offers_the_telephone_and_a_form_without_names(self, cast: Cast, web: Client) -> None:
        offered = web.get("/skyddade-uppgifter/")
        assert cast.motala.phone in offered.text
        links = [str(link["href"]) for link in page(offered).select("a[href*=skydd]")]
        assert len([link for link in links if link.endswith("?skydd=1")]) == 5
        shown = web.get("/beratta/felanmalan/?skydd=1")
        tree = page(shown)
        assert "Ditt ärende blir skyddat." in shown.text
        assert not tree.select("[name=name], [name=publish], [name=sender_kind], script[src*=report]")
        sent = web.post("/beratta/felanmalan/", {**fields(shown), "text": "Det är mörkt.", "contact": "code"})
        assert sent.status_code == 303
        assert not web.cookies
        with organisation_scope(cast.motala.pk):
            case = Case.objects.get()
            assert case.protected
            assert case.publication_state == Case.Published.CLOSED
            reporter = Reporter.objects.get()
            assert (reporter.protected, reporter.name, reporter.email) == (True, "", "")
            assert not Notice.objects.exists()

    def test_a_form_that_comes_back_is_still_shielded(self, cast: Cast, web: Client) -> None:
        shown = web.get("/beratta/felanmalan/?skydd=1")
        again = web.post("/beratta/felanmalan/", {**fields(shown), "text": ""})
        assert again.status_code == 422
        assert "Ditt ärende blir skyddat." in again.text
        assert fields(again)["protected"] == ["on"]

    def test_one_s_own_case_can_be_protected_afterwards(self, cast: Cast, web: Client) -> None:
        made = factories.make_case(cast.motala, "Lampan.", email="ulla@hemlig.example", publish=True)
        url = f"/f/{made.code}/"
        assert "Skydda mitt ärende" in web.get(url).text
        assert web.post(url, {"protect": "1"}).status_code == 303
        shown = web.get(url).text
        assert "Skydda mitt ärende" not in shown
        assert "hemlig.example" not in shown
        with organisation_scope(cast.motala.pk):
            assert Case.objects.get().protected


class TestStaff:
    """Who works with it protects it too, and only who may know lifts it."""

    def test_an_officer_protects_and_then_sees_nothing(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala, "Ring 0708-112233.", reporter=NewReporter(name="Ulla Hemlig"))
        client = browser(cast.sara)
        url = f"/desk/{made.case.pk}/"
        assert "Ulla Hemlig" in client.get(url).text
        assert client.post(f"{url}skydda/", {"revision": "1"}).status_code == 302
        assert "Ulla" not in client.get(url).text
        assert "Skydda den som hörde av sig" not in client.get(url).text
        assert client.post(f"{url}ta-bort-skyddet/", {"reason": "Jag vill se"}).status_code == 403

    def test_a_manager_lifts_it_with_a_reason(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala, reporter=NewReporter(name="Ulla", protected=True))
        client = browser(cast.maria)
        url = f"/desk/{made.case.pk}/ta-bort-skyddet/"
        wrong = client.post(url, {"reason": ""})
        assert wrong.status_code == 422
        assert "Skriv varför skyddet inte behövs." in wrong.text
        assert client.post(url, {"reason": "Fel person"}).status_code == 302
        with organisation_scope(cast.motala.pk):
            assert not Case.objects.get().protected
