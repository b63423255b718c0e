"""The desk's map: who sees what, and what is on no map."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from lyhord.places.morton import tile_of
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import pins, soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P7", "N4")]


def tile_url(z: int = 14) -> str:
    x, y = tile_of(*factories.MOTALA, z)
    return f"/desk/karta/{z}/{x}/{y}.json"


def titles(client: Client, query: str = "") -> tuple[set[str], set[str]]:
    """(in the list, on the map), without numbers."""
    page = soup(client.get(f"/desk/karta/{query}"))
    listed = {link.get_text(" ", strip=True).split(" ", 1)[1] for link in page.select("ol.list h3 a")}
    mapped = {case["title"].split(" ", 1)[1] for case in pins(client.get(tile_url() + query))}
    return listed, mapped


def move(cast: Cast, case_id: int, code: str) -> None:
    with organisation_scope(cast.motala.pk):
        unit = Unit.objects.get(code=code)
        actions.move(case_id=case_id, unit_id=unit.pk, reason="Hör dit", by=cast.maria.actor)


def test_map_and_list_show_what_the_person_may_see(cast: Cast) -> None:
    street = factories.make_case(cast.motala, "Lampan.").case
    other = factories.make_case(cast.motala, "Fråga om torget.", type="fraga").case
    child = factories.make_case(cast.motala, "Om ett barn.", type="fraga").case
    factories.make_case(cast.motala, "Skyddad fråga.", type="fraga", reporter=NewReporter(name="X", protected=True))
    factories.make_case(cast.motala, "Utan plats.", type="fraga", at=None)
    factories.make_case(cast.mjolby, "Mjölbys.", type="fraga")
    done = factories.make_case(cast.motala, "Klar.", type="fraga").case
    move(cast, child.pk, "forskola")
    with organisation_scope(cast.motala.pk):
        actions.change_state(case_id=done.pk, to=State.RESOLVED, message="Klart.", by=cast.maria.actor)
    seen = {
        cast.sara: {street.title},
        cast.kim: {street.title, other.title},
        cast.nils: set(),  # it is his unit's, and still on no map
        cast.outsider: None,
    }
    for user, expected in seen.items():
        client = browser(user)
        if expected is None:
            assert client.get("/desk/karta/").status_code in {302, 403, 404}
            assert client.get(tile_url()).status_code in {302, 403, 404}
        else:
            assert titles(client) == (expected, expected), user
    assert browser().get("/desk/karta/").status_code == 302
    assert browser().get(tile_url()).status_code == 302


def test_it_is_narrowed_by_unit_and_kind(kim: Client, cast: Cast) -> None:
    street = factories.make_case(cast.motala, "Lampan.").case
    other = factories.make_case(cast.motala, "Fråga om torget.", type="fraga").case
    assert titles(kim, "?sort=fraga") == ({other.title}, {other.title})
    assert titles(kim, "?enhet=gata-park") == ({street.title}, {street.title})
    assert titles(kim, "?enhet=forskola&sort=x")[1] == {street.title, other.title}  # not theirs to choose


def test_a_crowded_tile_becomes_heaps_and_nothing_is_kept_by_others(kim: Client, cast: Cast, monkeypatch: Any) -> None:
    for number in range(4):
        factories.make_case(cast.motala, f"Lampa {number}.", at=(58.5371 + number * 0.00001, 15.0365))
    monkeypatch.setattr("lyhord.www.desk.mapped.MOST_ON_TILE", 3)
    response = kim.get(tile_url(9))
    assert sum(heap["count"] for heap in response.json()["clusters"]) == 4
    assert response.headers["Cache-Control"] == "private, no-cache"
    tag = response.headers["ETag"]
    assert kim.get(tile_url(9), headers={"if-none-match": tag}).status_code == 304
    for path in ("2/0/0", "23/1/1", "6/64/1"):
        assert kim.get(f"/desk/karta/{path}.json").status_code == 404


def test_it_costs_the_same_for_one_and_for_many(
    kim: Client, cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    factories.make_case(cast.motala, "Lampan.")
    kim.get("/desk/karta/")
    for _ in range(2):
        with django_assert_max_num_queries(4 + 2 + 8):  # wall, who it is, menu, units, cases
            kim.get("/desk/karta/")
        with django_assert_num_queries(4 + 2 + 1):
            kim.get(tile_url())
        for number in range(30):
            factories.make_case(cast.motala, f"Lampa {number}.")


def test_a_long_list_goes_on(kim: Client, cast: Cast) -> None:
    for number in range(52):
        factories.make_case(cast.motala, f"Lampa {number}.")
    page = soup(kim.get("/desk/karta/?sort=felanmalan"))
    assert len(page.select("ol.list li")) == 50
    [more] = [link["href"] for link in page.select("a[href*=efter]")]
    assert len(soup(kim.get(f"/desk/karta/{more}")).select("ol.list li")) == 2
