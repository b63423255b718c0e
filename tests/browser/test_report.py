"""Telling something, in a browser: as little as possible, nothing lost, sent once."""

import re

import pytest
from playwright.sync_api import Page, expect

from lyhord.core.clock import today
from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.walks import number_on, send
from tests.files import make

FAULT = "/beratta/felanmalan/"
BOTH = pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])


def picture(name: str = "bild.jpg", data: bytes = b"", kind: str = "image/jpeg") -> dict[str, str | bytes]:
    """A file to choose."""
    return {"name": name, "mimeType": kind, "buffer": data or make.photo()}


def choose(page: Page, *files: dict[str, str | bytes]) -> None:
    """Choose pictures in the field, as many as there are."""
    page.locator("#id_photos").set_input_files(list(files))  # type: ignore[arg-type]  # playwright's FilePayload


def draft_is_kept(page: Page, words: str) -> None:
    """Wait until the device remembers what has been written."""
    for _ in range(200):
        if words in str(page.evaluate("lyhord.all('reports')")):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"no draft with {words}")


def how_many(house: SmallHouse, text: str) -> int:
    """Cases whose text is just this."""
    return int(house.row("select count(*) from cases_case where text = %s", text)[0])


@pytest.mark.requirement("0.3", "0.5")
def test_after_the_photo_one_press_is_enough(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The photo brings the place, the words bring the type: the only thing left to do is to press."""
    page = visit()
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Papperskorgen är full {unique}")
    choose(page, picture(data=make.photo((58.54893, 15.01622))))
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    expect(page.locator("input[name=case_type]:checked")).to_have_count(1)
    expect(page.locator("input[name=contact]:checked")).to_have_value("code")
    acts: list[str] = []

    def acted(what: str) -> None:
        acts.append(what)

    page.expose_function("acted", acted)
    page.evaluate(
        "for (const what of ['pointerdown', 'keydown']) document.addEventListener(what, () => acted(what), true)"
    )
    send(page)
    number = number_on(page)
    assert acts == ["pointerdown"]  # all that the person did after the photo
    lat, lon, source, photos = house.case(
        number, "lat", "lon", "position_source", "id, (select count(*) from cases_photo p where p.case_id = c.id)"
    )[:4]
    assert (lat, lon, source) == (pytest.approx(58.54893, abs=1e-5), pytest.approx(15.01622, abs=1e-5), "exif")
    assert photos


@pytest.mark.requirement("2.21", "X10")
@BOTH
def test_one_field_is_enough_and_nobody_asks_who_you_are(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """From the start page: a kind, a sentence, the button."""
    page = visit(js=js)
    page.goto(house.url())
    page.get_by_role("link", name="Något är trasigt").click()
    page.locator("#id_text").fill(f"Det är något fel {unique}")
    send(page)
    case_id, text, lat, place = house.case(number_on(page), "id", "text", "lat", "place_text")
    assert (text, lat, place) == (f"Det är något fel {unique}", None, "")
    assert house.rows("select name || email || phone from cases_reporter where case_id = %s", case_id) in ([], [("",)])
    expect(page.get_by_text("Spara den nu")).to_be_visible()
    page.get_by_role("link", name="Följ ärendet").click()
    expect(page.locator(".thread")).to_contain_text(unique)
    assert page.context.cookies() == []


@pytest.mark.requirement("4.28")
@BOTH
def test_visitors_and_companies_from_elsewhere_are_as_welcome(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """No address and no number of a person is asked for, wherever one is."""
    page = visit(js=js, geolocation={"latitude": 59.3293, "longitude": 18.0686}, permissions=["geolocation"])
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Skylten vid E4 är borta {unique}")
    if js:
        page.get_by_role("button", name="Använd min plats").click()
        expect(page.get_by_text("där du är nu")).to_be_visible()
    page.locator("summary", has_text="Skriver du för ett företag").click()
    page.get_by_label("Besökare").check()
    send(page)
    case_id, lat = house.case(number_on(page), "id", "lat")
    assert lat == (pytest.approx(59.3293, abs=1e-5) if js else None)
    assert house.row("select sender_kind from cases_reporter where case_id = %s", case_id) == ("visitor",)


@pytest.mark.requirement("2.26")
@BOTH
def test_of_three_pictures_one_is_taken_away(house: SmallHouse, visit: Visit, unique: str, js: bool) -> None:
    """With scripts at once; without, on the page that comes back since the text was forgotten."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    choose(page, *(picture(f"{n}.jpg", make.photo(None, n)) for n in (1, 3, 6)))
    if not js:
        page.locator("#id_text").evaluate("field => field.removeAttribute('maxlength')")
        page.locator("#id_text").fill("x" * 2001)
        send(page)
        expect(page.get_by_role("alert").first).to_be_visible()
    shown = page.locator("[data-photos] img")
    expect(shown).to_have_count(3)
    for number in range(3):
        expect(shown.nth(number)).to_have_js_property("complete", True)
        assert shown.nth(number).evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("button", name="Ta bort").nth(1).click()
    expect(shown).to_have_count(2)
    page.get_by_label("Vad visar bilden?").first.fill("Soffan från sidan")
    page.locator("#id_text").fill(f"Soffan är trasig {unique}")
    send(page)
    (case_id,) = house.case(number_on(page), "id")
    stored = house.rows("select alt, published from cases_photo where case_id = %s order by position", case_id)
    assert stored == [("Soffan från sidan", False), ("", False)]


@pytest.mark.requirement("2.26")
def test_sent_before_the_pictures_have_arrived(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Who presses while they still travel sends each picture once, and not the one that was taken away."""
    page = visit()
    page.goto(house.url(FAULT))
    page.route("**/beratta/bild/", lambda route: None)  # it never gets there
    choose(page, *(picture(f"{n}.jpg", make.photo(None, n)) for n in (1, 3, 6, 8)))
    expect(page.get_by_text("Du kan skicka högst 3 bilder.")).to_be_visible()
    expect(page.locator("[data-photos] img")).to_have_count(3)
    page.get_by_role("button", name="Ta bort").nth(1).click()
    page.locator("#id_text").fill(f"Stolen är trasig {unique}")
    send(page)
    (case_id,) = house.case(number_on(page), "id")
    assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == 2


def test_a_picture_that_does_not_get_through_travels_with_the_form(
    house: SmallHouse, visit: Visit, unique: str
) -> None:
    """The network fails for a moment: it is said, and nothing is lost."""
    page = visit()
    page.goto(house.url(FAULT))
    page.route("**/beratta/bild/", lambda route: route.abort())
    choose(page, picture())
    expect(page.get_by_text("Bilden kom inte fram.")).to_be_visible()
    page.locator("#id_text").fill(f"Stolen är trasig {unique}")
    send(page)
    (case_id,) = house.case(number_on(page), "id")
    assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == 1


WRONG = {
    "svg": (picture("ritning.svg", make.SVG, "image/svg+xml"), "Vi kan inte läsa bilden"),
    "broken": (picture("halv.jpg", make.photo_12mp()[:200_000]), ""),
    "too-large": (picture("stor.jpg", b"\xff\xd8\xff" + bytes(21_000_000)), "Bilden är för stor"),
}


@pytest.mark.requirement("0.4")
@BOTH
@pytest.mark.parametrize("wrong", WRONG)
def test_a_picture_that_is_none_is_said_so_and_the_words_are_kept(
    house: SmallHouse, visit: Visit, unique: str, wrong: str, js: bool
) -> None:
    """A sentence says what is wrong; what was written is there, and it goes with the next press."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Bänken är trasig {unique}")
    file, _sentence = WRONG[wrong]
    choose(page, file)
    if not js:
        send(page)
    complaint = page.locator("[data-photos] .err:visible")
    expect(complaint).to_have_count(1)
    expect(complaint).to_contain_text("ild")
    expect(page.locator("#id_text")).to_have_value(f"Bänken är trasig {unique}")
    send(page)
    (case_id,) = house.case(number_on(page), "id")
    assert house.rows("select id from cases_photo where case_id = %s", case_id) == []


@pytest.mark.requirement("X10")
@BOTH
def test_a_double_click_is_one_case(house: SmallHouse, visit: Visit, unique: str, js: bool) -> None:
    """Two presses, one number."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    text = f"Dubbelklick {unique}"
    page.locator("#id_text").fill(text)
    page.locator("[data-send]").dblclick()
    number = number_on(page)
    assert how_many(house, text) == 1
    assert house.case(number, "text") == (text,)


@BOTH
def test_back_from_the_receipt_and_sent_again_is_the_same_case(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """The back button finds what was written; sending it again leads to the same receipt."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    text = f"Bakåtknappen {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    number = number_on(page)
    page.go_back()
    expect(page.locator("#id_text")).to_have_value(text)
    send(page)
    assert number_on(page) == number
    assert how_many(house, text) == 1


def test_two_tabs_are_two_cases_and_neither_loses_its_words(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The second tab finds the first one's draft, is about something else, and both arrive."""
    first = visit()
    first.goto(house.url(FAULT))
    first.locator("#id_text").fill(f"Första fliken {unique}")
    draft_is_kept(first, "Första fliken")
    second = first.context.new_page()
    second.goto(house.url(FAULT))
    expect(second.locator("#id_text")).to_have_value(f"Första fliken {unique}")
    second.locator("#id_text").fill(f"Andra fliken {unique}")
    send(second)
    one = number_on(second)
    expect(first.locator("#id_text")).to_have_value(f"Första fliken {unique}")
    send(first)
    other = number_on(first)
    assert one != other
    assert house.case(one, "text") == (f"Andra fliken {unique}",)
    assert house.case(other, "text") == (f"Första fliken {unique}",)


@pytest.mark.requirement("2.21")
def test_a_reload_keeps_what_was_written_and_the_receipt_forgets_it(
    house: SmallHouse, visit: Visit, unique: str
) -> None:
    """Words, pictures and place stay on the device until they have arrived."""
    page = visit()
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Halvskrivet {unique}")
    choose(page, picture(data=make.photo((58.54893, 15.01622))))
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    draft_is_kept(page, "exif")
    page.reload()
    expect(page.locator("#id_text")).to_have_value(f"Halvskrivet {unique}")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    expect(page.get_by_text("finns kvar på den här enheten")).to_be_visible()
    send(page)
    assert house.case(number_on(page), "position_source") == ("exif",)
    assert page.evaluate("lyhord.all('reports')") == page.evaluate("lyhord.all('photos')") == []


def test_where_the_device_keeps_nothing_it_is_sent_as_a_form(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Private windows and full devices: the page says when there is no network, and sends when it is back."""
    page = visit()
    page.add_init_script("indexedDB.open = () => { throw new Error('no'); }")
    page.goto(house.url(FAULT))
    text = f"Utan nät {unique}"
    page.locator("#id_text").fill(text)
    choose(page, picture())
    expect(page.locator("[data-photos] img")).to_have_count(1)
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_text("Du har ingen uppkoppling just nu")).to_be_visible()
    page.context.set_offline(False)
    send(page)
    (case_id,) = house.case(number_on(page), "id")
    assert how_many(house, text) == 1
    assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == 1


@pytest.mark.requirement("P2")
@BOTH
def test_an_answer_that_means_danger_stops_the_form_and_is_counted(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """Whom to ring, nothing sent, everything kept; and the way on when it is not dangerous after all."""
    counted = "select coalesce(sum(count), 0) from intake_diversion where case_type_code = 'gata.brunn' and day = %s"
    before = house.row(counted, today())[0]
    page = visit(js=js)
    page.goto(house.url(f"{FAULT}?typ=gata.brunn"))
    text = f"Brunnen på gatan {unique}"
    page.locator("#id_text").fill(text)
    danger = page.get_by_role("group", name=re.compile("Saknas locket"))
    danger.get_by_label("Ja").check()
    expect(page.get_by_text("En öppen brunn är livsfarlig.")).to_be_visible()
    send(page)
    expect(page.get_by_role("heading", name="Ring nu. Skriv inte.")).to_be_visible()
    expect(page.get_by_role("link", name="112").first).to_have_attribute("href", "tel:112")
    expect(page.get_by_text(text)).to_be_visible()
    assert how_many(house, text) == 0
    assert house.row(counted, today())[0] == before + 1
    page.get_by_role("button", name="Det är inte farligt").click()
    expect(page.locator("#id_text")).to_have_value(text)
    danger.get_by_label("Nej").check()
    send(page)
    number_on(page)
    assert how_many(house, text) == 1


@BOTH
def test_the_form_speaks_english_and_keeps_what_was_written(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """Another language in the middle of a report; the mail comes in that language."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    if js:
        page.locator("#id_text").fill(f"The lamp is broken {unique}")
        draft_is_kept(page, unique)
    page.get_by_role("contentinfo").get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Berätta")
    if js:
        expect(page.locator("#id_text")).to_have_value(f"The lamp is broken {unique}")
    page.locator("#id_text").fill(f"The lamp is broken {unique}")
    page.locator("label", has=page.locator("#id_contact_0")).click()
    page.locator("#id_email").fill(f"{unique}@example.com")
    send(page)
    assert house.case(number_on(page), "language") == ("en",)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    subject, body = house.row(
        "select subject, body from notifications_notice where address = %s", f"{unique}@example.com"
    )
    assert "Thank" in subject + body
    assert "ärende" not in subject + body


@pytest.mark.requirement("0.6")
@BOTH
def test_what_looks_like_a_program_is_but_words(house: SmallHouse, visit: Visit, unique: str, js: bool) -> None:
    """Shown as it was written, on the receipt and on the page one follows."""
    page = visit(js=js)
    page.goto(house.url(FAULT))
    text = f"<script>document.title='x'</script><img src=x onerror=alert(1)> & {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    number_on(page)
    expect(page.locator(".thread")).to_contain_text(text)
    page.get_by_role("link", name="Följ ärendet").click()
    expect(page.locator(".thread")).to_contain_text(text)


@pytest.mark.requirement("4.10")
def test_each_of_the_seven_areas_reaches_its_department(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A complaint about each area, chosen on the form, lands in a unit under one of the departments."""
    page = visit()
    page.goto(house.url("/beratta/klagomal/"))
    areas = page.locator("select[name=category] option")
    names = [name for name in areas.all_inner_texts() if name != "Jag vet inte"]
    assert len(names) == 7
    reached = {}
    for name in names:
        page.goto(house.url("/beratta/klagomal/"))
        page.locator("#id_text").fill(f"Om {name} {unique}")
        page.locator("select[name=category]").select_option(label=name)
        send(page)
        unit_id, kind = house.case(number_on(page), "unit_id", "route_kind")
        assert kind != "fallback", name
        reached[name] = house.row("select coalesce(parent_id, id) from organisations_unit where id = %s", unit_id)[0]
    assert len(set(reached.values())) >= 4, reached


def test_the_clock_is_swedish(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A browser elsewhere in the world sees when it was here."""
    page = visit(timezone_id="America/New_York")
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Vad är klockan? {unique}")
    send(page)
    number_on(page)
    expect(page.locator(".receipt time").first).to_be_visible()
    (at,) = house.case(page.locator(".receipt .nr").inner_text(), "registered_at at time zone 'Europe/Stockholm'")
    assert f"{at:%H.%M}" in page.locator(".receipt").inner_text()
