"""The form on somebody else's site, which is a real server of another origin."""

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse, eventually
from tests.browser.test_accessibility import complaints
from tests.browser.test_report import BOTH
from tests.browser.walks import ADMIN, log_in

PAGE = """<!DOCTYPE html><html lang="sv"><title>Kommunens webbplats</title>
<h1>Kommunen</h1><div style="height: 300px"></div>{}<p id="after">Sidfot</p></html>"""


class Site:
    """The municipality's own site; its pages hold what the settings say to paste."""

    def __init__(self, house: SmallHouse) -> None:
        frame = f'<iframe src="{house.url("{}")}" title="Berätta" width="500" height="900"></iframe>'
        self.pages = {
            "/script": f'<script src="{house.url("/embed.js")}" data-title="Berätta för oss" async></script>',
            "/ram": frame.format("/inbaddat/beratta/"),
            "/karta": frame.format("/inbaddat/karta/?lage=alla"),
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.pages))
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._server.server_close()


def _handler(pages: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(pages.get(self.path, "")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def site(house: SmallHouse) -> Iterator[Site]:
    """A real server at http://localhost:…, which is another origin than ours."""
    there = Site(house)
    yield there
    there.close()


def url(site: Site, path: str) -> str:
    """A page of the site, by the name that stands in the settings."""
    return f"http://localhost:{site.port}{path}"


HOSTS_KEPT = 5.5
"""Seconds: a little more than a process keeps what it knows of a host."""


def allow(house: SmallHouse, visit: Visit, site: Site) -> Page:
    """By an administrator, in the settings."""
    page = visit(size=DESKTOP)
    log_in(page, house, ADMIN, to="/installningar/inbaddning/")
    page.locator("#id_sites").fill(url(site, ""))
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Sparat.")).to_be_visible()
    page.wait_for_timeout(1000 * HOSTS_KEPT)  # so long each web process may go on as before
    return page


@BOTH
@pytest.mark.requirement("2.22")
def test_a_report_is_sent_from_another_site(
    house: SmallHouse, visit: Visit, site: Site, unique: str, *, js: bool
) -> None:
    """From the municipality's page to the number, without leaving it and without a cookie; as high as it must be."""
    found = complaints(allow(house, visit, site))
    page = visit(js=js)
    page.goto(url(site, "/script" if js else "/ram"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Klagomål").click()
    box = page.locator("iframe")
    if js:  # the script of the page makes the frame as high as what is in it
        form_height = eventually(lambda: frame.locator("[data-send]").bounding_box())["y"]  # type: ignore[index]  # it is shown, so it has a box
        expect(page.locator("#after")).to_be_attached()
        page.wait_for_function("document.querySelector('iframe').getBoundingClientRect().height > 700")
        assert form_height < page.locator("#after").bounding_box()["y"]  # type: ignore[index]  # it is shown, so it has a box
    frame.locator("#id_text").fill(f"Bussen kom aldrig {unique}")
    frame.locator("[data-send]").click()
    number = frame.locator(".receipt .nr")
    expect(number).to_be_visible()
    assert page.url.startswith(url(site, "/"))
    assert house.case(number.inner_text().strip(), "channel", "text") == ("widget", f"Bussen kom aldrig {unique}")
    assert page.context.cookies() == []
    with page.context.expect_page() as opened:  # what may not be framed opens beside
        frame.get_by_role("link", name="Följ ärendet").click()
    expect(opened.value.get_by_text(unique).first).to_be_visible()
    if js:
        inner = page.frames[1]
        wide = inner.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, "nothing to scroll sideways"
        inner.wait_for_function("document.documentElement.scrollHeight - innerHeight <= 1")  # nor downwards
        direct = visit()
        for path in ("/inbaddat/beratta/", "/inbaddat/beratta/felanmalan/"):
            direct.goto(house.url(path))
            found += complaints(direct)
    assert box.count() == 1
    assert not found, "\n".join(found)


@pytest.mark.requirement("2.22", "P7")
def test_a_site_that_is_not_named_shows_nothing(house: SmallHouse, visit: Visit, site: Site, listener: object) -> None:
    """The map is in the frame of the named site, and leads out of it; on another site the browser refuses all."""
    allow(house, visit, site)
    page = visit()
    page.goto(url(site, "/karta"))
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-map=list] .leaflet-marker-icon").first).to_be_attached()
    frame.locator("ol.list a").first.click()
    page.wait_for_url("**/arenden/*/")
    stranger = visit()
    for path in ("/karta", "/ram", "/script"):
        stranger.goto(f"http://127.0.0.1:{site.port}{path}")  # another origin than the one that is named
        stranger.wait_for_function("document.querySelector('iframe')")
        expect(stranger.frame_locator("iframe").locator("main")).to_have_count(0)
    heard: list[str] = listener.heard  # type: ignore[attr-defined]  # kept there by the server of this test
    assert heard
    assert all("frame-ancestors" in said or "frame" in said for said in heard), heard
    heard.clear()
