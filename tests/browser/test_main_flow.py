"""The main job, from a telephone to the right desk and back, in Lyhörd as `./lyhord run` starts it."""

import json
from datetime import timedelta
from math import asinh, floor, pi, radians, tan
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from lyhord.core.clock import today
from tests.browser.conftest import Visit
from tests.browser.house import WholeHouse
from tests.browser.walks import MARIA, SARA, log_in, mails_to, number_on, send
from tests.files import make


class Lamp(NamedTuple):
    """What this telling is about: an address of Motala and where it is."""

    street: str
    lat: float
    lon: float
    words: str
    email: str

    @property
    def title(self) -> str:
        """As lists show it."""
        return f"En eller några lampor är släckta, {self.street}, Motala"


STREETS = {True: ("Vintergatan 7", 58.54893, 15.01622), False: ("Vintergatan 1", 58.54880, 15.01480)}


@pytest.mark.requirement("0.3", "0.4", "0.5", "0.6", "4.1", "4.11", "4.25", "X1", "X10")
@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_telephone_to_the_right_desk_and_back(
    whole_house: WholeHouse, visit: Visit, js: bool, unique: str
) -> None:
    """A report with a photo is sent, routed, answered, planned, followed, answered again, reviewed and published."""
    lamp = Lamp(*STREETS[js], f"Gatlyktan är släckt sedan i måndags, märkt {unique}.", f"{unique}@example.se")

    resident = visit(js=js)
    number = tell(resident, whole_house, lamp, js=js)
    officer = visit(js=js)
    answer_and_plan(officer, whole_house, number)
    read_and_write_back(resident, whole_house, lamp)
    officer.goto(whole_house.url("/desk/?vy=nya-svar"))
    officer.locator(".rowcase", has_text=number).click()
    expect(officer.get_by_text("Det är den vid busshållplatsen.")).to_be_visible()
    review(visit(js=js), whole_house, number)
    see(visit(js=js), whole_house, number, lamp, js=js)


def tell(page: Page, house: WholeHouse, lamp: Lamp, *, js: bool) -> str:
    """A picture of twelve megapixels, a sentence, an address for the answer, one press."""
    page.goto(house.url())
    expect(page.get_by_role("banner")).to_contain_text("Dialog Motala")
    page.get_by_role("link", name="Något är trasigt").click()
    photo = make.photo_12mp(lamp.lat, lamp.lon)
    page.locator("#id_photos").set_input_files({"name": "IMG_4711.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.locator("#id_text").fill(lamp.words)
    page.get_by_text("Med mejl").click()
    page.get_by_label("Din mejladress").fill(lamp.email)
    if js:
        expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
        expect(page.get_by_label("En eller några lampor är släckta")).to_be_checked()
    send(page)
    number = number_on(page)
    expect(page.get_by_text("Nu har vi det")).to_be_visible()
    expect(page.get_by_role("link", name="Följ ärendet")).to_be_visible()
    lat, lon, source, accuracy = house.case(number, "lat", "lon", "position_source", "accuracy_m")
    assert (lat, lon, source, accuracy) == (
        pytest.approx(lamp.lat, abs=1e-5),
        pytest.approx(lamp.lon, abs=1e-5),
        "exif",
        None,
    )
    return number


def answer_and_plan(page: Page, house: WholeHouse, number: str) -> None:
    """An officer of Gata och park finds it among what nobody has taken, sees why it is there, answers and plans."""
    log_in(page, house, SARA, to="/desk/?vy=ofordelat")
    page.locator(".rowcase", has_text=number).click()
    expect(page.get_by_role("paragraph").filter(has_text="går till Gata och park, som har hand om")).to_be_visible()
    expect(page.locator(".msg.res img")).to_be_visible()
    page.get_by_role("button", name="Ta ärendet").click()
    page.locator("#id_reply").fill("Tack för att du sa till. Vi byter lampan.")
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    page.locator("summary", has_text="Ändra läge").click()
    page.get_by_label("Nytt läge").select_option("planned")
    page.get_by_label("Varför, eller vad?").fill("Byta lampan")
    page.get_by_label("Till vilket datum?").fill((today() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Ändra läge").click()
    expect(page.get_by_text("Läget är ändrat.")).to_be_visible()


def read_and_write_back(page: Page, house: WholeHouse, lamp: Lamp) -> None:
    """The mail in the demo's outbox leads to the page that shows the answer and the plan, where one can answer."""
    mails_to(house, lamp.email, 3)
    page.goto(house.url("/utkorg/"))
    letter = page.locator("article", has_text=lamp.email).first
    letter.get_by_role("link").first.click()
    page.wait_for_url("**/f/**")
    expect(page.locator(".thread")).to_contain_text("Vi byter lampan.")
    expect(page.locator("main")).to_contain_text("Byta lampan")
    page.locator("#id_text").fill("Tack! Det är den vid busshållplatsen.")
    page.locator("#skriv").get_by_role("button", name="Skicka").click()
    expect(page.locator(".thread")).to_contain_text("Det är den vid busshållplatsen.")


def review(page: Page, house: WholeHouse, number: str) -> None:
    """Somebody reads it through before others may see it, and lets them see the picture too."""
    log_in(page, house, MARIA)
    page.goto(house.url(f"/desk/granska/{house.case(number, 'id')[0]}/"))
    page.get_by_label("Visa bild 1").check()
    page.get_by_label("Vad visar bilden?").fill("En släckt lykta")
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.get_by_text("Ärendet visas nu för andra")).to_be_visible()


def see(page: Page, house: WholeHouse, number: str, lamp: Lamp, *, js: bool) -> None:
    """Anybody finds it in the list and on the map, and reads it, without who told it."""
    page.goto(house.url("/arenden/"))
    if js:
        page.locator("summary", has_text="Visa på karta").click()
        expect(page.locator("[data-map=list] .leaflet-marker-icon").first).to_be_visible()
    page.goto(house.url(f"/arenden/?q={lamp.street.replace(' ', '+')}"))
    page.locator("main").get_by_role("link", name=lamp.title).click()
    expect(page).to_have_url(house.url(f"/arenden/{number}/"))
    expect(page.locator(".msg.res")).to_contain_text(lamp.words)
    expect(page.locator(".msg.off")).to_contain_text("Vi byter lampan.")
    picture = page.get_by_alt_text("En släckt lykta")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert lamp.email not in page.content()
    z = 16
    x, y = _tile(lamp.lat, lamp.lon, z)
    tile = json.loads(house.ask(f"/karta/{z}/{x}/{y}.json").text)
    shown = {case[1]: tile["states"][case[-1]][0] for case in tile["cases"]}
    assert shown[number] == "planned"


def _tile(lat: float, lon: float, z: int) -> tuple[int, int]:
    """The web map's tile that holds a point."""
    return floor((lon + 180) / 360 * 2**z), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)
