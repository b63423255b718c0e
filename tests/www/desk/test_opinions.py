"""What residents write about matters is read before others see it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues, Said
from lyhord.engagement.models import Act
from lyhord.matters.actions import make_matter
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, fields
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "P30")]
TEXT = "Ring mig på 070-174 06 05, Anna Ek."


@pytest.fixture
def act(cast: Cast) -> Act:
    """An idea with a telephone number in it."""
    Organisation.objects.filter(pk=cast.motala.pk).update(features={"engagement": True})
    forget_hosts()
    with organisation_scope(cast.motala.pk):
        matter = make_matter(title="En ny park", kind="general", by=factories.TEST)
        values = OpeningValues(question="Vad saknas?")
        row = actions.save_opening(matter_id=matter.pk, mechanism="idea", values=values, by=factories.TEST)
        actions.switch_opening(opening_id=row.pk, state="open", by=factories.TEST)
        return actions.take_part(opening_id=row.pk, said=Said(key=b"x" * 16, text=TEXT), by=factories.TEST)


def test_read_masked_and_shown(kim: Client, act: Act, cast: Cast) -> None:
    assert 'href="/desk/asikter/"' in kim.get("/desk/").text
    [link] = soup(kim.get("/desk/asikter/")).select("main .list a")
    page = kim.get(link["href"])
    assert "070-174 06 05" in [mark.text for mark in soup(page).select("mark")]
    form = fields(page, "asikter")
    assert "[telefonnummer borttaget]" in form["text"]
    assert kim.post(form[""], {"text": " ", "show": "1"}).status_code == 422
    kim.post(form[""], {"text": "Fler bänkar.", "answer": "Det blir tolv.", "show": "1"})
    with organisation_scope(cast.motala.pk):
        act.refresh_from_db()
    assert (act.state, act.shown_text, act.answer, act.text) == ("shown", "Fler bänkar.", "Det blir tolv.", TEXT)
    assert not soup(kim.get("/desk/asikter/")).select("main .list a")
    kim.post(form[""], {"text": "", "hide": "1"})
    with organisation_scope(cast.motala.pk):
        act.refresh_from_db()
    assert act.state == "hidden"


def test_only_for_those_who_read_through(act: Act, cast: Cast) -> None:
    for path in ("/desk/asikter/", f"/desk/asikter/{act.pk}/"):
        assert browser(cast.sara).get(path).status_code == 403
    other = factories.make_member(cast.mjolby, "x@mjolby.example", "Xerxes", "administrator")
    assert browser(other, "mjolby.localhost").get(f"/desk/asikter/{act.pk}/").status_code == 404


def test_queries(kim: Client, act: Act, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    kim.get("/desk/asikter/")
    for path in ("/desk/asikter/", f"/desk/asikter/{act.pk}/"):
        with django_assert_max_num_queries(16):
            assert kim.get(path).status_code == 200
