"""A case and the systems it goes to, at the desk: where it is, what passed, what did not, and what to do about it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing
from lyhord.exchange.system_actions import save_system, switch_system
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, send
from tests.www.desk.test_deeds import done
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N9", "0.21")]


@pytest.fixture
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


@pytest.fixture
def case(cast: Cast, _scope: None) -> Case:
    return factories.make_case(cast.motala, "Lampan är släckt").case


@pytest.fixture
def link(case: Case) -> Link:
    """RT's number 123, given at five past one."""
    system = save_system(
        name="RT",
        adapter="rt",
        settings={"url": "https://rt.example", "user": "lyhord"},
        secret="zxhemligt",
        by=factories.TEST,
    )
    switch_system(system_id=system.pk, active=True, by=factories.TEST)
    return Link.objects.create(system=system, case=case, remote_id="123", created_at=now(), linked_at=now())


def outgoing(link: Link, kind: ChangeKind, state: ChangeState, *, value: str = "", error: str = "") -> Outgoing:
    return Outgoing.objects.create(link=link, kind=kind, state=state, happened_at=now(), value=value, error=error)


def panel(client: Client, case: Case) -> str:
    """The part of the case's page about case systems."""
    about = soup(client.get(f"/desk/{case.pk}/?vy=alla")).select(".about section")
    found = [part for part in about if part.h2 and part.h2.get_text(strip=True) == "Verksamhetssystem"]
    return " ".join(found[0].get_text(" ").split()) if found else ""


def test_where_it_is_and_what_has_passed(kim: Client, case: Case, link: Link) -> None:
    outgoing(link, ChangeKind.CREATE, ChangeState.SENT)
    outgoing(link, ChangeKind.STATE, ChangeState.SENT, value="resolved")
    outgoing(link, ChangeKind.STATE, ChangeState.ECHO, value="planned")
    Incoming.objects.create(
        link=link, key="9", kind=ChangeKind.STATE, value="rejected", happened_at=now(), received_at=now(),
        outcome=Incoming.Outcome.REFUSED, reason="Det går inte härifrån.",
    )  # fmt: skip
    page = soup(kim.get(f"/desk/{case.pk}/?vy=alla"))
    assert page.select('.about a[href="https://rt.example/Ticket/Display.html?id=123"]')
    said = panel(kim, case)
    for words in (
        "Skickat till RT #123",
        "I fas",
        "Ärendet. Framme",
        "Läge: Åtgärdad",
        "rejected",
        "Det går inte härifrån",
    ):
        assert words in said
    assert "Skicka igen" not in said
    assert "Planerat" not in said  # it came from there
    assert "zxhemligt" not in page.text


def test_what_failed_is_said_in_words_and_sent_again_or_given_up(kim: Client, case: Case, link: Link) -> None:
    lost = outgoing(link, ChangeKind.PUBLIC, ChangeState.FAILED, error="login: 401 <b>nej</b>")
    behind = outgoing(link, ChangeKind.INTERNAL, ChangeState.WAITING)
    said = panel(kim, case)
    for words in ("Kom inte fram", "Svar:", "släppte inte in oss", "401 <b>nej</b>", "1 ändring väntar"):
        assert words in said
    page = f"/desk/{case.pk}/?vy=alla"
    answer = send(kim, page, f"/system/{lost.pk}/igen/")
    assert answer["Location"] == page
    assert done(kim, answer) == "Vi skickar det igen."
    lost.refresh_from_db()
    assert lost.state == ChangeState.WAITING
    Outgoing.objects.filter(pk=lost.pk).update(state=ChangeState.FAILED)
    assert done(kim, send(kim, page, f"/system/{lost.pk}/ge-upp/")).startswith("Vi skickar inte det.")
    again = kim.post(f"/desk/{case.pk}/system/{lost.pk}/ge-upp/")
    assert done(kim, again).startswith("Det här meddelandet har redan")
    behind.refresh_from_db()
    assert behind.state == ChangeState.WAITING
    verbs = Event.objects.about("case", case.pk).values_list("verb", flat=True)
    assert {"case.system_resent", "case.system_given_up"} <= set(verbs)
    assert "Gav upp att skicka till RT" in kim.get(page).text


def test_the_list_of_what_did_not_come_there(kim: Client, cast: Cast, case: Case, link: Link) -> None:
    lost = outgoing(link, ChangeKind.PUBLIC, ChangeState.FAILED, error="refused: Kö?")
    menu = soup(kim.get("/desk/")).select_one('nav.views a[href="/desk/utkorg/"] .hot')
    assert menu is not None
    assert menu.text == "1"
    assert soup(kim.get("/desk/utkorg/")).select('a[href="/desk/utkorg/system/"]')
    [row] = soup(kim.get("/desk/utkorg/system/")).select("tbody tr")
    for words in (case.number, "RT", "Svar", "Systemet sa nej.", "Kö?"):
        assert words in row.text
    answer = send(kim, "/desk/utkorg/system/", f"/system/{lost.pk}/ge-upp/")
    assert answer["Location"] == "/desk/utkorg/system/"
    assert not soup(kim.get("/desk/utkorg/system/")).select("tbody tr")


@pytest.mark.requirement("X2")
def test_only_those_who_may_see_the_case_and_send_again(cast: Cast, case: Case, link: Link) -> None:
    lost = outgoing(link, ChangeKind.PUBLIC, ChangeState.FAILED, error="busy")
    sara = browser(cast.sara)
    assert "Skicka igen" not in panel(sara, case)
    assert sara.post(f"/desk/{case.pk}/system/{lost.pk}/igen/").status_code == 403
    assert sara.get("/desk/utkorg/system/").status_code == 403
    other = factories.make_case(cast.motala, "Något annat").case
    kim = browser(cast.kim)
    assert kim.post(f"/desk/{other.pk}/system/{lost.pk}/igen/").status_code == 404
    assert kim.get(f"/desk/{case.pk}/system/{lost.pk}/igen/").status_code == 405
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code="forskola"), confidential=True)
    assert not soup(kim.get("/desk/utkorg/system/")).select("tbody tr")
    assert kim.post(f"/desk/{case.pk}/system/{lost.pk}/igen/").status_code == 404


def test_the_cost_does_not_grow(
    kim: Client, cast: Cast, case: Case, link: Link, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        outgoing(link, ChangeKind.INTERNAL, ChangeState.SENT)
        Incoming.objects.create(
            link=link, key=f"{number}", kind=ChangeKind.INTERNAL, happened_at=now() - timedelta(1), received_at=now(),
            outcome=Incoming.Outcome.APPLIED,
        )  # fmt: skip
    sara = browser(cast.sara)
    sara.get(f"/desk/{case.pk}/?vy=alla")
    with django_assert_num_queries(AROUND + 6 + 3):  # as without; links, what went, what came
        sara.get(f"/desk/{case.pk}/?vy=alla")
