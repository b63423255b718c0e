"""Following: somebody else's case instead of a new one, one's own through moves, and what is no longer shown."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_report import BOTH, FAULT, how_many
from tests.browser.walks import KIM, link_in, log_in, mails_to, number_on, open_case, publish, report, send

PLACES = {True: ("Vintergatan 3", 58.54884, 15.01527), False: ("Vintergatan 9", 58.54897, 15.01670)}


def shown(house: SmallHouse, visit: Visit, text: str, lat: float, lon: float) -> tuple[str, Page]:
    """A bench that somebody has told about and a reviewer has shown to all: its number, and the reviewer's page."""
    number, _code = report(
        house, text, case_type="park.mobel", lat=str(lat), lon=str(lon), position_source="map", publish="on"
    )
    reviewer = visit()
    log_in(reviewer, house, KIM)
    publish(reviewer, house, number)
    return number, reviewer


@pytest.mark.requirement("2.15", "P1")
@BOTH
def test_who_sees_the_same_thing_follows_it_instead(house: SmallHouse, visit: Visit, unique: str, js: bool) -> None:
    """Near and of the same sort: offered, followed with a yes by mail, counted, and told when something happens."""
    street, lat, lon = PLACES[js]
    number, reviewer = shown(house, visit, f"Bänken är trasig {unique}", lat, lon)
    here = {"latitude": lat + 0.00018, "longitude": lon}
    page = visit(js=js, geolocation=here, permissions=["geolocation"])
    page.goto(house.url(f"{FAULT}?typ=park.mobel"))
    page.locator("#id_text").fill(f"Samma bänk {unique}")
    if js:
        page.get_by_role("button", name="Använd min plats").click()
    else:
        page.locator("#id_place_text").fill(street)
        send(page)
    offered = page.locator("[data-nearby] li", has=page.locator(f"input[value='{number}']"))
    expect(offered).to_contain_text("20 m" if js else "")
    offered.get_by_role("link", name="Ja, följ det i stället").click()
    expect(page).to_have_url(house.url(f"/arenden/{number}/#folj"))
    assert how_many(house, f"Samma bänk {unique}") == 0

    email = f"{unique}@example.se"
    page.get_by_label("Din mejladress").fill(email)
    page.locator("form", has=page.get_by_label("Din mejladress")).get_by_role("button", name="Följ").click()
    expect(page.get_by_text("Titta i din mejl.")).to_be_visible()
    assert house.case(number, "followers") == (0,)
    page.goto(link_in(mails_to(house, email)[0][1]))
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert house.case(number, "followers") == (1,)

    open_case(reviewer, house, number)
    reviewer.locator("#id_reply").fill("Bänken lagas i morgon.")
    reviewer.get_by_role("button", name="Skicka svar").click()
    expect(reviewer.get_by_text("är skickat.")).to_be_visible()
    subject, body = mails_to(house, email, 2)[1]
    assert number in subject + body
    assert "lagas i morgon" not in body
    page.goto(house.url(f"/arenden/{number}/"))
    expect(page.get_by_text("En person följer redan.")).to_be_visible()


@pytest.mark.requirement("2.15")
def test_another_thing_at_the_same_place_is_sent_all_the_same(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Offered once; another press sends it as a case of its own."""
    lat, lon = house.row("select lat, lon from places_address where street = 'Vintergatan' and number = '15'")
    shown(house, visit, f"Ett bord är trasigt {unique}", lat, lon)
    page = visit(js=False)
    page.goto(house.url(f"{FAULT}?typ=park.mobel"))
    page.locator("#id_text").fill(f"Ett annat bord {unique}")
    page.locator("#id_place_text").fill("Vintergatan 15")
    send(page)
    expect(page.get_by_text("Är det här samma sak?")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(f"Ett annat bord {unique}")
    send(page)
    number_on(page)
    assert how_many(house, f"Ett annat bord {unique}") == 1


@pytest.mark.requirement("4.3")
def test_a_case_that_came_to_the_wrong_desk_keeps_its_number_and_its_link(
    house: SmallHouse, visit: Visit, unique: str
) -> None:
    """Moved by staff; the resident does nothing, finds it where it was, and sees that it has moved."""
    resident = visit()
    resident.goto(house.url("/beratta/fraga/"))
    resident.locator("#id_text").fill(f"När öppnar badet? {unique}")
    send(resident)
    number = number_on(resident)
    resident.get_by_role("link", name="Följ ärendet").click()
    link = resident.url
    before = house.case(number, "unit_id")

    officer = visit()
    log_in(officer, house, KIM)
    open_case(officer, house, number)
    officer.locator("summary", has_text="Lämna över").click()
    officer.get_by_label("Till vilken enhet?").select_option(label="Kultur och fritid")
    officer.get_by_label("Varför?").first.fill("De har hand om badet.")
    officer.get_by_role("button", name="Lämna över").click()
    expect(officer.get_by_text(f"{number} finns nu hos Kultur och fritid.")).to_be_visible()
    assert house.case(number, "unit_id") != before

    resident.goto(link)
    expect(resident.locator("main")).to_contain_text(number)
    expect(resident.locator("main")).to_contain_text("Kultur och fritid")
    expect(resident.locator("main")).not_to_contain_text("De har hand om badet.")


@pytest.mark.requirement("4.11")
def test_what_is_taken_back_is_gone_everywhere(house: SmallHouse, visit: Visit, unique: str) -> None:
    """410 in plain words; neither list nor map has it."""
    number, reviewer = shown(house, visit, f"En bänk vid vattnet {unique}", 58.5203, 15.0605)
    page = visit()
    page.goto(house.url(f"/arenden/{number}/"))
    expect(page.get_by_text(f"En bänk vid vattnet {unique}")).to_be_visible()

    reviewer.goto(house.url(f"/desk/granska/{house.case(number, 'id')[0]}/"))
    reviewer.locator("summary", has_text="Visa inte").click()
    reviewer.get_by_role("button", name="Visa inte för andra").click()
    expect(reviewer.get_by_text("Ärendet visas inte för andra.")).to_be_visible()

    answer = page.goto(house.url(f"/arenden/{number}/"))
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_text("visas inte längre för andra")).to_be_visible()
    assert number not in house.ask("/arenden/?lage=alla").text
    tile = json.loads(house.ask("/karta/12/2219/1222.json").text)
    assert number not in json.dumps(tile)


@pytest.mark.requirement("4.11")
def test_personal_data_is_not_shown_unawares(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A personal number must go; a telephone number is shown only when somebody says that it may be."""
    number, _code = report(house, f"Ring mig på 070-174 06 05, jag heter 19121212-1212 {unique}", publish="on")
    page = visit()
    log_in(page, house, KIM)
    page.goto(house.url(f"/desk/granska/{house.case(number, 'id')[0]}/"))
    expect(page.locator("mark")).to_have_text(["070-174 06 05", "19121212-1212"] * 2)
    page.get_by_label("Rubrik").fill(f"Ring mig {unique}")
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.locator("#id_publish_text_error")).to_contain_text("personnummer")
    page.get_by_label("Text", exact=True).fill(f"Ring 070-174 06 05 {unique}")
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.locator("[name=warned]")).to_be_visible()
    assert house.case(number, "publication_state") == ("review",)
    page.locator("[name=warned]").check()
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.get_by_text("Ärendet visas nu för andra")).to_be_visible()
    said = house.ask(f"/arenden/{number}/").text
    assert "070-174" in said
    assert "19121212" not in said


def test_the_code_is_asked_for_and_found_however_it_is_written(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Small letters and blanks do no harm; a wrong code gets a sentence."""
    number, code = report(house, f"Koden {unique}")
    page = visit(js=False)
    page.goto(house.url("/f/"))
    page.get_by_label("Din kod").fill("helt fel")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_text("Vi hittar inget ärende med den koden.").first).to_be_visible()
    page.get_by_label("Din kod").fill(f" {code.lower().replace('-', ' ')} ")
    page.get_by_role("button", name="Visa").click()
    expect(page.locator("main")).to_contain_text(number)
