"""What must leave is visible until it has, and shows nobody's address to those who may not know it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications import delivery
from lyhord.notifications.models import Notice, NoticeState
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, send
from tests.www.desk.test_deeds import done
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def fail(case: Case) -> Notice:
    notice = Notice.objects.get(subject_id=case.pk)
    delivery.begin(notice.pk)
    delivery.failed(notice.pk, error="550 no such user <elin@example.se>")
    return notice


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.make_case(cast.motala, email="elin@example.se").case


@pytest.mark.requirement("P12")
def test_what_failed_is_seen_and_sent_again(kim: Client, case: Case) -> None:
    notice = fail(case)
    menu = soup(kim.get("/desk/")).select_one('nav.views a[href="/desk/utkorg/"]')
    assert menu is not None
    assert menu.select_one(".hot").text == "1"
    page = soup(kim.get("/desk/utkorg/?lage=failed"))
    [row] = page.select("tbody tr")
    for words in ("Vi har tagit emot", "elin@example.se", "Kom inte fram", "550 no such user", case.number):
        assert words in row.text
    assert "elin@example.se" not in row.text.split("550")[1]  # mail servers like to repeat addresses
    response = send(kim, "/desk/utkorg/", "/skicka/")
    assert done(kim, response) == "Vi skickar det igen."
    notice.refresh_from_db()
    assert notice.state == NoticeState.QUEUED
    # pressed twice
    assert done(kim, kim.post(f"/desk/utkorg/{notice.pk}/skicka/")).startswith("Det här meddelandet är redan")
    assert kim.get(f"/desk/utkorg/{notice.pk}/skicka/").status_code == 405


def test_the_words_of_a_notice_and_the_key_to_the_case_are_never_shown(kim: Client, cast: Cast) -> None:
    made = factories.make_case(cast.motala, email="elin@example.se")
    page = kim.get("/desk/utkorg/").text
    assert "elin@example.se" in page
    assert made.code[:8] not in page.replace("-", "")


@pytest.mark.requirement("X2", "N4")
def test_addresses_are_for_those_who_may_see_the_case(cast: Cast, case: Case) -> None:
    hidden = NewReporter(email="ulla@hemlig.example", protected=True)
    factories.make_case(cast.motala, "Skyddad", reporter=hidden, wants_feedback=True)
    other = factories.make_case(cast.motala, "Kundcentrets", email="asta@example.se").case
    late = factories.make_case(cast.motala, "Sekretess i efterhand", email="berit@example.se").case
    Case.objects.filter(pk=other.pk).update(unit=Unit.objects.get(code="kundcenter"))
    Case.objects.filter(pk=late.pk).update(unit=Unit.objects.get(code="forskola"), confidential=True)
    for user, seen in (
        (cast.kim, {"elin@example.se", "asta@example.se"}),
        (cast.maria, {"elin@example.se"}),
        (cast.auditor, {"elin@example.se", "asta@example.se"}),
    ):
        rows = soup(browser(user).get("/desk/utkorg/")).select("tbody tr")
        assert len(rows) == 4
        assert {cell.contents[0].text.strip() for row in rows for cell in row.select("td")[:1]} == {*seen, "(skyddad)"}
        assert len([row for row in rows if row.select("a.num")]) == len(seen)
    assert browser(cast.sara).get("/desk/utkorg/").status_code == 403
    assert not soup(browser(cast.auditor).get("/desk/utkorg/")).select("tbody form")


@pytest.mark.requirement("X1", "N4")
def test_another_organisations_notice_is_not_there(kim: Client, cast: Cast) -> None:
    foreign = factories.make_case(cast.mjolby, email="elin@example.se").case
    with organisation_scope(cast.mjolby.pk):
        notice = Notice.objects.get(subject_id=foreign.pk)
    for number in (notice.pk, 0, 10**30):
        assert kim.post(f"/desk/utkorg/{number}/skicka/").status_code == 404


def test_pages_and_filters(kim: Client, cast: Cast, monkeypatch: Any) -> None:
    for number in range(3):
        factories.make_case(cast.motala, f"{number}", email=f"a{number}@example.se")
    fail(Case.objects.order_by("pk")[0])
    chips = soup(kim.get("/desk/utkorg/?lage=queued&fore=999")).select(".chips a")
    assert [str(chip["href"]) for chip in chips] == [
        f"?lage={state}" for state in ("", "queued", "held", "sent", "gathered", "failed", "cancelled")
    ]
    assert len(soup(kim.get("/desk/utkorg/?lage=queued")).select("tbody tr")) == 2
    for nonsense in ("lage=x", "fore=x", "fore=²", f"fore={'9' * 40}", "lage=%00&fore=%00"):
        assert kim.get(f"/desk/utkorg/?{nonsense}").status_code == 200


def test_the_outbox_asks_the_database_little(
    kim: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        factories.make_case(cast.motala, f"{number}", email=f"a{number}@example.se")
    kim.get("/desk/utkorg/")
    with django_assert_num_queries(AROUND + 5):  # notices, their cases' numbers; counts, what came in, failed notices
        kim.get("/desk/utkorg/")
