"""Map and list in a frame: on the organisation's own sites and nowhere else."""

from typing import Any

import pytest
from django.test import Client

from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.opendata.conftest import Publish, publish, web  # noqa: F401  # fixtures
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P7")]
WALL = 4
PATHS = ("/inbaddat/karta/", "/inbaddat/lista/")


def ancestors(response: Any) -> str:
    policy: str = response.headers["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


@pytest.mark.parametrize("path", PATHS)
def test_only_named_sites_may_show_it(web: Client, motala: Organisation, path: str) -> None:  # noqa: F811  # a fixture, not another name
    first = web.get(path)
    assert ancestors(first) == "frame-ancestors 'none'"
    assert first.headers["X-Frame-Options"] == "DENY"
    motala.settings["embed_sites"] = ["https://www.motala.se", "https://bibliotek.motala.se"]
    motala.save()
    forget_hosts()
    then = web.get(path)
    assert ancestors(then) == "frame-ancestors https://www.motala.se https://bibliotek.motala.se"
    assert "X-Frame-Options" not in then.headers
    assert "script-src 'self'" in then.headers["Content-Security-Policy"]
    assert ancestors(web.get("/arenden/")) == "frame-ancestors 'none'"


@pytest.mark.parametrize("path", PATHS)
def test_it_shows_the_newest_of_a_choice_and_links_out_of_the_frame(
    web: Client,  # noqa: F811  # a fixture, not another name
    publish: Publish,  # noqa: F811  # a fixture, not another name
    path: str,
    django_assert_num_queries: Any,
) -> None:
    for number in range(12):
        publish(f"Lampa {number}")
    publish("Klagomål", type="klagomal", category="trafik")
    web.get(path)
    with django_assert_num_queries(WALL + 2):  # which, and their rows
        response = web.get(f"{path}?kategori=belysning")
    found = page(response)
    assert len(found.select("ol.list li")) == 10
    assert "Klagomål" not in found.get_text()
    assert {link.get("target") for link in found.select("a[href]")} == {"_top"}
    assert found.select_one("h1 a")["href"] == "/arenden/?kategori=belysning"
    assert bool(found.select("script")) == bool(found.select("[data-map]")) == (path == PATHS[0])
    assert len(response.content) < 15_000
    assert not web.cookies


def test_it_is_in_the_language_asked_for(web: Client) -> None:  # noqa: F811  # a fixture, not another name
    assert page(web.get(PATHS[0] + "?sprak=en")).select_one("html")["lang"] == "en"
    assert page(web.get(PATHS[0] + "?sprak=de")).select_one("html")["lang"] == "sv"


def test_nothing_is_shown_where_nothing_is_published(web: Client, motala: Organisation) -> None:  # noqa: F811  # a fixture, not another name
    motala.publishes = False
    motala.save()
    for path in PATHS:
        assert web.get(path).status_code == 404


def test_the_settings_take_sites_and_show_what_to_paste(cast: Cast, web: Client) -> None:  # noqa: F811  # a fixture, not another name
    admin, url = browser(cast.admin), "/installningar/inbaddning/"
    shown = page(admin.get(url)).get_text()
    assert '<iframe src="https://motala.localhost/inbaddat/karta/"' in shown
    assert '<iframe src="https://motala.localhost/inbaddat/beratta/"' in shown
    assert '<script src="https://motala.localhost/embed.js" data-title="Berätta för oss" async></script>' in shown
    sent = admin.post(url, {"sites": "https://www.motala.se/start\nWWW.motala.se bibliotek.motala.se:8443"})
    assert sent.status_code == 302
    sites = ["https://www.motala.se", "https://bibliotek.motala.se:8443"]
    assert Organisation.objects.get(slug="motala").settings["embed_sites"] == sites
    for wrong in (
        "http://www.motala.se",
        "javascript:alert(1)",
        "https://*",
        "https://a b;c",
        "localhost",
        "https://[x",
    ):
        response = admin.post(url, {"sites": wrong})
        assert response.status_code == 422, wrong
    assert admin.post(url, {"sites": "\n".join(f"https://a{n}.se" for n in range(21))}).status_code == 422
    assert Organisation.objects.get(slug="motala").settings["embed_sites"] == sites
    assert browser(cast.sara).get(url).status_code == 403
    assert browser(cast.sara).post(url, {"sites": ""}).status_code == 403
