"""What is open to everybody, in a browser: what other sites put in a frame, the register, large files."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.test_report import BOTH
from tests.browser.walks import ADMIN, KIM, code_on, log_in, number_on, open_case, send
from tests.far_end import FarEnd
from tests.www.opendata.conftest import CASE_COLUMNS

FRAMES = {"map": "/inbaddat/karta/", "list": "/inbaddat/lista/"}


@pytest.mark.parametrize("path", FRAMES.values(), ids=FRAMES)
@pytest.mark.requirement("P7")
def test_the_frames_are_good_pages(house: SmallHouse, visit: Visit, path: str) -> None:
    """By axe, in both schemes and sizes, with a choice and in another language."""
    page = visit()
    found = []
    for query in ("", "?sprak=en", "?kategori=belysning"):
        page.goto(house.url(f"{path}{query}"))
        page.wait_for_load_state("networkidle")
        found += complaints(page)
    assert not found, "\n".join(found)


@BOTH
@pytest.mark.requirement("4.15")
def test_a_document_is_asked_for_by_nobody_in_particular(
    house: SmallHouse, visit: Visit, unique: str, *, js: bool
) -> None:
    """From the register to a number without saying who one is; it stands in the register and at the desk."""
    page = visit(js=js)
    page.goto(house.url("/diarium/"))
    page.get_by_role("link", name="Begär ut en handling").click()
    page.locator("#id_text").fill(f"Jag vill läsa avtalet om vinterväghållning {unique}")
    expect(page.locator("[name=contact][value=code]")).to_be_checked()  # a code: neither name nor address
    send(page)
    number, _code = number_on(page), code_on(page)
    case_id, answer_by = house.case(number, "id", "answer_by")
    assert answer_by is not None
    assert house.rows("select 1 from cases_reporter where case_id = %s and (name <> '' or email <> '')", case_id) == []
    page.goto(house.url("/diarium/"))
    page.get_by_label("Ärendenummer").fill(number)
    page.get_by_role("button", name="Sök").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Begär ut en handling")
    assert unique not in page.content(), "the register tells of what sort it is, never what was written"
    officer = visit(size=DESKTOP)
    log_in(officer, house, KIM)
    open_case(officer, house, number)
    expect(officer.locator("main")).to_contain_text(f"vinterväghållning {unique}")


@pytest.mark.requirement("4.15")
def test_the_register_is_a_good_page(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Its list, a search that finds nothing, and the form for asking."""
    page = visit()
    found = []
    page.goto(house.url("/diarium/"))
    ask = page.get_by_role("link", name="Begär ut en handling").get_attribute("href")
    for path in ("/diarium/", "/diarium/?nummer=00-0", str(ask)):
        page.goto(house.url(path))
        found += complaints(page)
    assert not found, "\n".join(found)


HOST = "mjolby.localhost"
_MINE = "select id from cases_case where number like '26-9%%' and text = %s"


@pytest.fixture
def a_large_municipality(house: SmallHouse, unique: str) -> Iterator[None]:
    """Mjölby with more published cases than are put in a GeoPackage while one waits."""
    house.do(
        f"with made as (insert into cases_case ({CASE_COLUMNS}, uid, number, follow_digest, state, lat, lon, cell)"
        f" select {CASE_COLUMNS.replace(' text,', ' %s,')}, gen_random_uuid(), '26-9' || n, sha256(n::text::bytea),"
        " 'resolved', lat, lon, cell"
        " from (select c.* from cases_case c join organisations_organisation o on o.id = c.organisation_id"
        " where o.slug = 'mjolby' and c.lat is not null limit 1) one, generate_series(1, 10001) n"
        " returning id, organisation_id) insert into cases_publication"
        " (organisation_id, case_id, title, text, answer, published_at)"
        " select organisation_id, id, 'Lampa', '', '', now() from made",
        unique,
    )
    yield
    house.do(f"delete from cases_publication where case_id in ({_MINE})", unique)
    house.do(f"delete from cases_case where id in ({_MINE})", unique)


@pytest.mark.requirement("0.19")
@pytest.mark.usefixtures("a_large_municipality")
def test_a_large_geopackage_is_waited_for(house: SmallHouse, visit: Visit) -> None:
    """A page says that it is being made and has a button; a while later the same button gives the file."""
    page = visit()
    page.goto(house.url("/oppna-data/", HOST))
    page.get_by_role("link", name="GeoPackage").click()
    expect(page.get_by_role("heading", name="Filen görs")).to_be_visible()
    found = complaints(page)
    assert not found, "\n".join(found)
    for _ in range(120):
        if house.rows("select 1 from opendata_preparedfile where not waiting and size > 0"):
            break
        page.wait_for_timeout(500)
    with page.expect_download() as download:
        page.get_by_role("link", name="Försök igen").click()
    assert download.value.suggested_filename == "mjolby-arenden.gpkg"


@pytest.mark.requirement("P27")
def test_a_webhook_is_set_up_tried_and_taken_away(house: SmallHouse, visit: Visit, unique: str) -> None:
    """By an administrator: what is wrong is said, a test arrives signed and stands in the log, then it is gone."""
    there = FarEnd(house.other_port)
    page = visit(size=DESKTOP)
    log_in(page, house, ADMIN, to="/installningar/webhooks/")
    page.get_by_role("link", name="Lägg till webhook").click()
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".err:visible").first).to_be_visible()
    found = complaints(page)
    page.get_by_label("Vad heter det andra systemet?").fill(unique)
    page.get_by_label("Adress att skicka till").fill(f"{there.url}/in")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("button", name="Skicka ett prov").click()
    for _ in range(600):
        if there.heard:
            break
        page.wait_for_timeout(100)
    there.close()
    (heard,) = there.heard
    assert heard.headers["webhook-signature"].startswith("v1,")
    for _ in range(600):
        page.reload()
        if "Framme" in page.locator("tbody").inner_text():
            break
    page.locator("tbody a").first.click()
    found += complaints(page)
    page.go_back()
    found += complaints(page)
    page.get_by_role("button", name="Ta bort webhooken").click()
    expect(page.get_by_text("Webhooken är borta.")).to_be_visible()
    expect(page.get_by_role("link", name=unique)).to_have_count(0)
    assert not found, "\n".join(found)


@pytest.mark.requirement("N9")
def test_a_key_is_made_shown_once_used_and_taken_back(house: SmallHouse, visit: Visit, unique: str) -> None:
    """By an administrator; with it a report is let in, and after it is taken back no more."""
    page = visit(size=DESKTOP)
    log_in(page, house, ADMIN, to="/installningar/nycklar/")
    page.get_by_label("Vad heter systemet?").fill(unique)
    page.get_by_role("button", name="Gör en nyckel").click()
    shown = page.locator("section", has=page.locator("#h-shown"))
    key = shown.locator("code").inner_text()
    found = complaints(page)
    report = {"api_key": key, "service_code": "gata.hal", "attribute[fara]": "nej", "description": unique}
    report |= {"lat": "58.5371", "long": "15.0365"}
    assert house.ask("/open311/v2/requests.json", report).status < 300
    page.goto(house.url("/installningar/nycklar/"))
    assert key not in page.content()
    card = page.locator("section.card", has=page.get_by_role("heading", name=unique))
    card.locator("summary", has_text="Ta tillbaka").click()
    card.get_by_role("button", name="Ta tillbaka nyckeln").click()
    expect(page.get_by_text("Nyckeln gäller inte längre.")).to_be_visible()
    assert house.ask("/open311/v2/requests.json", {**report, "description": "Igen"}).status == 403
    found += complaints(page)
    assert not found, "\n".join(found)


def open_map(page: Page, mode: str) -> None:
    """Ask for the map, and wait until something is on it."""
    details = page.locator("details", has=page.locator(f"[data-map={mode}]"))
    if details.get_attribute("open") is None:  # it is, from the start, where there is room
        details.locator("summary").click()
    sign = ".map-heat" if mode == "heat" else ".leaflet-marker-icon"
    expect(page.locator(f"[data-map={mode}] {sign}").first).to_be_attached()


@pytest.mark.requirement("P7", "0.19")
def test_maps_follow_their_filters(house: SmallHouse, visit: Visit) -> None:
    """List, heat map and the desk's map ask for what was chosen and nothing else; all are good pages."""
    asked: list[str] = []
    (category,) = house.row(
        "select g.code from cases_case c join cases_category g on g.id = c.category_id"
        " join organisations_organisation o on o.id = c.organisation_id and o.slug = 'motala'"
        " where c.publication_state = 'published' and c.cell is not null order by c.id limit 1"
    )
    page = visit()
    page.on("request", lambda request: asked.append(request.url) if ".json" in request.url else None)
    page.goto(house.url("/arenden/?lage=alla"))
    page.locator("summary", has_text="Fler val").click()
    page.get_by_label("Vad det gäller").select_option(category)
    page.get_by_role("button", name="Visa", exact=True).click()
    page.wait_for_url(f"**kategori={category}**")
    assert "lage=alla" in page.url
    open_map(page, "list")
    tiles = [url for url in asked if re.search(r"/karta/\d", url)]
    assert tiles
    assert all(f"kategori={category}" in url and "lage=alla" in url for url in tiles)
    page.get_by_role("link", name="Se var det är tätast").click()
    page.get_by_label("Sort", exact=True).select_option(index=1)
    page.get_by_role("button", name="Visa", exact=True).click()
    page.goto(house.url("/karta/tatast/"))
    open_map(page, "heat")
    found = complaints(page)
    officer = visit(size=DESKTOP)
    log_in(officer, house, KIM, to="/desk/karta/")
    officer.get_by_label("Sort", exact=True).select_option("felanmalan")
    officer.get_by_role("button", name="Visa", exact=True).click()
    officer.wait_for_url("**sort=felanmalan**")
    open_map(officer, "list")
    found += complaints(officer)
    pin = officer.locator("[data-map=list] .leaflet-marker-icon").first
    pin.focus()
    officer.keyboard.press("Enter")
    assert not found, "\n".join(found)
