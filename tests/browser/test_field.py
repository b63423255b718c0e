"""An inspector on a bad line: the list comes along, deeds wait on the device, and each is done once."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.devices import choose, forwarded, picture, until
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.test_app_offline import NO_SYNC
from tests.browser.walks import KIM, MARIA, log_in, report

pytestmark = pytest.mark.requirement("P3")
LIST = "/desk/falt/"
HERE = {"latitude": 58.5401, "longitude": 15.0402}


def take_along(page: Page, house: SmallHouse, *numbers: str) -> list[int]:
    """Put cases on the list of whoever is logged in; their ids."""
    ids = []
    for number in numbers:
        ids.append(int(house.case(number, "id")[0]))
        page.goto(house.url(f"/desk/{ids[-1]}/"))
        page.get_by_role("button", name="Ta med ut").click()
        expect(page.get_by_text("Ärendet finns med på din fältlista.")).to_be_visible()
    page.goto(house.url(LIST))
    until(page, "navigator.serviceWorker.controller !== null")
    expect(page.get_by_text("Listan finns på enheten i ett dygn")).to_be_visible()
    return ids


def empty(page: Page, house: SmallHouse) -> None:
    """Leave no list for the next test."""
    page.goto(house.url(LIST))
    page.get_by_role("button", name="Töm listan").click()
    expect(page.get_by_role("heading", name="Listan är tom")).to_be_visible()


def states(page: Page) -> list[str]:
    """Of the deeds that the page shows, the newest first."""
    found: list[str] = page.locator("[data-deeds] li").evaluate_all("rows => rows.map(row => row.dataset.state)")
    return found


def notes(house: SmallHouse, text: str) -> int:
    """How many messages say that."""
    return int(house.row("select count(*) from cases_message where text = %s", text)[0])


def test_two_changes_without_a_network_are_done_once_each_when_it_is_back(
    house: SmallHouse, visit: Visit, unique: str
) -> None:
    page = visit(geolocation=HERE, permissions=["geolocation"])
    number, _code = report(house, f"Lampan är släckt {unique}")
    log_in(page, house, KIM)
    [case_id] = take_along(page, house, number)
    page.context.set_offline(True)
    page.goto(house.url(LIST))
    page.locator(f"[data-cases] a[href='{LIST}{case_id}/']").click()
    expect(page.locator("main")).to_contain_text(f"Lampan är släckt {unique}")
    page.locator("#id_write_text").fill(f"Stolpen lutar {unique}")
    choose(page, picture(), field="#id_write_photos")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("[data-deeds] li[data-state=queued]")).to_have_count(1)
    expect(page.get_by_text("Köad: skickas när nätet är tillbaka")).to_be_visible()
    page.get_by_text("Ändra platsen").click()
    page.get_by_role("button", name="Sätt platsen till där jag står").click()
    expect(page.locator("[data-deeds] li[data-state=queued]")).to_have_count(2)
    assert notes(house, f"Stolpen lutar {unique}") == 0
    page.context.set_offline(False)
    expect(page.locator("[data-deeds] li[data-state=sent]")).to_have_count(2)
    assert notes(house, f"Stolpen lutar {unique}") == 1
    assert house.case(number, "lat", "lon", "position_source") == (HERE["latitude"], HERE["longitude"], "gps")
    placed = "select count(*) from audit_event where verb = 'case.placed' and subject_id = %s"
    assert house.row(placed, case_id) == (1,)
    assert house.row("select count(*) from cases_photo where case_id = %s and internal", case_id) == (1,)
    empty(page, house)


def test_an_answer_that_was_lost_is_one_note(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The server took it, the line broke before it could say so."""
    page = visit()
    page.add_init_script(NO_SYNC)
    number, _code = report(house, f"Lampan är släckt {unique}")
    log_in(page, house, KIM)
    [case_id] = take_along(page, house, number)
    cut: list[str] = []

    def handle(route: Route) -> None:
        if cut:
            return route.continue_()
        cut.append(forwarded(house, route))
        return route.abort()

    page.route("**/skriv/", handle)
    page.goto(house.url(f"{LIST}{case_id}/"))
    page.locator("#id_write_text").fill(f"Avbrutet {unique}")
    page.get_by_role("button", name="Spara", exact=True).click()
    while not cut:
        page.wait_for_timeout(50)
    expect(page.locator("[data-deeds] li[data-state=queued]")).to_have_count(1)
    assert (cut, notes(house, f"Avbrutet {unique}")) == (["200"], 1)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-deeds] li[data-state=sent]")).to_have_count(1)
    assert notes(house, f"Avbrutet {unique}") == 1
    empty(page, house)


def test_the_nearest_first_and_on_to_the_next(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Where one is goes nowhere: the device sorts, and remembers only the order."""
    page = visit(geolocation=HERE, permissions=["geolocation"])
    spots = {"far": (58.60, 15.10), "near": (58.5402, 15.0403), "middle": (58.55, 15.05)}
    numbers = {}
    for name, (lat, lon) in spots.items():
        given = {"lat": str(lat), "lon": str(lon), "position_source": "map", "place_text": f"Gatan {name}"}
        numbers[name] = report(house, f"Lampa {name} {unique}", **given)[0]
    log_in(page, house, MARIA)
    take_along(page, house, *numbers.values())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="Närmast mig först").click()
    rows = page.locator("[data-cases] > li")
    expect(rows.first).to_contain_text("near")
    expect(rows.nth(1)).to_contain_text("middle")
    expect(rows.first.locator("[data-away]")).to_have_text("10 m")
    assert not [said for said in asked if "58.54" in said or "58,54" in said]
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near")
    page.get_by_role("link", name="Nästa").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("middle")
    page.get_by_role("link", name="Nästa").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("far")
    expect(page.get_by_role("link", name="Nästa")).to_be_hidden()
    page.get_by_role("link", name="Förra").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("middle")
    empty(page, house)


def test_logging_out_leaves_nothing_on_the_device(house: SmallHouse, visit: Visit, unique: str) -> None:
    page = visit()
    page.add_init_script(NO_SYNC)
    number, _code = report(house, f"Lampan är släckt {unique}")
    log_in(page, house, KIM)
    [case_id] = take_along(page, house, number)
    page.context.set_offline(True)
    page.goto(house.url(f"{LIST}{case_id}/"))
    page.locator("#id_write_text").fill(f"Inte skickat {unique}")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("[data-deeds] li[data-state=queued]")).to_have_count(1)
    page.route("**/nyckel/", lambda route: route.abort())  # the line lets pages through, and nothing more
    page.context.set_offline(False)
    page.goto(house.url("/desk/"))
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_timeout(500)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_url(lambda url: "/desk/" not in url)
    assert page.evaluate("caches.has('lyhord-field-pages')") is False
    page.goto(house.url("/beratta/"))
    assert page.evaluate("lyhord.all('deeds')") == []
    page.context.set_offline(True)
    page.goto(house.url(f"{LIST}{case_id}/"))
    expect(page.locator("body")).not_to_contain_text(unique)


def test_without_scripts_and_accessibly(house: SmallHouse, visit: Visit, unique: str) -> None:
    number, _code = report(house, f"Lampan är släckt {unique}")
    page = visit(js=False)
    log_in(page, house, KIM)
    case_id = house.case(number, "id")[0]
    page.goto(house.url(f"/desk/{case_id}/"))
    page.get_by_role("button", name="Ta med ut").click()
    page.goto(house.url(f"{LIST}{case_id}/"))
    page.locator("#id_write_text").fill(f"Utan skript {unique}")
    choose(page, picture(), field="#id_write_photos")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Anteckningen är sparad.")).to_be_visible()
    assert notes(house, f"Utan skript {unique}") == 1
    scripted = visit()
    log_in(scripted, house, KIM)
    found = []
    for path in (LIST, f"{LIST}{case_id}/", f"{LIST}utan-nat/"):
        scripted.goto(house.url(path))
        found += complaints(scripted)
    assert not found, "\n".join(found)
    empty(scripted, house)
