"""Saying where: by the telephone's position, a photo, the map with a finger or keys, an address, or not at all."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_report import FAULT, choose, picture
from tests.browser.walks import number_on, send
from tests.files import make

HERE = {"latitude": 58.5401234, "longitude": 15.0402345, "accuracy": 7.4}
METRE = 0.00001
VINTERGATAN_7 = (58.54893, 15.01622)


def fill(page: Page, house: SmallHouse, unique: str) -> None:
    """The report page, with the one thing that must be there."""
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Något är fel här {unique}")


def sent(page: Page, house: SmallHouse) -> tuple[float | None, float | None, str, str]:
    """Send; (lat, lon, source, words) of the case."""
    send(page)
    lat, lon, source, words = house.case(number_on(page), "lat", "lon", "position_source", "place_text")
    return lat, lon, source, words


def near(point: tuple[float | None, ...], lat: float, lon: float, within: float = METRE) -> bool:
    """Whether it is there, to a metre."""
    here = point[:2]
    return here[0] == pytest.approx(lat, abs=within) and here[1] == pytest.approx(lon, abs=within * 2)


@pytest.mark.requirement("0.5", "2.25")
def test_the_telephones_own_position(house: SmallHouse, visit: Visit, unique: str) -> None:
    """One press; stored to the metre, with how sure the telephone was."""
    page = visit(geolocation=HERE, permissions=["geolocation"])
    fill(page, house, unique)
    page.get_by_role("button", name="Använd min plats").click()
    expect(page.locator("[data-found]")).to_be_visible()
    send(page)
    lat, lon, source, accuracy = house.case(number_on(page), "lat", "lon", "position_source", "accuracy_m")
    assert near((lat, lon), HERE["latitude"], HERE["longitude"])
    assert (source, accuracy) == ("gps", 7)


@pytest.mark.requirement("0.5", "2.25")
def test_a_telephone_that_will_not_say_and_a_photo_that_does(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Denied: it says what to do instead; the photo's position is proposed and can be taken away."""
    page = visit()
    fill(page, house, unique)
    page.get_by_role("button", name="Använd min plats").click()
    expect(page.get_by_text("vill inte säga var du är")).to_be_visible()
    expect(page.locator("#id_place_text")).to_be_focused()
    choose(page, picture(data=make.photo(VINTERGATAN_7)))
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    lat, lon, source, words = sent(page, house)
    assert near((lat, lon), *VINTERGATAN_7)
    assert source == "exif"
    assert "Vintergatan 7" in words


def test_a_proposed_place_that_is_wrong_is_taken_away(house: SmallHouse, visit: Visit, unique: str) -> None:
    """What somebody removes is not guessed again from the same photo."""
    page = visit()
    fill(page, house, unique)
    choose(page, picture(data=make.photo(VINTERGATAN_7)))
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    page.get_by_role("button", name="Stämmer inte, ta bort").click()
    expect(page.locator("[data-found]")).to_be_hidden()
    assert sent(page, house) == (None, None, "", "")


@pytest.mark.requirement("2.25")
@pytest.mark.parametrize("keyboard", [False, True], ids=["finger", "keys"])
def test_pointing_on_the_map(house: SmallHouse, visit: Visit, unique: str, keyboard: bool) -> None:
    """A press, or arrows and Enter, which does not send the form."""
    page = visit()
    fill(page, house, unique)
    page.locator("summary", has_text="Peka ut på karta").click()
    board = page.get_by_role("application")
    expect(board.locator(".map-grid").first).to_be_attached()
    if keyboard:
        board.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)  # it glides
        page.keyboard.press("Enter")
    else:
        board.click(position={"x": 200, "y": 150})
    expect(page.locator("[data-found]")).to_be_visible()
    expect(board.locator(".leaflet-marker-icon")).to_be_visible()
    chosen = [float(page.locator(f"[name={name}]").input_value()) for name in ("lat", "lon")]
    lat, lon, source, _words = sent(page, house)
    assert near((lat, lon), *chosen)
    assert source == "map"
    assert near((lat, lon), 58.54, 15.04, 0.06)


@pytest.mark.requirement("2.25")
def test_an_address_found_with_the_keyboard(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Typed, chosen with arrow and Enter, without a mouse; Enter chooses and does not send."""
    page = visit()
    fill(page, house, unique)
    field = page.locator("#id_place_text")
    field.press_sequentially("vintergatan 7", delay=10)
    expect(page.get_by_role("option").first).to_have_text("Vintergatan 7, Motala")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    field.press("Enter")
    expect(page.locator("[data-found]")).to_be_visible()
    expect(field).to_have_value("Vintergatan 7, Motala")
    expect(field).to_have_attribute("aria-expanded", "false")
    lat, lon, source, words = sent(page, house)
    assert near((lat, lon), *VINTERGATAN_7)
    assert (source, words) == ("address", "Vintergatan 7, Motala")


@pytest.mark.requirement("2.25", "X10")
def test_an_address_looked_up_without_scripts(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A button gives addresses to choose among, and what was written is kept."""
    page = visit(js=False)
    fill(page, house, unique)
    page.locator("#id_place_text").fill("vintergatan 7")
    page.get_by_role("button", name="Sök adressen").click()
    expect(page.locator("#id_text")).to_have_value(f"Något är fel här {unique}")
    page.get_by_label("Vintergatan 7, Motala", exact=True).check()
    lat, lon, source, _words = sent(page, house)
    assert near((lat, lon), *VINTERGATAN_7)
    assert source == "address"


@pytest.mark.requirement("2.25")
def test_words_that_are_no_address_are_a_place_too(house: SmallHouse, visit: Visit, unique: str) -> None:
    """ "Behind the park" is what the person knows."""
    page = visit()
    fill(page, house, unique)
    page.locator("#id_place_text").fill("Bakom Folkets park")
    assert sent(page, house) == (None, None, "", "Bakom Folkets park")


@pytest.mark.requirement("2.25")
@pytest.mark.parametrize("blocked", ["**/leaflet*", "**/map.js", "**/karta/**"])
def test_a_map_that_does_not_come_hinders_nobody(house: SmallHouse, visit: Visit, unique: str, blocked: str) -> None:
    """Without the map's program, or what it draws, there is a sentence or a bare map, and the report is sent."""
    page = visit()
    page.route(blocked, lambda route: route.abort())
    fill(page, house, unique)
    page.locator("summary", has_text="Peka ut på karta").click()
    if "karta" in blocked:
        page.get_by_role("application").click(position={"x": 100, "y": 100})
        expect(page.locator("[data-found]")).to_be_visible()
        assert sent(page, house)[2] == "map"
    else:
        expect(page.get_by_text("Kartan gick inte att hämta.")).to_be_visible()
        assert sent(page, house)[0] is None


@pytest.mark.requirement("2.25", "4.28")
def test_a_place_in_the_next_municipality_is_asked_about(house: SmallHouse, visit: Visit, unique: str) -> None:
    """It can go there, with nothing written again, and gets a number of theirs."""
    page = visit(geolocation={"latitude": 58.3235, "longitude": 15.1312}, permissions=["geolocation"])
    fill(page, house, unique)
    page.get_by_role("button", name="Använd min plats").click()
    expect(page.locator("[data-found]")).to_be_visible()
    send(page)
    expect(page.get_by_text("Platsen ligger i Mjölby kommun.")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(f"Något är fel här {unique}")
    send(page)
    expect(page.get_by_role("link", name="Till kvittot")).to_be_visible()
    slug, number, lat = house.row(
        "select slug, number, c.lat from cases_case c join organisations_organisation o on o.id = organisation_id "
        "where text = %s",
        f"Något är fel här {unique}",
    )
    assert (slug, lat) == ("mjolby", pytest.approx(58.3235, abs=METRE))
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    page.get_by_role("link", name="Till kvittot").click()
    expect(page).to_have_url(re.compile("mjolby.localhost"))
    page.goto(house.url(FAULT))
    expect(page.locator("#id_text")).to_have_value("")


def test_a_large_screen_shows_the_list_and_the_map_together(house: SmallHouse, visit: Visit) -> None:
    """Where there is room the map opens by itself, with a mark for what the list holds."""
    page = visit(size=DESKTOP)
    page.goto(house.url("/arenden/?lage=alla"))
    marks = page.locator("[data-map=list] .leaflet-marker-icon")
    expect(marks.first).to_be_visible()
    page.wait_for_load_state("networkidle")  # marks are drawn anew as tiles arrive
    marks.first.focus()
    expect(marks.first).to_be_focused()
