"""One tap on a matter of the demo, and no second from the same device."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.test_report import BOTH
from tests.browser.walks import ADMIN, log_in

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


@pytest.mark.requirement("3.22", "3.24")
def test_what_staff_see_is_accessible_and_a_plan_is_made(house: SmallHouse, visit: Visit) -> None:
    [matter_id] = house.row("select matter_id from engagement_opening where question = %s", POLL)
    [opening_id] = house.row("select id from engagement_opening where mechanism = 'consultation'")
    page = visit(size=DESKTOP)
    log_in(page, house, ADMIN)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    here = f"/installningar/beslut/arenden/{matter_id}/"
    page.goto(house.url(f"{here}delta/"))
    page.locator("summary", has_text="Delaktighet").click()
    page.locator("details[open]").get_by_role("button", name="Lägg stegen i planen").click()
    expect(page.locator("#plan h3", has_text="Öppna för idéer")).to_be_visible()
    found = complaints(page)
    paths = ("delta/ny/poll/", f"delta/{opening_id}/", f"delta/{opening_id}/handling/", "utvardering/involvement/")
    for path in (*(f"{here}{each}" for each in paths), "/installningar/beslut/arenden/nytt/", "/desk/asikter/"):
        page.goto(house.url(path))
        found += complaints(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.locator("main .list a").first.click()
    expect(page.get_by_role("button", name="Visa för andra")).to_be_visible()
    found += complaints(page)
    assert not found, "\n".join(found)
