"""The common queue at the desk: asking, taking, taking back; and nobody else ever sees that it exists."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.models import Event
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Reporter
from lyhord.cases.states import State
from lyhord.collaboration import actions
from lyhord.collaboration.models import Offer, Outcome, PoolEntry
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, send
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20")]
QUEUE = "/desk/gemensam/"


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Motala and Mjölby are in a group."""
    actions.gather(name="Östra", members=[cast.motala, cast.mjolby], by=factories.TEST)
    return cast


@pytest.fixture
def olle(cast: Cast) -> Client:
    """Case officer in Mjölby."""
    return browser(cast.outsider, "mjolby.localhost")


def ours(cast: Cast, **values: Any) -> Case:
    reporter = NewReporter(name="Asta Ek", email="asta@example.se")
    text = "Lampan är släckt. Ring 0709-11 22 33, hälsar Asta"
    return factories.make_case(cast.motala, text, reporter=reporter, wants_feedback=True, **values).case


def asked(client: Client, case: Case, **values: Any) -> Any:
    page = f"/desk/{case.pk}/gemensam/"
    form = {"reason": "Vägen är er.", **values}
    sent = {str(one["name"]): one.get("value", "") for one in soup(client.get(page)).select("main form input[name]")}
    areas = {str(one["name"]): one.text.removeprefix("\n") for one in soup(client.get(page)).select("main textarea")}
    sent.pop("contact", None)
    return client.post(page, {**sent, **areas, **form})


def entry_of(organisation: Organisation) -> PoolEntry:
    with organisation_scope(organisation.pk):
        return PoolEntry.objects.order_by("-pk")[0]


def test_from_a_question_to_an_answer(shared: Cast, sara: Client, olle: Client) -> None:
    case = ours(shared)
    page = sara.get(f"/desk/{case.pk}/")
    assert f'href="/desk/{case.pk}/gemensam/"' in page.text
    form = soup(sara.get(f"/desk/{case.pk}/gemensam/"))
    assert "0709" not in form.select("textarea[name=text]")[0].text
    assert "Asta" not in form.select("textarea[name=text]")[0].text
    assert "Mjolby kommun" in form.text
    assert asked(sara, case).status_code == 302
    assert "I gemensam kö" in sara.get(f"/desk/{case.pk}/").text
    queue = olle.get(QUEUE)
    assert queue.status_code == 200
    assert "Vägen är er." in queue.text
    assert case.number in queue.text
    for word in ("Asta", "0709", "asta@example.se"):
        assert word not in queue.text
    assert "1" in soup(olle.get("/desk/")).select('a[href="/desk/gemensam/"]')[0].text
    taken = olle.post(f"{QUEUE}{entry_of(shared.mjolby).pk}/ta/", follow=True)
    with organisation_scope(shared.mjolby.pk):
        there = Case.objects.get()
    assert taken.redirect_chain == [(f"/desk/{there.pk}/", 302)]
    assert f"Ärendet är ert nu. Det har nummer {there.number} och finns hos Gata och park." in taken.text
    assert "Annan kommun" in taken.text
    assert "Togs över från Motala kommun" in taken.text
    assert "Ingen frågar just nu" in olle.get(QUEUE).text
    after = sara.get(f"/desk/{case.pk}/").text
    assert "Mjolby kommun har tagit över ditt ärende." in after
    assert f"Mjolby kommun tog över. Hos dem har det nummer {there.number}" in after
    with organisation_scope(shared.motala.pk):
        case.refresh_from_db()
    assert case.state == State.REFUSED


def test_contact_goes_along_only_when_the_officer_says_that_the_reporter_agreed(
    shared: Cast, sara: Client, olle: Client
) -> None:
    case = ours(shared)
    asked(sara, case, contact="on")
    assert "Namn och kontaktuppgifter följer med" in olle.get(QUEUE).text
    olle.post(f"{QUEUE}{entry_of(shared.mjolby).pk}/ta/")
    with organisation_scope(shared.mjolby.pk):
        assert Reporter.objects.get().email == "asta@example.se"
    with organisation_scope(shared.motala.pk):
        event = Event.objects.get(verb="case.offered")
    assert (event.actor_id, event.data["contact"]) == (shared.sara.pk, True)


def test_without_a_group_there_is_no_queue(cast: Cast, sara: Client) -> None:
    actions.gather(name="Andra", members=[cast.mjolby, factories.make_organisation("ydre")], by=factories.TEST)
    case = ours(cast)
    for client in (sara, browser(cast.admin)):
        assert "gemensam" not in client.get("/desk/").text.lower()
        assert "gemensam" not in client.get(f"/desk/{case.pk}/").text.lower()
        assert client.get(QUEUE).status_code == 404
        assert client.get(f"/desk/{case.pk}/gemensam/").status_code == 404
        assert client.post(f"{QUEUE}1/ta/").status_code == 404
        assert client.post(f"/desk/{case.pk}/gemensam/ta-tillbaka/").status_code == 404


def test_only_those_who_may_route_cases(shared: Cast, olle: Client) -> None:
    case = ours(shared)
    asked(browser(shared.sara), case)
    assert browser(shared.auditor).get(QUEUE).status_code == 403
    assert browser(None).get(QUEUE).status_code == 302
    assert browser(shared.nils).get(f"/desk/{case.pk}/gemensam/").status_code == 404  # not his unit's
    entry = entry_of(shared.mjolby)
    assert browser(shared.sara).post(f"{QUEUE}{entry.pk}/ta/").status_code == 404  # Mjölby's copy, not Motala's
    outsider = browser(shared.outsider)  # works in Mjölby, and is no one here
    assert outsider.get(QUEUE).status_code == 403


def test_too_late(shared: Cast, sara: Client, olle: Client) -> None:
    third = factories.make_organisation("ydre")
    anna = factories.make_member(third, "anna@ydre.example", "Anna Å", "case_officer", "gata-park")
    actions.gather(name="Östra", members=[shared.motala, third], by=factories.TEST)
    case = ours(shared)
    asked(sara, case)
    olle.post(f"{QUEUE}{entry_of(shared.mjolby).pk}/ta/")
    late = browser(anna, "ydre.localhost").post(f"{QUEUE}{entry_of(third).pk}/ta/", follow=True)
    assert "Mjolby kommun hann före. Ärendet är deras nu." in late.text
    back = sara.post(f"/desk/{case.pk}/gemensam/ta-tillbaka/", follow=True)
    assert "En annan kommun hann ta det. Ärendet är deras nu." in back.text


def test_taken_back(shared: Cast, sara: Client, olle: Client) -> None:
    case = ours(shared)
    asked(sara, case)
    assert case.number in sara.get(QUEUE).text  # among what we have asked
    done = send(sara, f"/desk/{case.pk}/gemensam/", "ta-tillbaka")
    assert done.status_code == 302
    assert case.number not in olle.get(QUEUE).text
    gone = olle.post(f"{QUEUE}{entry_of(shared.mjolby).pk}/ta/", follow=True)
    assert "Motala kommun har tagit tillbaka frågan." in gone.text
    with organisation_scope(shared.motala.pk):
        assert Offer.objects.get().state == Outcome.WITHDRAWN


def test_what_is_wrong_is_said_at_its_field_and_what_was_written_stays(shared: Cast, sara: Client) -> None:
    case = ours(shared)
    wrong = asked(sara, case, reason=" ", text="Bara det här")
    assert wrong.status_code == 422
    assert "Skriv varför någon annan borde ta det." in wrong.text
    assert "Bara det här" in wrong.text
    asked(sara, case)
    again = sara.post(f"/desk/{case.pk}/gemensam/", {"reason": "Igen", "title": "T", "text": "T", "group": "x"})
    assert again.status_code == 422


@pytest.mark.requirement("X2")
def test_what_is_secret_has_no_way_there(shared: Cast, sara: Client, maria: Client) -> None:
    case = factories.make_case(
        shared.motala, "Jag heter Zxulla.", reporter=NewReporter(name="Zxulla", protected=True)
    ).case
    for client in (sara, maria):
        assert "gemensam/" not in client.get(f"/desk/{case.pk}/").text.replace('href="/desk/gemensam/"', "")
        page = client.get(f"/desk/{case.pk}/gemensam/")
        assert "Ärendet har skyddade personuppgifter. Det stannar hos er." in page.text
        assert "zxulla" not in page.text.lower()
        assert client.post(f"/desk/{case.pk}/gemensam/", {"reason": "x", "title": "T", "text": "T"}).status_code == 422
    with organisation_scope(shared.mjolby.pk):
        assert not PoolEntry.objects.exists()


def test_pages_show_each_once(shared: Cast, sara: Client, olle: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("lyhord.collaboration.queries.PAGE", 2)
    for _number in range(5):
        asked(sara, ours(shared))
    seen, url = [], QUEUE
    while url:
        page = soup(olle.get(url))
        seen += [one.text for one in page.select("main li.card > p .num")]
        onward = page.select_one("main a[rel=next]")
        url = f"{QUEUE}{onward['href']}" if onward else ""
    assert len(seen) == len(set(seen)) == 5
    assert len(soup(olle.get(f"{QUEUE}?efter=x")).select("main li.card")) == 2


@pytest.mark.requirement("N4")
def test_the_number_of_questions_to_the_database_does_not_grow(
    shared: Cast, sara: Client, olle: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = [ours(shared) for _number in range(4)]
    for case in cases[:3]:
        asked(sara, case)
    olle.get(QUEUE), sara.get(QUEUE)
    with django_assert_num_queries(AROUND + 5):  # the entries, our own; the counts of the menu, the queue's among them
        olle.get(QUEUE)
    with django_assert_num_queries(AROUND + 5):
        sara.get(QUEUE)
    sara.get(f"/desk/{cases[3].pk}/gemensam/")
    with django_assert_num_queries(AROUND + 9):
        sara.get(f"/desk/{cases[3].pk}/gemensam/")


class TestSeveralOrganisations:
    """One person with work in two places."""

    def test_the_desk_leads_to_the_others(
        self, cast: Cast, sara: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        assert "Du arbetar också i" not in sara.get("/desk/").text
        factories.make_member(cast.mjolby, "sara@motala.example", "Sara Ek", "contact_centre", "kundcenter")
        page = soup(sara.get("/desk/"))
        [link] = [one for one in page.select("nav a") if one.text == "Mjolby kommun"]
        assert link["href"] == "https://mjolby.localhost/desk/"
        assert browser(cast.sara, "mjolby.localhost").get("/desk/").status_code == 200
        assert "Motala kommun" in browser(cast.sara, "mjolby.localhost").get("/desk/").text
        factories.make_member(factories.make_organisation("ydre"), "sara@motala.example", "Sara Ek")
        sara.get("/desk/")
        with django_assert_num_queries(AROUND + 4):  # one more, however many they are
            sara.get("/desk/?vy=alla")

    def test_not_to_where_one_has_left_nor_for_others(self, cast: Cast, sara: Client) -> None:
        user = factories.make_member(cast.mjolby, "sara@motala.example", "Sara Ek", "case_officer", "gata-park")
        with organisation_scope(cast.mjolby.pk):
            member = user.memberships.get(organisation=cast.mjolby)
            member.active = False
            member.save()
        assert "Du arbetar också i" not in sara.get("/desk/").text
        assert "Du arbetar också i" not in browser(cast.amir).get("/desk/").text
