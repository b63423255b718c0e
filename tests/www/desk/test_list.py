"""The lists: what is in which view, in which order, page by page, for whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.accounts.models import User
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now, today
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, labels
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


AROUND = 6
"""What every page asks: savepoint and scope, there and back (4), session, person. What they are here is kept."""


def make(organisation: Organisation, title: str, **values: Any) -> Case:
    """A case with a title of its own; the values are written straight into its row."""
    case = factories.make_case(organisation, title).case
    with organisation_scope(organisation.pk):
        Case.objects.filter(pk=case.pk).update(title=title, **values)
        case.refresh_from_db()
    return case


def ago(**values: float) -> Any:
    return now() - timedelta(**values)


@pytest.mark.requirement("4.4")
def test_oldest_waiting_first_and_those_nobody_waits_for_last(sara: Client, motala: Organisation) -> None:
    make(motala, "i går", waiting_since=ago(days=1))
    make(motala, "ingen väntar", waiting_since=None)
    make(motala, "länge", waiting_since=ago(days=9))
    make(motala, "nyss", waiting_since=ago(minutes=1))
    assert labels(sara.get("/desk/?vy=alla")) == ["länge", "i går", "nyss", "ingen väntar"]


def test_each_view_holds_its_own(sara: Client, cast: Cast, motala: Organisation) -> None:
    mine = {"officer": cast.sara, "state": "in_progress", "unread": False}
    make(motala, "min, väntar", **mine)
    make(motala, "min, svarad", **mine, waiting_since=None)
    make(motala, "min, planen brast", **{**mine, "state": "planned"}, waiting_since=None, state_until=ago(days=2))
    make(motala, "amirs", officer=cast.amir, state="waiting", unread=False)
    make(motala, "ofördelad, sen", answer_by=ago(days=1))
    replied = make(motala, "nytt svar", unread=False)
    make(motala, "klar", state="resolved")
    with organisation_scope(motala.pk):
        actions.resident_writes(case_id=replied.pk, text="Hallå?", by=factories.TEST, channel="web")
    expected = {
        "min-dag": {"min, väntar", "min, planen brast"},
        "nya-svar": {"nytt svar"},
        "mina": {"min, väntar", "min, svarad", "min, planen brast"},
        "ofordelat": {"ofördelad, sen", "nytt svar"},
        "forsenat": {"ofördelad, sen", "min, planen brast"},
        "vantar": {"amirs", "min, planen brast"},
        "alla": {"min, väntar", "min, svarad", "min, planen brast", "amirs", "ofördelad, sen", "nytt svar"},
        "avslutade": {"klar"},
    }
    for view, titles in expected.items():
        response = sara.get(f"/desk/?vy={view}")
        assert set(labels(response)) == titles, view
        counted = soup(response).select_one('nav.views [aria-current="page"] span + span')
        if view != "avslutade":
            assert counted is not None
            assert counted.text == str(len(titles))


def test_the_first_view_is_ones_own_day_and_says_so_when_it_is_empty(sara: Client) -> None:
    response = sara.get("/desk/")
    assert response.status_code == 200
    assert "Min dag" in soup(response).select_one("h1").text
    assert "Ingen väntar på dig just nu. Bra jobbat." in response.text
    assert labels(sara.get("/desk/?vy=finns-inte")) == []


@pytest.mark.parametrize("view", ["alla", "avslutade"])
def test_pages_show_each_case_once(sara: Client, motala: Organisation, view: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("lyhord.cases.desk_queries.PAGE", 5)
    count = 13
    same = ago(days=3)  # many came in the same moment
    for number in range(count):
        waiting = {0: same, 1: ago(days=number), 2: None}[number % 3]
        state = "resolved" if view == "avslutade" else "received"
        make(motala, f"nr {number}", waiting_since=waiting, state=state)
    seen: list[str] = []
    url, pages = f"/desk/?vy={view}", 0
    while url:
        response = sara.get(url)
        seen += labels(response)
        onward = soup(response).select_one(".list2 a[rel=next]")
        url, pages = (str(onward["href"]) if onward else ""), pages + 1
    assert pages == 3
    assert sorted(seen) == sorted(f"nr {number}" for number in range(count))
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "after",
    ["x", "-", "-_", "_1", "1_", "9" * 40, "9999999999999999999_1", "9" * 18 + "_1", "-_²", "٣_٣", "%00"],
)
def test_any_page_mark_is_answered(sara: Client, motala: Organisation, after: str) -> None:
    make(motala, "en")
    assert sara.get(f"/desk/?vy=alla&efter={after}").status_code == 200


@pytest.mark.requirement("2.11")
def test_search_finds_words_numbers_and_mail_addresses(sara: Client, motala: Organisation) -> None:
    lamp = factories.make_case(motala, "Lyktan vid bron är trasig", email="elin@example.se", place_text="Bron").case
    bench = factories.make_case(motala, "En bänk har vält", place_text="Parken").case
    expected = {
        "trasiga": lamp,
        "bänkar": bench,
        bench.number: bench,
        f"nr {lamp.number}": lamp,
        "elin@example.se": lamp,
        "ELIN@example.se ": lamp,
    }
    for words, found in expected.items():
        rows = soup(sara.get("/desk/", {"q": words})).select(".rowcase")
        assert [str(row["href"]).split("?")[0] for row in rows] == [f"/desk/{found.pk}/"], words


@pytest.mark.parametrize(
    "words", ["'; drop table cases_case", "&|!()", "\x00", "a" * 3000, "((", "-", "%", "<b>", "🙂"]
)
def test_any_words_can_be_searched_for(sara: Client, motala: Organisation, words: str) -> None:
    make(motala, "en")
    response = sara.get("/desk/", {"q": words})
    assert response.status_code == 200
    [field] = soup(response).select("#desk-q")
    assert field.get("value", "") in {words, "", "a" * 200, "1"}


def test_an_empty_search_says_what_to_do(sara: Client) -> None:
    assert "Vi hittar inget ärende." in sara.get("/desk/?q=finnsinte").text


@pytest.mark.requirement("2.11")
def test_a_search_says_when_there_is_more_than_it_shows(sara: Client, motala: Organisation, monkeypatch: Any) -> None:
    monkeypatch.setattr("lyhord.cases.desk_queries.PAGE", 4)
    monkeypatch.setattr("lyhord.cases.queries.MOST_FOUND", 7)
    monkeypatch.setattr("lyhord.www.desk.listing.MOST_FOUND", 7)
    for number in range(9):
        make(motala, f"lampa {number}")
    first = sara.get("/desk/?q=lampa")
    assert len(labels(first)) == 4
    onward = soup(first).select_one(".list2 a[rel=next]")
    assert onward is not None
    last = sara.get(str(onward["href"]))
    assert len(labels(last)) == 3
    assert "nyaste träffarna" in last.text
    assert "nyaste träffarna" not in first.text


@pytest.mark.requirement("0.20", "N4")
def test_a_unit_sees_its_own_and_what_lies_below(cast: Cast, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        units = {unit.code: unit for unit in Unit.objects.all()}
    for code in ("gata-park", "tekniska", "kundcenter", "forskola"):
        make(motala, code, unit=units[code], confidential=code == "forskola")
    make(cast.mjolby, "mjölby")
    everything = {"gata-park", "tekniska", "kundcenter"}
    expected: dict[str, tuple[User, set[str]]] = {
        "officer": (cast.sara, {"gata-park"}),
        "manager": (cast.maria, {"gata-park", "tekniska"}),
        "contact centre": (cast.kim, everything),
        "preschool": (cast.nils, {"forskola"}),
        "auditor": (cast.auditor, everything),
        "administrator": (cast.admin, everything),
    }
    for role, (user, titles) in expected.items():
        assert set(labels(browser(user).get("/desk/?vy=alla"))) == titles, role
        assert set(labels(browser(user).get("/desk/?q=forskola"))) <= titles, role


def test_a_unit_can_be_chosen_and_everything_keeps_to_it(cast: Cast, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        units = {unit.code: unit for unit in Unit.objects.all()}
    for code in ("gata-park", "tekniska", "kundcenter"):
        make(motala, code, unit=units[code])
    kim = browser(cast.kim)
    assert set(labels(kim.get("/desk/?vy=alla&enhet=tekniska"))) == {"tekniska", "gata-park"}
    page = soup(kim.get("/desk/?vy=alla&enhet=kundcenter"))
    assert [option.text for option in page.select("#desk-unit option[selected]")] == ["Kundcenter"]
    assert "Förskola" not in page.select_one("#desk-unit").text
    counted = page.select_one('nav.views [aria-current="page"] span + span')
    assert counted is not None
    assert counted.text == "1"
    assert all("enhet=kundcenter" in str(link["href"]) for link in page.select("nav.views .side:first-of-type a"))
    # one's only unit is no choice, and nobody else's is one
    assert not soup(browser(cast.sara).get("/desk/?vy=alla")).select("#desk-unit")
    assert set(labels(browser(cast.sara).get("/desk/?vy=alla&enhet=kundcenter"))) == {"gata-park"}


def test_from_the_same_person(sara: Client, motala: Organisation) -> None:
    first = factories.make_case(motala, "Ett", email="elin@example.se").case
    second = factories.make_case(motala, "Två", email="elin@example.se").case
    factories.make_case(motala, "Tre", email="asta@example.se")
    link = next(a for a in soup(sara.get(f"/desk/{first.pk}/")).select(".about a") if "fran=" in str(a["href"]))
    assert link.text == "1 ärende"
    rows = soup(sara.get(str(link["href"]))).select(".rowcase")
    assert [str(row["href"]).split("?")[0] for row in rows] == [f"/desk/{second.pk}/", f"/desk/{first.pk}/"]
    for nonsense in ("x", "²", "9" * 30, str(first.pk + 1000)):
        assert sara.get(f"/desk/?fran={nonsense}").status_code == 200


def test_nothing_is_marked_by_those_who_can_do_nothing_with_marks(cast: Cast, motala: Organisation) -> None:
    make(motala, "en")
    page = soup(browser(cast.auditor).get("/desk/?vy=alla"))
    assert not page.select(".list2 [type=checkbox]")
    assert not page.select(".list2 form[method=post]")
    assert "Markera ärendet" not in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "resolved"}, "Avslutat"),
        ({"answer_by": ago(days=3), "waiting_since": ago(days=9)}, "3 dagar sen"),
        ({"waiting_since": None}, "Ingen väntar på oss"),
        ({"answer_by": None}, "Ingen tid satt"),
        ({"state": "planned", "state_until": today() + timedelta(days=40), "answer_by": ago(days=1)}, "Till "),
        ({"state": "waiting", "state_until": today() - timedelta(days=1)}, "1 dag sen"),
        ({"answer_by": now() + timedelta(days=6)}, "6 dagar kvar"),
    ],
)
def test_how_long_is_left_is_said_in_words(
    sara: Client, motala: Organisation, values: dict[str, Any], words: str
) -> None:
    make(motala, "en", **values)
    view = "avslutade" if values.get("state") == State.RESOLVED else "alla"
    chip = soup(sara.get(f"/desk/?vy={view}")).select_one(".rowcase .tag")
    assert chip is not None
    assert words in chip.text


@pytest.mark.requirement("N4")
def test_the_number_of_questions_to_the_database_does_not_grow(
    cast: Cast, motala: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(7):
        make(motala, f"nr {number}", officer=cast.sara if number % 2 else None)
    sara, kim = browser(cast.sara), browser(cast.kim)
    sara.get("/desk/"), kim.get("/desk/")
    with django_assert_num_queries(AROUND + 3):  # cases, counts, what came in
        sara.get("/desk/?vy=alla")
    with django_assert_num_queries(AROUND + 3):  # what the words find is in the same question
        sara.get("/desk/?q=nr")
    with django_assert_num_queries(AROUND + 4):  # the contact centre's failed notices are counted too
        kim.get("/desk/?vy=alla&enhet=gata-park")
