"""Matters in politics as residents meet them."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases.actions import publish as publish_case
from lyhord.core.tenancy import organisation_scope
from lyhord.matters import actions
from lyhord.matters.models import Document, Matter, Meeting
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.matters.papers import TEST, read, three_boards
from tests.www.public.test_follow import WALL
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.1")]


@pytest.fixture
def lamps(motala: Organisation) -> Matter:
    """The lamps, read in from three bodies, where matters are shown."""
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        return Matter.objects.get()


def shown(web: Client, url: str) -> Any:
    response = web.get(url)
    assert response.status_code == 200, url
    return soup(response)


def titles(web: Client, query: str = "") -> list[str]:
    return [link.text for link in shown(web, f"/beslut/{query}").select("ol.list h3 a")]


def test_one_page_tells_the_whole_way(web: Client, lamps: Matter) -> None:
    page = shown(web, f"/beslut/{lamps.pk}/")
    steps = [step.strong.text for step in page.select("ol.line > li") if step.strong]
    assert steps == ["Kommunstyrelsens arbetsutskott", "Kommunstyrelsen", "Kommunfullmäktige"]
    assert "Kommunfullmäktige beslutar att bifalla förslaget" in page.blockquote.text
    assert "Kommunfullmäktige sa ja" in page.text
    assert "KS 2026-412" in page.text
    assert len(page.select("table tbody tr")) == 3
    assert page.select_one(".tag").text == "Beslutat"


def test_plain_words_stand_before_the_words_of_the_minutes(web: Client, lamps: Matter, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        actions.set_words(matter_id=lamps.pk, plain_title="Nya lampor", plain_text="Lamporna byts ut.", by=TEST)
    page = shown(web, f"/beslut/{lamps.pk}/")
    assert page.h1.text == "Nya lampor"
    text = page.text
    assert text.index("Lamporna byts ut.") < text.index("Kommunfullmäktige beslutar att bifalla")


@pytest.mark.requirement("3.17", "3.28")
def test_searching_and_choosing(web: Client, lamps: Matter, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        plan = "§ 9 Dnr PLAN 2026/7\nDetaljplan för gymnasieskolan\n\nBeslut\nAtt sända planen på samråd."
        read("Plannämnden", "2026-10-01", plan)
    title = lamps.title
    assert titles(web) == [title, "Detaljplan för gymnasieskolan"]
    assert titles(web, "?q=lampa") == []
    assert titles(web, "?q=gatubelysningen") == [title]
    assert titles(web, "?q=KS+2026/412") == [title]
    assert titles(web, "?q=skola") == ["Detaljplan för gymnasieskolan"]
    assert titles(web, "?organ=plannamnden") == ["Detaljplan för gymnasieskolan"]
    assert titles(web, "?amne=streets") == [title]
    assert titles(web, "?omrade=varamon") == [title]
    assert titles(web, "?sort=plan") == ["Detaljplan för gymnasieskolan"]
    assert titles(web, "?lage=svara") == ["Detaljplan för gymnasieskolan"]
    assert titles(web, "?lage=klart") == [title]
    assert titles(web, "?lage=pagar&amne=nonsens") == []


def test_nothing_is_there_where_the_switch_is_off(web: Client, lamps: Matter, motala: Organisation) -> None:
    assert "Följ beslut" in web.get("/").text
    Organisation.objects.filter(pk=motala.pk).update(features={})
    forget_hosts()
    assert "Följ beslut" not in web.get("/").text
    for url in ("/beslut/", f"/beslut/{lamps.pk}/", "/beslut/organ/", "/beslut/viktigt/"):
        assert web.get(url).status_code == 404


def test_a_merged_matter_leads_on_and_a_hidden_one_is_gone(web: Client, lamps: Matter, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        read("Tekniska nämnden", "2026-08-20", "§ 7 Dnr TN 2026/5\nLampor\n\nBeslut\nNämnden beviljar medel.")
        other = Matter.objects.exclude(pk=lamps.pk).get()
        actions.merge(matter_id=other.pk, into_id=lamps.pk, by=TEST)
    moved = web.get(f"/beslut/{other.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/beslut/{lamps.pk}/")
    with organisation_scope(motala.pk):
        actions.set_hidden(matter_id=lamps.pk, hidden=True, by=TEST)
        meeting = Meeting.objects.get(body__name="Kommunfullmäktige")
    assert web.get(f"/beslut/{lamps.pk}/").status_code == 404
    assert titles(web) == []
    assert lamps.title not in web.get(f"/beslut/moten/{meeting.pk}/").text


def test_bodies_meetings_and_documents(web: Client, lamps: Matter, motala: Organisation) -> None:
    assert "Kommunfullmäktige" in shown(web, "/beslut/organ/").text
    meetings = shown(web, "/beslut/organ/kommunfullmaktige/").select("ol.list a")
    meeting = shown(web, str(meetings[0]["href"]))
    assert meeting.select_one(f'a[href="/beslut/{lamps.pk}/"]')
    with organisation_scope(motala.pk):
        document = Document.objects.get(body__name="Kommunfullmäktige")
    assert "Varla 3:22" in shown(web, f"/beslut/handlingar/{document.pk}/").text
    with organisation_scope(motala.pk):
        actions.withdraw_document(document_id=document.pk, by=TEST)
    assert web.get(f"/beslut/handlingar/{document.pk}/").status_code == 404
    assert titles(web, "?q=Varla") == []


@pytest.mark.requirement("3.18")
def test_the_table_of_levels_is_shown_to_residents(web: Client, lamps: Matter, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        actions.set_level(kind="", code="agenda", level=3, shown=True, by=TEST)
        actions.set_level(kind="", code="noted", level=1, shown=False, by=TEST)
    rows = {row.th.text: row.td.text for row in shown(web, "/beslut/viktigt/").select("tbody tr") if row.th and row.td}
    assert rows["Tas upp på ett möte"] == "Viktigast"
    assert rows["Texten rättad"] == "Detalj"
    assert "Mötet fick veta" not in rows


@pytest.mark.requirement("3.29")
def test_a_published_case_that_it_began_with_is_shown_and_no_other(
    web: Client, lamps: Matter, motala: Organisation
) -> None:
    shown = factories.make_case(motala, "Mörkt på gatan", publish=True).case
    kept = factories.make_case(motala, "Hemligt").case
    with organisation_scope(motala.pk):
        publish_case(case_id=shown.pk, title="Mörkt på gatan", text="Mörkt.", by=TEST)
        for case in (shown, kept):
            actions.link_case(matter_id=lamps.pk, case_id=case.pk, by=TEST)
    page = web.get(f"/beslut/{lamps.pk}/").text
    assert f"/arenden/{shown.number}/" in page
    assert kept.number not in page


@pytest.mark.parametrize("language", ["sv", "en", "fi"])
def test_every_language_has_its_words(web: Client, lamps: Matter, language: str, motala: Organisation) -> None:
    Organisation.objects.filter(pk=motala.pk).update(languages=["sv", "en", "fi"])
    forget_hosts()
    web.cookies["lyhord_language"] = language
    page = shown(web, f"/beslut/{lamps.pk}/")
    said = {"sv": "Beslutat", "en": "Decided", "fi": "Päätetty"}
    assert page.select_one(".tag").text == said[language]
    assert page.html["lang"] == language
    assert (page.h1.get("lang") == "sv") == (language != "sv")


def test_reading_costs_few_queries(
    web: Client, lamps: Matter, motala: Organisation, django_assert_max_num_queries: Any
) -> None:
    with organisation_scope(motala.pk):
        for number in range(6):
            text = f"§ 7 Dnr TN 2026/{number + 20}\nLampor nummer {number}\n\nBeslut\nNämnden beviljar medel.\n"
            read("Tekniska nämnden", f"2026-08-{number + 10}", text)
        meeting = Meeting.objects.get(body__name="Kommunfullmäktige")
        document = Document.objects.get(body__name="Kommunfullmäktige")
    web.get("/beslut/")
    for url, most in (
        ("/beslut/", 5),
        (f"/beslut/{lamps.pk}/", 9),
        (f"/beslut/moten/{meeting.pk}/", 3),
        (f"/beslut/handlingar/{document.pk}/", 2),
        ("/beslut/organ/kommunfullmaktige/", 3),
        ("/beslut/viktigt/", 1),
    ):
        with django_assert_max_num_queries(WALL + most):
            assert web.get(url).status_code == 200
