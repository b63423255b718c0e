"""One tap on a matter of the demo, and no second from the same device."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.test_report import BOTH

POLL = "Vad ska parken mellan husen ha?"


@pytest.mark.requirement("3.22", "3.23")
@BOTH
def test_one_tap_and_no_second(house: SmallHouse, visit: Visit, js: bool) -> None:
    opening_id, matter_id = house.row(
        "select id, matter_id from engagement_opening where question = %s and state = 'open'", POLL
    )
    counted = "select count(*) from engagement_act where opening_id = %s"
    [before] = house.row(counted, opening_id)
    page = visit(js=js)
    page.goto(house.url(f"/beslut/{matter_id}/"))
    stale = page.context.new_page()  # a second tab of the same device, from before it has voted
    stale.goto(house.url(f"/delta/{matter_id}/{opening_id}/"))
    card = page.locator("article", has_text=POLL)
    card.get_by_role("button", name="Utegym").click()
    expect(card.get_by_text("Du svarade:")).to_contain_text("Utegym")
    expect(card.get_by_role("button")).to_have_count(0)
    assert house.row(counted, opening_id) == (before + 1,)
    stale.get_by_role("button", name="Lekplats").click()
    expect(stale.get_by_text("Du har redan svarat.")).to_be_visible()
    expect(stale.get_by_text("Du svarade:")).to_contain_text("Utegym")
    assert house.row(counted, opening_id) == (before + 1,)


@pytest.mark.requirement("3.22")
def test_the_pages_are_accessible_and_the_map_gives_a_place(house: SmallHouse, visit: Visit, unique: str) -> None:
    [matter_id] = house.row("select matter_id from engagement_opening where question = %s", POLL)
    page = visit()
    found = []
    for path in ("/delta/", f"/delta/{matter_id}/", f"/beslut/{matter_id}/"):
        page.goto(house.url(path))
        found += complaints(page)
    for (opening_id,) in house.rows("select id from engagement_opening where matter_id = %s", matter_id):
        page.goto(house.url(f"/delta/{matter_id}/{opening_id}/"))
        found += complaints(page)
        if page.get_by_role("button", name="Skicka").count():
            page.get_by_role("button", name="Skicka").click()
            expect(page.locator(".errsum")).to_be_visible()
            found += complaints(page)
    assert not found, "\n".join(found)
