"""What the page asks for while somebody writes, and the small pages."""

import gzip
from typing import Any

import pytest
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.places.addresses import search_key
from lyhord.places.models import Address
from lyhord.www.style import sheet_version
from tests import factories
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("2.25")
def test_addresses_are_found_while_typing(web: Client, elsewhere: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        Address.objects.create(
            street="Vintergatan", number="12", lat=58.55, lon=15.03, search_key=search_key("Vintergatan 12")
        )
    [found] = web.get("/adress/", {"q": "vinterg"}).json()["addresses"]
    assert (found["lat"], found["lon"]) == (58.55, 15.03)
    assert elsewhere.get("/adress/", {"q": "vinterg"}).json() == {"addresses": []}
    for words in ("", " ", "\x00", "%' or 1=1", "x" * 5000):
        assert web.get("/adress/", {"q": words}).json() == {"addresses": []}


@pytest.mark.requirement("P11", "0.3")
def test_the_likely_type_is_proposed_with_its_questions_and_promise(web: Client) -> None:
    response = web.post("/typ/", {"slag": "felanmalan", "text": "Lampan är släckt och det är mörkt.", "typ": ""})
    soup = page(response)
    chosen = soup.select_one("input[name=case_type][checked]")
    assert chosen is not None
    assert chosen["value"] == "belysning.lampa"
    assert soup.select_one("input[name=asked][value='belysning.lampa']")
    assert soup.select_one("input[name=q_danger][value=yes][data-acute]")
    assert "Gata och park" in response.text
    assert "Svar inom 5 arbetsdagar." in response.text


def test_what_a_person_chose_is_never_guessed_away(web: Client) -> None:
    said = {"slag": "felanmalan", "text": "Lampan är släckt."}
    other = page(web.post("/typ/", {**said, "typ": "ovrigt"}))
    assert [i["value"] for i in other.select("input[name=case_type][checked]")] == ["ovrigt"]
    none = page(web.post("/typ/", {**said, "typ": "annat"}))
    assert [i["value"] for i in none.select("input[name=case_type][checked]")] == ["annat"]
    assert not none.select("input[name^=q_]")


def test_nothing_is_guessed_from_nothing(web: Client) -> None:
    response = web.post("/typ/", {"slag": "felanmalan", "text": "hej"})
    assert not page(response).select("input[name=case_type]")
    assert page(response).select("select[name=case_type]")


@pytest.mark.parametrize(
    "data", [{}, {"slag": "finns-inte"}, {"slag": "felanmalan", "typ": "\x00"}, {"slag": "fraga", "text": "x" * 90_000}]
)
def test_strange_questions_get_plain_answers(web: Client, data: dict[str, str]) -> None:
    assert web.post("/typ/", data).status_code in {200, 404}
    assert web.get("/typ/", {key: value[:100] for key, value in data.items()}).status_code in {200, 404}


@pytest.mark.requirement("P1")
def test_nearby_cases_are_offered_within_the_types_radius(web: Client, publish: Any, motala: Organisation) -> None:
    made = publish("Släckt lampa vid bron", at=(58.5371, 15.0365))
    factories.make_case(motala, "Inte granskad.", publish=True)
    near = {"lat": "58.53715", "lon": "15.03655", "typ": "belysning.lampa"}
    response = web.get("/nara/", near)
    link = page(response).select_one("a")
    assert link is not None
    assert link["href"] == f"/arenden/{made.case.number}/"
    assert "Inte granskad" not in response.text
    assert not page(web.get("/nara/", {**near, "lat": "58.5376"})).select("a")  # 55 metres
    assert not page(web.get("/nara/", {**near, "typ": "ovrigt"})).select("a")
    for wrong in ({}, {"lat": "nan", "lon": "1"}, {"lat": "58", "lon": "x"}):
        assert web.get("/nara/", wrong).status_code == 404


def test_the_colour_is_kept_for_good_at_its_own_address(web: Client, motala: Organisation) -> None:
    current = web.get(f"/marke-{sheet_version(motala)}.css")
    assert current.headers["Content-Type"].startswith("text/css")
    assert "immutable" in current.headers["Cache-Control"]
    assert motala.colour in current.text
    assert web.get("/marke-gammal.css").headers["Cache-Control"] == "no-cache"
    packed = web.get(f"/marke-{sheet_version(motala)}.css", headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == current.content
    assert len(packed.content) < 12_000


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/om/uppgifter/", "/om/uppgifter/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_language_is_remembered_and_leads_back_to_our_own_pages(web: Client, back: str, to: str) -> None:
    response = web.get("/sprak/", {"sprak": "en", "till": back})
    assert (response.status_code, response.headers["Location"]) == (302, to)
    assert web.cookies["lyhord_language"].value == "en"
    assert web.get("/").headers["Content-Language"] == "en"


def test_a_language_that_is_not_offered_changes_nothing(web: Client) -> None:
    web.get("/sprak/", {"sprak": "xx"})
    assert not web.cookies


@pytest.mark.parametrize("address", ["/", "/om/uppgifter/", "/om/tillganglighet/", "/delar/", "/f/", "/arenden/"])
def test_every_page_stands_in_both_languages(web: Client, address: str) -> None:
    assert web.get(address).status_code == 200
    web.get("/sprak/", {"sprak": "en"})
    assert web.get(address).status_code == 200


def test_the_organisations_own_facts_stand_on_the_pages_about_it(web: Client, motala: Organisation) -> None:
    motala.settings = {
        "retention_months": 24,
        "data_protection_email": "dso@motala.example",
        "accessibility_reviewed": "2026-10-01",
        "accessibility_shortcomings": ["Kartan går inte att läsa med skärmläsare."],
    }
    motala.save()
    assert "dso@motala.example" in web.get("/om/uppgifter/").text
    assert "Kartan går inte att läsa med skärmläsare." in web.get("/om/tillganglighet/").text


def test_search_engines_leave_what_is_behind_a_code(web: Client) -> None:
    assert "Disallow: /f/" in web.get("/robots.txt").text


def test_an_unknown_host_shows_nothing(web: Client) -> None:
    assert Client(headers={"host": "okand.example"}).get("/").status_code == 404
