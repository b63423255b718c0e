"""The first visit: what it costs to come to the form, how few presses it takes, and whether a telephone installs it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.devices import FAULT, HOME, kept_by_worker
from tests.browser.house import SmallHouse
from tests.browser.walks import number_on, send

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 6
MOST_PRESSES = 4


class Meter:
    """What the page's own requests weigh, as they came over the wire."""

    def __init__(self, page: Page) -> None:
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Network.enable")
        self.cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.cdp.on("Network.requestWillBeSent", self._asked)
        self.cdp.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.urls[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes[event["requestId"]] = int(event["encodedDataLength"])


@pytest.mark.requirement("0.1")
def test_the_form_is_light_and_asks_for_neither_map_nor_push(house: SmallHouse, visit: Visit) -> None:
    page = visit()
    meter = Meter(page)
    page.goto(house.url(FAULT))
    page.wait_for_load_state("networkidle")
    asked = {url.rpartition("/")[2] or url for url in meter.urls.values()}
    assert len(meter.urls) <= MOST_REQUESTS, sorted(meter.urls.values())
    assert 0 < sum(meter.bytes.values()) <= MOST_BYTES, meter.bytes
    assert not [name for name in asked if "leaflet" in name or name.startswith(("map", "push"))]


@pytest.mark.requirement("0.3")
def test_from_the_start_page_to_the_receipt_in_few_presses(house: SmallHouse, visit: Visit, unique: str) -> None:
    page = visit()
    page.goto(house.url("/"))
    presses = 0
    page.get_by_role("link", name="Något är trasigt").first.click()
    presses += 1
    page.locator("#id_text").click()
    presses += 1
    page.keyboard.type(f"Bänken är trasig {unique}")
    send(page)
    presses += 1
    assert number_on(page)
    assert presses <= MOST_PRESSES
    expect(page.get_by_role("heading", name="Tack. Nu har vi det.")).to_be_visible()


@pytest.mark.requirement("0.2", "0.11")
def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(house: SmallHouse, visit: Visit) -> None:
    page = visit()
    page.goto(house.url(HOME))
    kept_by_worker(page, house)
    cdp = page.context.new_cdp_session(page)
    manifest = cdp.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"]
    found = cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    private = "in-incognito"  # every browser of a test is a private one, and those install nothing
    assert [error["errorId"] for error in found if error["errorId"] != private] == []
