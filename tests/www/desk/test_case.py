"""The case on one page: everything that is needed, and nothing that the reader may not see."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """Elin's lamp."""
    reporter = NewReporter(name="Elin Ask", email="elin@example.se", phone="070-123 45 67")
    text = "Lampan är släckt.\n<script>alert(1)</script>"
    return factories.make_case(cast.motala, text, reporter=reporter, wants_feedback=True, answers={}).case


@pytest.fixture
def scoped(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def test_everything_stands_on_one_page(sara: Client, cast: Cast, case: Case, scoped: None) -> None:
    actions.note(case_id=case.pk, text="Kabelfel vid BEL-12.", by=cast.amir.actor)
    actions.reply(case_id=case.pk, text="Vi åker dit i dag.", by=cast.amir.actor)
    actions.resident_writes(case_id=case.pk, text="Tack så mycket!", by=factories.TEST, channel="web")
    response = sara.get(f"/desk/{case.pk}/?vy=alla")
    page = soup(response)
    assert response.status_code == 200
    assert [next(message.select("p")[0].stripped_strings) for message in page.select(".msg")] == [
        "Lampan är släckt.",
        "Kabelfel vid BEL-12.",
        "Vi åker dit i dag.",
        "Tack så mycket!",
    ]
    assert [str(message["class"][1]) for message in page.select(".msg")] == ["res", "int", "off", "res"]
    about = page.select_one(".about").get_text(" ")
    for words in ("Elin Ask", "elin@example.se", "070-123 45 67", "Vintergatan 12", "Gata och park", "Kom in."):
        assert words in about
    assert case.number in page.text
    assert page.select('[data-map="show"]')
    assert "<script>alert" not in response.text
    assert len({tag["id"] for tag in page.select("[id]")}) == len(page.select("[id]"))  # each id once


def test_opening_takes_the_mark_away_for_the_one_it_is_for(cast: Cast, case: Case, motala: Organisation) -> None:
    def unread() -> bool:
        with organisation_scope(motala.pk):
            return Case.objects.get(pk=case.pk).unread

    with organisation_scope(motala.pk):
        actions.assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
    browser(cast.amir).get(f"/desk/{case.pk}/")
    browser(cast.auditor).get(f"/desk/{case.pk}/")
    assert unread()
    browser(cast.sara).head(f"/desk/{case.pk}/")
    assert not unread()


def test_those_who_only_read_get_no_forms(cast: Cast, case: Case) -> None:
    page = soup(browser(cast.auditor).get(f"/desk/{case.pk}/"))
    assert "Lampan är släckt." in page.text
    assert [form["action"] for form in page.select("form[method=post]")] == ["/konto/logout/"]


@pytest.mark.requirement("0.20", "N4", "X1")
def test_what_one_may_not_see_is_not_there(cast: Cast, case: Case) -> None:
    assert browser(cast.nils).get(f"/desk/{case.pk}/").status_code == 404
    assert browser(cast.outsider, "mjolby.localhost").get(f"/desk/{case.pk}/").status_code == 404
    assert browser(cast.outsider).get(f"/desk/{case.pk}/").status_code == 403
    assert browser().get(f"/desk/{case.pk}/").headers["Location"] == f"/konto/login/?next=/desk/{case.pk}/"
    for nonsense in ("99999999999999999999999999", "0", "9" * 18):
        assert browser(cast.sara).get(f"/desk/{nonsense}/").status_code == 404


def test_neighbours_lead_through_the_list(sara: Client, motala: Organisation, monkeypatch: Any) -> None:
    monkeypatch.setattr("lyhord.cases.desk_queries.PAGE", 2)
    first, second, third = (factories.make_case(motala, f"{n}").case for n in range(3))
    page = soup(sara.get(f"/desk/{first.pk}/?vy=alla"))
    assert not page.select(".step[rel=prev]")
    onward = page.select_one(".step[rel=next]")
    assert onward is not None
    assert str(onward["href"]) == f"/desk/{second.pk}/?vy=alla"
    page = soup(sara.get(str(onward["href"])))
    [hidden] = page.select("input[name=next_id]")
    assert hidden["value"] == str(third.pk)  # over the end of the page
    over = page.select_one(".step[rel=next]")
    assert over is not None
    page = soup(sara.get(str(over["href"])))
    assert [row["href"].split("?")[0] for row in page.select(".rowcase")] == [f"/desk/{third.pk}/"]
    assert not page.select("input[name=next_id]")


def test_what_belongs_together_is_linked_as_far_as_one_may_see(sara: Client, cast: Cast, scoped: None) -> None:
    lamp, near, same = (factories.make_case(cast.motala, f"Lampa {n}").case for n in range(3))
    secret = factories.make_case(cast.motala, "Förskolans lampa").case
    Case.objects.filter(pk=secret.pk).update(confidential=True, unit_id=cast_unit("forskola"))
    actions.merge(case_id=same.pk, into_number=lamp.number, by=cast.sara.actor)
    Case.objects.filter(pk=secret.pk).update(duplicate_of=lamp, state="duplicate")
    links = [a.text for a in soup(sara.get(f"/desk/{lamp.pk}/")).select(".about ul.small a")]
    assert any(same.number in text for text in links)
    assert any(near.number in text and "m bort" in text for text in links)
    assert not any(secret.number in text for text in links)
    assert f"Samma som {lamp.number}" in soup(sara.get(f"/desk/{same.pk}/")).text
    hint = soup(sara.get(f"/desk/{lamp.pk}/")).select_one("#id_reply_helptext")
    assert hint is not None
    assert same.number in hint.text


def cast_unit(code: str) -> int:
    from lyhord.organisations.models import Unit

    return Unit.objects.get(code=code).pk


@pytest.mark.requirement("X2")
def test_who_is_protected_is_hidden_from_those_without_the_right(cast: Cast, scoped: None) -> None:
    reporter = NewReporter(name="Ulla Hemlig", email="ulla@hemlig.example", phone="070-999 88 77", protected=True)
    case = factories.make_case(
        cast.motala,
        "Jag heter Ulla Hemlig, ring 070-999 88 77. Ulla bor nära Dolda vägen 3.",
        reporter=reporter,
        wants_feedback=True,
        place_text="Dolda vägen 3",
        at=(58.543219, 15.012349),
    ).case
    actions.reply(case_id=case.pk, text="Hej Ulla! Vi ringer dig.", by=cast.maria.actor)
    actions.note(case_id=case.pk, text="ulla hemlig ringde igen", by=cast.maria.actor)
    page = browser(cast.sara).get(f"/desk/{case.pk}/?vy=alla")
    assert "Skyddade personuppgifter" in page.text
    assert "Ring" not in (soup(page).select_one("#id_reply_helptext") or page).text
    for secret in ("ulla", "hemlig.example", "070-999", "58.54", "15.01", "dolda vägen"):
        assert secret not in page.text.lower(), secret
    assert not soup(page).select("[data-map]")
    assert not Event.objects.filter(verb="case.protected_read").exists()
    page = browser(cast.maria).get(f"/desk/{case.pk}/?vy=alla")
    for known in ("Ulla Hemlig", "ulla@hemlig.example", "Dolda vägen 3", "58.543219"):
        assert known in page.text, known
    assert page.headers["Cache-Control"] == "private, no-store"
    [read] = Event.objects.filter(verb="case.protected_read")
    assert (read.subject_id, read.actor_id) == (case.pk, cast.maria.pk)


@pytest.mark.requirement("X2")
def test_nothing_finds_who_is_protected(cast: Cast, scoped: None) -> None:
    reporter = NewReporter(name="Ulla Hemlig", email="ulla@hemlig.example", protected=True)
    case = factories.make_case(cast.motala, "Lampan hos ulla", reporter=reporter).case
    for words in ("ulla", "ulla@hemlig.example"):
        assert not soup(browser(cast.sara).get("/desk/", {"q": words})).select(".rowcase")
        assert soup(browser(cast.maria).get("/desk/", {"q": words})).select(".rowcase")
    assert soup(browser(cast.sara).get("/desk/", {"q": case.number})).select(".rowcase")
    # and what they said otherwise leads nowhere
    other = factories.make_case(cast.motala, "Bänken", email="ulla@hemlig.example").case
    assert "fran=" not in browser(cast.sara).get(f"/desk/{other.pk}/").text
    assert not soup(browser(cast.sara).get(f"/desk/?fran={case.pk}")).select(".rowcase")


def test_the_number_of_questions_to_the_database_does_not_grow(
    cast: Cast, case: Case, scoped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
    for number in range(4):
        actions.reply(case_id=case.pk, text=f"Svar {number}", by=cast.sara.actor)
        factories.make_case(cast.motala, f"{number}", email="elin@example.se")
    sara = browser(cast.sara)
    sara.get(f"/desk/{case.pk}/")
    # the case, all that hangs on it, near ones, its ways, who else is asked; the list: cases, counts
    with django_assert_num_queries(AROUND + 7):
        sara.get(f"/desk/{case.pk}/?vy=alla")
