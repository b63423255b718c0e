"""Feeds: what readers by others make of them."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.opendata.conftest import Publish, multiply

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P4")]
WALL = 4
ENDINGS = ("rss", "atom", "json")
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def read(client: Client, ending: str, query: str = "") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(about the feed, its entries) alike for all three; as a reader by others reads the two of XML."""
    response = client.get(f"/flode/arenden.{ending}?{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(TYPES[ending])
    if ending == "json":
        found = json.loads(response.content)
        assert found["version"] == "https://jsonfeed.org/version/1.1"
        items = [{**item, "summary": item["content_text"], "link": item["url"]} for item in found["items"]]
        return {**found, "link": found["home_page_url"]}, items
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[ending]
    return dict(parsed.feed), [dict(entry) for entry in parsed.entries]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_has_what_was_published_and_nothing_else(
    web: Client, motala: Organisation, publish: Publish, ending: str, cast: Any
) -> None:
    made = publish("Släckt <lampa> & stolpe", "Lampan\när släckt.", answer="Vi byter.", email="asta@example.se")
    factories.make_case(motala, "Inte för andra.", publish=True)
    gone = publish("Borttaget")
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=gone.case.pk, by=cast.sara.actor)
    about, [entry] = read(web, ending)
    assert about["title"] == "Dialog Motala"
    assert entry["link"] == f"https://motala.localhost/arenden/{made.case.number}/"
    assert "Vi byter." in entry["summary"]
    assert "Mottagen. Vintergatan 12." in entry["summary"]
    assert "lampa" in entry["title"]
    for secret in ("asta", made.code, "Sara", "Inte för andra"):
        assert secret not in json.dumps(entry, default=str)


def test_a_case_has_one_id_in_all_formats_and_keeps_it(
    web: Client, motala: Organisation, publish: Publish, cast: Any
) -> None:
    made = publish()
    [before] = {entry["id"] for ending in ENDINGS for entry in read(web, ending)[1]}
    assert before.startswith("urn:uuid:")
    with organisation_scope(motala.pk):
        actions.change_state(case_id=made.case.pk, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)
        actions.publish(case_id=made.case.pk, title="Ny rubrik", text="Ny text", by=cast.sara.actor)
    assert {entry["id"] for ending in ENDINGS for entry in read(web, ending)[1]} == {before}
    assert {entry["title"] for ending in ENDINGS for entry in read(web, ending)[1]} == {"Ny rubrik"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_is_by_area_type_and_words(web: Client, publish: Publish, ending: str) -> None:
    publish("Lampa")
    publish("Skolvägen", type="klagomal", category="trafik", at=(58.7, 15.5))
    for query, expected in {
        "": {"Lampa", "Skolvägen"},
        "typ=belysning.lampa": {"Lampa"},
        "kategori=trafik": {"Skolvägen"},
        "omrade=varamon": {"Lampa"},
        "sort=klagomal&lage=pagar": {"Skolvägen"},
        "lage=klart": set(),
        "q=skolvägen": {"Skolvägen"},
    }.items():
        assert {entry["title"] for entry in read(web, ending, query)[1]} == expected, query
    about, _entries = read(web, ending, "kategori=trafik&omrade=varamon")
    assert about["title"] == "Dialog Motala: Trafik och infrastruktur, Varamon"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_is_asked_again_cheaply(
    web: Client, motala: Organisation, publish: Publish, ending: str, django_assert_num_queries: Any
) -> None:
    empty = web.get(f"/flode/arenden.{ending}").headers["ETag"]
    assert web.get(f"/flode/arenden.{ending}").headers["ETag"] == empty
    made = publish()
    multiply(motala, made.case.pk, 80)
    with django_assert_num_queries(WALL + 6):
        first = web.get(f"/flode/arenden.{ending}")
    assert len(read(web, ending)[1]) == 50
    tag = first.headers["ETag"]
    assert tag != empty
    assert web.get(f"/flode/arenden.{ending}", headers={"if-none-match": tag}).status_code == 304
    publish("En till")
    assert web.get(f"/flode/arenden.{ending}", headers={"if-none-match": tag}).status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_odd_signs_never_break_a_feed(web: Client, publish: Publish, motala: Organisation) -> None:
    made = publish("Rubrik")
    with organisation_scope(motala.pk):
        made.case.publications.update(title="a\x0bb ]]> <script>", text="c\x1f & \ufffe &#0; 🙂")
    for ending in ENDINGS:
        _about, [entry] = read(web, ending)
        assert "]]>" in entry["title"]
    atom = ET.fromstring(web.get("/flode/arenden.atom").content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    for needed in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:entry/a:id", "a:entry/a:updated"):
        assert atom.find(needed, space) is not None, needed


def test_no_such_feed(web: Client) -> None:
    assert web.get("/flode/arenden.exe").status_code == 404


def test_the_list_tells_of_its_feeds(web: Client, publish: Publish) -> None:
    publish()
    text = web.get("/arenden/?kategori=belysning").text
    for ending in ENDINGS:
        assert f'href="/flode/arenden.{ending}?kategori=belysning"' in text
