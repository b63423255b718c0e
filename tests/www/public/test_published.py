"""What others may read: list, case, map, following."""

import gzip
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case, Publication
from lyhord.cases.states import State
from lyhord.core.clock import now, pretend, today
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.intake.abuse import FOLLOWS, MOST
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.places.morton import tile_of
from tests import factories
from tests.www.open311.test_lists import copies
from tests.www.soup import pins
from tests.www.soup import soup as page

EMPTY = {"url": "/arenden/{}/", "states": [], "cases": [], "clusters": []}
"""A tile with nothing on it."""
pytestmark = pytest.mark.django_db
WALL = 4  # into the organisation and out again: savepoint, scope, scope, released


def titles(response: Any) -> list[str]:
    return [link.text.strip() for link in page(response).select("ol.list h3")]


@pytest.mark.requirement("4.11")
def test_the_list_has_what_was_published_as_it_was_reviewed(web: Client, motala: Organisation, publish: Any) -> None:
    publish("Släckt lampa vid bron", text="Lampan är släckt.")
    factories.make_case(motala, "Ogranskat.", publish=True)
    factories.make_case(motala, "Inte för andra.")
    response = web.get("/arenden/")
    assert titles(response) == ["Släckt lampa vid bron"]
    assert "Ett ärende" in response.text
    assert not web.cookies


@pytest.mark.requirement("4.11", "2.11")
def test_search_reads_what_was_published_and_never_what_was_sent(web: Client, motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala, "Grannen Kurt har släckt belysningen.", publish=True, place_text="Storgatan 4")
    with organisation_scope(motala.pk):
        actions.publish(case_id=made.case.pk, title="Släckt", text="Belysningen är släckt.", by=cast.sara.actor)
    for words in ("belysning", "släckta", "Storgatan", made.case.number):
        assert titles(web.get("/arenden/", {"q": words})) == ["Släckt"], words
    assert web.get("/arenden/", {"q": "\x00"}).status_code == 200
    for words in ("Kurt", "grannen", "'; drop table", "x" * 3000, "&|!("):
        response = web.get("/arenden/", {"q": words})
        assert response.status_code == 200
        assert titles(response) == [], words


@pytest.mark.requirement("4.11")
def test_the_list_is_filtered_by_stage_and_category(web: Client, motala: Organisation, publish: Any, cast: Any) -> None:
    publish("Pågår")
    done = publish("Klar")
    with organisation_scope(motala.pk):
        actions.change_state(case_id=done.case.pk, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)
    assert titles(web.get("/arenden/")) == ["Pågår"]
    assert titles(web.get("/arenden/?lage=klart")) == ["Klar"]
    assert titles(web.get("/arenden/?lage=alla")) == ["Klar", "Pågår"]
    assert titles(web.get("/arenden/?lage=alla&kategori=belysning")) == ["Klar", "Pågår"]
    assert titles(web.get("/arenden/?lage=alla&kategori=trafik")) == []
    assert titles(web.get("/arenden/?lage=xyz&sida=nan")) == ["Pågår"]


def test_the_list_costs_the_same_for_one_case_and_for_many(
    web: Client, publish: Any, django_assert_num_queries: Any
) -> None:
    for number in range(25):
        publish(f"Lampa {number}")
    web.get("/arenden/")
    # which, the cases, what is published of them, categories, types, how many are open
    with django_assert_num_queries(WALL + 3):  # which, their rows, how many are open
        first = web.get("/arenden/")
    assert len(titles(first)) == 20
    with django_assert_num_queries(WALL + 3):  # which, their rows, how many are open
        assert len(titles(web.get("/arenden/?sida=2"))) == 5


def test_the_start_page_costs_few_queries(web: Client, publish: Any, django_assert_num_queries: Any) -> None:
    for number in range(6):
        publish(f"Lampa {number}", answer="Den är lagad.")
    web.get("/")
    with django_assert_num_queries(WALL + 3):
        response = web.get("/")
    assert response.text.count("Den är lagad.") == 2
    assert not web.cookies


@pytest.mark.requirement("4.11")
def test_a_published_case_shows_the_reviewed_words_and_no_name(
    web: Client, motala: Organisation, publish: Any, django_assert_max_num_queries: Any
) -> None:
    made = publish("Släckt lampa", text="Lampan är släckt.", answer="Vi byter den.", email="asta@example.se")
    url = f"/arenden/{made.case.number}/"
    web.get(url)
    with django_assert_max_num_queries(WALL + 5):
        response = web.get(url)
    text = page(response).get_text(" ", strip=True)
    for part in ("Släckt lampa", "Lampan är släckt.", "Vi byter den.", "Vi har tagit emot det"):
        assert part in text
    for secret in ("asta", made.code, "Sara Ek"):
        assert secret not in response.text


@pytest.mark.requirement("4.11")
def test_reasons_and_conversation_stay_between_the_two(web: Client, publish: Any, motala: Organisation) -> None:
    made = publish()
    with organisation_scope(motala.pk):
        actions.reply(case_id=made.case.pk, text="Hej Asta på Storgatan 4!", by=factories.TEST)
        actions.resident_writes(case_id=made.case.pk, text="Min kod är 1234.", by=factories.TEST, channel="web")
        actions.change_state(
            case_id=made.case.pk,
            to=State.NOT_RESOLVED,
            reason="Asta har själv lagat den.",
            message="Tack Asta.",
            by=factories.TEST,
        )
    text = web.get(f"/arenden/{made.case.number}/").text
    assert "Asta" not in text
    assert "1234" not in text


@pytest.mark.requirement("4.11")
def test_what_is_withdrawn_is_gone_everywhere_at_once(
    web: Client, motala: Organisation, publish: Any, cast: Any
) -> None:
    made = publish("Släckt lampa")
    url, tile = f"/arenden/{made.case.number}/", tile_url()
    assert web.get(url).status_code == 200
    assert len(web.get(tile).json()["cases"]) == 1
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=made.case.pk, by=cast.sara.actor)
    gone = web.get(url)
    assert gone.status_code == 410
    assert "visas inte längre" in gone.text
    assert web.get(tile).json()["cases"] == []
    assert titles(web.get("/arenden/")) == titles(web.get("/arenden/?q=lampa")) == []
    assert "Släckt lampa" not in web.get("/").text


@pytest.mark.requirement("X1")
def test_other_numbers_are_not_found(web: Client, elsewhere: Client, motala: Organisation, publish: Any) -> None:
    made, hidden = publish(), factories.make_case(motala)
    assert elsewhere.get(f"/arenden/{made.case.number}/").status_code == 404
    for number in (hidden.case.number, "26-999999", "x", "1' or 1=1", "%00"):
        assert web.get(f"/arenden/{number}/").status_code == 404
        assert web.post(f"/arenden/{number}/folj/", {"email": "a@example.se"}).status_code == 404


def test_an_organisation_that_publishes_nothing_has_no_list(web: Client, motala: Organisation, publish: Any) -> None:
    publish("Släckt lampa")
    motala.publishes = False
    motala.save()
    assert web.get("/arenden/").status_code == 404
    assert web.get(tile_url()).status_code == 404
    assert "Släckt lampa" not in web.get("/").text


# ── the map ─────────────────────────────────────────────────────────────────────────────────────────────────────


def tile_url(z: int = 14, lat: float = factories.MOTALA[0], lon: float = factories.MOTALA[1]) -> str:
    x, y = tile_of(lat, lon, z)
    return f"/karta/{z}/{x}/{y}.json"


@pytest.mark.requirement("4.11")
def test_a_tile_has_its_cases_and_is_asked_again_cheaply(
    web: Client, publish: Any, django_assert_num_queries: Any
) -> None:
    made = publish("Släckt lampa")
    publish("Långt bort", at=(58.32, 15.13))
    web.get(tile_url())
    with django_assert_num_queries(WALL + 2):  # how many there are, then one range
        response = web.get(tile_url())
    [found] = pins(response)
    assert found == {
        "title": "Släckt lampa",
        "url": f"/arenden/{made.case.number}/",
        "lat": made.case.lat,
        "lon": made.case.lon,
        "state": "received",
        "words": "Mottagen",
    }
    again = web.get(tile_url(), headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "must-revalidate" in response.headers["Cache-Control"]


def test_a_long_tile_is_packed_for_who_can_unpack_it(web: Client, publish: Any, motala: Organisation) -> None:
    copies(motala, publish("Släckt lampa").case, 120)
    plain = web.get(tile_url())
    packed = web.get(tile_url(), headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert {"Accept-Encoding", "Cookie"} <= set(packed["Vary"].split(", "))
    assert len(packed.content) < len(plain.content) / 3
    assert gzip.decompress(packed.content) == plain.content
    again = web.get(tile_url(), headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})
    assert again.status_code == 304


def test_the_map_shows_what_the_list_shows(web: Client, publish: Any, motala: Organisation, cast: Any) -> None:
    publish("Pågår")
    done = publish("Klar")
    with organisation_scope(motala.pk):
        actions.change_state(case_id=done.case.pk, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)

    def on_map(query: str) -> set[str]:
        return {found["title"] for found in pins(web.get(tile_url() + query))}

    assert on_map("") == {"Pågår"}
    assert on_map("?lage=klart") == {"Klar"}
    assert on_map("?lage=alla&q=klar&kategori=belysning") == {"Klar"}
    assert on_map("?lage=alla&kategori=finns-inte") == set()


def test_a_crowded_tile_becomes_heaps(web: Client, motala: Organisation, publish: Any, monkeypatch: Any) -> None:
    for number in range(4):
        publish(f"Lampa {number}", at=(58.5371 + number * 0.00001, 15.0365))
    monkeypatch.setattr("lyhord.www.public.tiles.MOST_ON_TILE", 3)
    body = web.get(tile_url(11)).json()
    assert body["cases"] == []
    assert sum(heap["count"] for heap in body["clusters"]) == 4
    for heap in body["clusters"]:
        assert heap["lat"] == pytest.approx(58.54, abs=0.02)


@pytest.mark.requirement("P7")
def test_a_crowded_tile_from_afar_is_answered_by_the_counts_alone(
    web: Client, publish: Any, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        publish(f"Lampa {number}", at=(58.5371 + number * 0.00001, 15.0365))
    monkeypatch.setattr("lyhord.www.public.tiles.MOST_ON_TILE", 3)
    for z in (6, 9, 12):
        web.get(tile_url(z))
        with django_assert_num_queries(WALL + 1):
            body = web.get(tile_url(z) + "?lage=alla&typ=belysning.lampa&kategori=belysning").json()
        assert sum(heap["count"] for heap in body["clusters"]) == 4
    assert web.get(tile_url(9) + "?lage=klart").json() == EMPTY


@pytest.mark.requirement("P7")
def test_list_and_map_are_narrowed_alike(web: Client, publish: Any) -> None:
    publish("Lampa")
    publish("Klagomål", type="klagomal", category="trafik")
    with pretend(now() - timedelta(days=366)):
        publish("I fjol")
    year = today().year
    for query, expected in {
        "": {"Lampa", "Klagomål", "I fjol"},
        "typ=belysning.lampa": {"Lampa", "I fjol"},
        "sort=klagomal": {"Klagomål"},
        f"ar={year}&kategori=belysning": {"Lampa"},
        f"ar={year - 1}": {"I fjol"},
        f"fran={today()}": {"Lampa", "Klagomål"},
        f"till={today() - timedelta(days=30)}&omrade=varamon": {"I fjol"},
        "omrade=finns-inte": set(),
        "typ=%00&ar=x&fran=2026-99-99&sort=y": {"Lampa", "Klagomål", "I fjol"},
    }.items():
        assert set(titles(web.get(f"/arenden/?{query}"))) == expected, query
        for z in (8, 14):
            found = pins(web.get(f"{tile_url(z)}?{query}"))
            assert {case["title"] for case in found} == expected, query


@pytest.mark.parametrize("address", ["2/0/0", "14/99999999/1", "23/1/1", "6/64/1"])
def test_tiles_that_do_not_exist_are_not_found(web: Client, address: str) -> None:
    assert web.get(f"/karta/{address}.json").status_code == 404


@pytest.mark.requirement("X1")
def test_a_tile_shows_one_organisations_cases_only(elsewhere: Client, publish: Any) -> None:
    publish()
    assert elsewhere.get(tile_url()).json() == EMPTY


def test_the_border_is_there_to_draw(web: Client) -> None:
    response = web.get("/karta/grans.json")
    [feature] = response.json()["features"]
    assert feature["geometry"]["type"] == "Polygon"
    assert web.get("/karta/grans.json", headers={"if-none-match": response.headers["ETag"]}).status_code == 304


# ── following ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("2.15", "P1")
def test_following_is_asked_for_confirmed_and_stopped_by_mail(web: Client, motala: Organisation, publish: Any) -> None:
    made = publish("Släckt lampa")
    asked = web.post(f"/arenden/{made.case.number}/folj/", {"email": "Bo@example.se"})
    assert "Titta i din mejl." in asked.text
    with organisation_scope(motala.pk):
        follow, notice = Follow.objects.get(), Notice.objects.get()
        assert notice.link.endswith(f"/folj/{follow.token}/")
    link = f"/folj/{follow.token}/"
    # mail programs open links by themselves: that alone changes nothing
    assert "Vill du följa det här?" in web.get(link).text
    with organisation_scope(motala.pk):
        assert Follow.objects.get().confirmed_at is None
    assert "Nu följer du det." in web.post(link).text
    assert "Nu följer du det." in web.post(link).text
    assert "En person följer redan." in web.get(f"/arenden/{made.case.number}/").text
    assert "Vill du sluta följa" in web.get(f"{link}sluta/").text
    assert "Du följer inte längre." in web.post(f"{link}sluta/").text
    assert web.post(f"{link}sluta/").status_code == 410
    assert web.get(link).status_code == 410
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()
    assert not web.cookies


def test_a_wrong_address_gets_a_sentence_and_too_many_wait(web: Client, publish: Any) -> None:
    url = f"/arenden/{publish().case.number}/folj/"
    wrong = web.post(url, {"email": "bo"})
    assert wrong.status_code == 422
    assert "Skriv din mejladress" in wrong.text
    for number in range(MOST[FOLLOWS] - 1):
        web.post(url, {"email": f"bo{number}@example.se"})
    assert web.post(url, {"email": "bo@example.se"}).status_code == 429
    assert web.get(url).status_code == 405


@pytest.mark.requirement("X1")
def test_a_token_is_nobody_elses(web: Client, elsewhere: Client, publish: Any, motala: Organisation) -> None:
    web.post(f"/arenden/{publish().case.number}/folj/", {"email": "bo@example.se"})
    with organisation_scope(motala.pk):
        token = Follow.objects.get().token
    for client, wrong in ((elsewhere, token), (web, uuid4())):
        for address in (f"/folj/{wrong}/", f"/folj/{wrong}/sluta/"):
            assert client.get(address).status_code == 410
            assert client.post(address).status_code == 410
    with organisation_scope(motala.pk):
        assert Follow.objects.get().confirmed_at is None


def test_publishing_state_and_row_agree(motala: Organisation, publish: Any) -> None:
    publish()
    with organisation_scope(motala.pk):
        assert Case.objects.published().count() == Publication.objects.count() == 1
