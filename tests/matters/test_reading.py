"""Files as pages, and what a paper is told from itself."""

from datetime import date

import pytest

from lyhord.matters.facts import facts_of
from lyhord.matters.html_pages import read_html
from lyhord.matters.incoming import as_taken
from lyhord.matters.models import Document
from lyhord.matters.papers import GOOD, THIN, UNREAD
from lyhord.matters.reading import read_pages
from lyhord.matters.results import opens, result_of
from lyhord.matters.stages import kind_of
from lyhord.matters.topics import find_topics
from tests.matters.pdf import pdf

pytestmark = pytest.mark.requirement("3.14")

MINUTES = [
    "Kommunstyrelsen                 SAMMANTRÄDESPROTOKOLL",
    "2026-10-06",
    "§ 36        Dnr KS 2026/412",
    "Utbyte av gatubelysning",
    "Beslut",
    "Kommunstyrelsen beslutar att bifalla förslaget.",
]


def test_a_pdf_is_read_page_by_page_and_a_picture_is_marked() -> None:
    pages = read_pages(pdf(MINUTES, []))
    assert [page.quality for page in pages] == [GOOD, THIN]
    assert "Kommunstyrelsen beslutar att bifalla förslaget." in pages[0].text
    taken = as_taken(key="x", name="scan.pdf", data=pdf(MINUTES, []))
    assert (taken.kind, taken.body, taken.held_on) == ("minutes", "Kommunstyrelsen", date(2026, 10, 6))
    assert taken.quality == Document.Quality.PARTLY
    [item] = taken.paper.items
    assert (item.number, str(item.identifier)) == (36, "KS 2026-412")
    assert item.sections["decision"] == "Kommunstyrelsen beslutar att bifalla förslaget."


@pytest.mark.parametrize("data", [b"%PDF-1.4 nothing more", b"PK\x03\x04\0\0", b"%PDF-" + b"\0" * 2000])
def test_what_cannot_be_read_is_one_page_that_says_so(data: bytes) -> None:
    assert [page.quality for page in read_pages(data)] == [UNREAD]


def test_a_long_agenda_is_read_and_cut_in_little_time() -> None:
    """Sixty pages, each with an item. No clock: it must only come through the limits of the process."""
    many = [[f"§ {number}   Dnr KS 2026/{number}", f"Rubrik {number}", "Beslut", "Bifalla."] for number in range(1, 61)]
    taken = as_taken(key="x", name="Protokoll Kommunstyrelsen 2026-10-06.pdf", data=pdf(*many))
    assert [item.number for item in taken.paper.items] == list(range(1, 61))
    assert taken.paper.items[59].page == 60


def test_html_gives_lines_tables_and_links() -> None:
    page = read_html(
        "<title>Kallelse</title><nav>Meny</nav><p>Hej <b>du</b></p><table><tr><th>1.</th><td>Lampor<br>i park</td>"
        "<td>KS 2026/412</td></tr></table><script>x</script><a href='/a.pdf'>Protokoll</a>"
    )
    assert page.title == "Kallelse"
    assert page.text.splitlines() == ["Hej du", "", "| 1. | Lampor i park | KS 2026/412 |", "", "Protokoll"]
    assert [(link.href, link.text) for link in page.links] == [("/a.pdf", "Protokoll")]
    taken = as_taken(key="x", name="Kallelse.html", data=b"<html><p>Tekniska n\xc3\xa4mnden 6 oktober 2026</p></html>")
    assert (taken.kind, taken.held_on) == ("agenda", date(2026, 10, 6))


@pytest.mark.parametrize(
    ("name", "kind", "body", "day"),
    [
        ("Kommunstyrelsen_protokoll_2026-04-03.pdf", "minutes", "Kommunstyrelsen", date(2026, 4, 3)),
        (
            "Kallelse Byggnadsnämndens arbetsutskott 2024-03-14",
            "agenda",
            "Byggnadsnämndens arbetsutskott",
            date(2024, 3, 14),
        ),
        ("Anslag", "notice", "", None),
        ("Karta 2026-13-40", "other", "", None),
    ],
)
def test_a_name_tells_what_a_paper_is(name: str, kind: str, body: str, day: date | None) -> None:
    facts = facts_of(name, "")
    assert (facts.kind, facts.body, facts.held_on) == (kind, body, day)


@pytest.mark.parametrize(
    ("decision", "result"),
    [
        ("Kommunfullmäktige beslutar att bifalla motionen.", "approved"),
        ("Kommunfullmäktige beslutar att avslå motionen.", "rejected"),
        ("Nämnden beslutar att återremittera ärendet.", "referred_back"),
        ("Ärendet bordläggs till nästa möte.", "postponed"),
        ("Kommunstyrelsen föreslår att kommunfullmäktige antar planen.", "endorsed"),
        ("Nämnden tillstyrker förslaget.", "endorsed"),
        ("Motionen ska anses besvarad.", "answered"),
        ("Nämnden antecknar informationen.", "noted"),
        ("Rapporten läggs till handlingarna.", "noted"),
        ("Ärendet utgår.", "dropped"),
        ("Byggnadsnämnden lämnar negativt förhandsbesked.", "rejected"),
        ("Nämnden beviljar bygglov.", "approved"),
        ("Ordföranden tackar för visat intresse.", ""),
    ],
)
def test_the_words_of_a_decision_tell_its_result(decision: str, result: str) -> None:
    assert result_of(decision) == result


def test_a_decision_may_open_for_answers() -> None:
    assert opens("Detaljplan för Varla", "Nämnden beslutar att ställa ut planen för granskning.") == "review"
    assert opens("Detaljplan för Varla", "Nämnden beslutar att sända planen på samråd.") == "consultation"
    assert opens("Taxa", "Nämnden antar taxan.") == ""


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Detaljplanen för Varla 3:22", "plan"),
        ("VARLA 3:22 - Bygglov för mast", "permit"),
        ("Svar på motion om simhallen", "motion"),
        ("En demonstration av emotioner", "general"),
        ("Val av justerare", "formal"),
        ("Delårsrapport", "budget"),
        ("Utbyte av lampor", "general"),
    ],
)
def test_a_heading_tells_the_kind(heading: str, kind: str) -> None:
    assert kind_of(heading) == kind


@pytest.mark.requirement("3.2", "3.15")
@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Ny gymnasieskola i Varamon", "school"),
        ("Förskolorna på Bråstorp", "preschool"),
        ("Cykelbanan längs Medevivägen", "cycling"),
        ("Dricksvattnet i Borensberg", "water"),
        ("Hemtjänsten", "elderly"),
        ("Biblioteket", "culture"),
        ("Lekplatser i Platenskolans upptagningsområde", "parks"),
    ],
)
def test_topics_know_forms_and_compounds(heading: str, wanted: str) -> None:
    found = {topic.code: topic.evidence for topic in find_topics(heading)}
    assert wanted in found
    assert found[wanted] in heading.casefold()


def test_words_that_only_look_alike_tell_nothing() -> None:
    assert "parks" not in {topic.code for topic in find_topics("En sparkcykel")}
