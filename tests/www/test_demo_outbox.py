"""The demo's outbox page: links that work, words that cannot run, and not there outside the demo."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def motala(db: None) -> Organisation:
    """A demo organisation at motala.localhost."""
    return factories.make_organisation("motala", demo=True)


@pytest.fixture
def browser(settings: Settings) -> Client:
    """At motala.localhost, in the demo."""
    settings.DEMO = True
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "http", "8000"
    return Client(headers={"host": "motala.localhost:8000"})


@pytest.mark.requirement("0.22")
def test_mails_stand_there_with_links_that_lead_on(motala: Organisation, browser: Client) -> None:
    case = factories.make_case(motala, email="anna@exempel.se")
    page = BeautifulSoup(browser.get("/utkorg/").content, "html.parser")
    [article] = page.select("main article")
    assert case.case.number in article.h2.get_text()  # type: ignore[union-attr]  # it is there or the test fails
    assert "anna@exempel.se" in article.get_text()
    links = [str(link["href"]) for link in article.select("a")]
    assert f"http://motala.localhost:8000/f/{case.code}/" in links


def test_what_somebody_put_in_a_name_does_not_run(motala: Organisation, browser: Client) -> None:
    motala.service_name = "<script>alert(1)</script>"
    motala.save()
    factories.make_case(motala, email="anna@exempel.se")
    content = browser.get("/utkorg/").content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_pages_lead_from_the_newest_to_the_oldest(motala: Organisation, browser: Client) -> None:
    numbers = [factories.make_case(motala, email=f"a{n}@exempel.se").case.number for n in range(33)]
    seen, address = [], "/utkorg/"
    while address:
        page = BeautifulSoup(browser.get(address).content, "html.parser")
        seen += [heading.get_text().split()[-1] for heading in page.select("main article h2")]
        onward = page.select_one("a[rel=next]")
        address = f"/utkorg/{onward['href']}" if onward else ""
    assert seen == numbers[::-1]


def test_what_was_sent_last_comes_first_whenever_it_was_written_down(motala: Organisation, browser: Client) -> None:
    new = factories.make_case(motala, email="ny@exempel.se").case
    with pretend(now() - timedelta(days=30)):
        factories.make_case(motala, email="gammal@exempel.se")
    page = BeautifulSoup(browser.get("/utkorg/").content, "html.parser")
    assert new.number in page.select("main article h2")[0].get_text()


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 18, "9" * 40, "²", "1%00"])
def test_any_page_number_is_answered(motala: Organisation, browser: Client, number: str) -> None:
    assert browser.get(f"/utkorg/?sida={number}").status_code == 200


def test_the_number_of_queries_does_not_grow(
    motala: Organisation, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        factories.make_case(motala, email=f"a{n}@exempel.se")
    with django_assert_max_num_queries(7):
        browser.get("/utkorg/")


def test_it_is_not_there_outside_the_demo(motala: Organisation, browser: Client, settings: Settings) -> None:
    motala.demo = False
    motala.save()
    assert browser.get("/utkorg/").status_code == 404
    motala.demo, settings.DEMO = True, False
    motala.save()
    assert browser.get("/utkorg/").status_code == 404


def test_another_organisations_mails_are_not_there(motala: Organisation, browser: Client) -> None:
    mjolby = factories.make_organisation("mjolby", demo=True)
    factories.make_case(mjolby, email="anna@exempel.se")
    assert b"anna@exempel.se" not in browser.get("/utkorg/").content
    with organisation_scope(mjolby.pk):
        assert Notice.objects.count() == 1
