"""What is open to everybody, in a browser: frames on other sites, where most is told of, the register, large files."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.test_report import BOTH
from tests.browser.walks import ADMIN, KIM, code_on, log_in, number_on, open_case, publish, report, send
from tests.www.opendata.conftest import CASE_COLUMNS

OWN_SITE, OTHER_SITE = "https://www.motala.example", "https://www.annan.example"
FRAMES = {"map": "/inbaddat/karta/", "list": "/inbaddat/lista/"}


def named_by_an_administrator(house: SmallHouse, visit: Visit) -> list[str]:
    """The site is written in the settings, as anybody would; returns the lines of HTML that one is to paste."""
    page = visit(size=DESKTOP)
    log_in(page, house, ADMIN, to="/installningar/inbaddning/")
    page.get_by_label("Webbplatser som får visa kartan och listan").fill(OWN_SITE)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Sparat.")).to_be_visible()
    return [box.input_value() for box in page.locator("textarea[readonly]").all()]


def on_a_site(page: Page, site: str, snippet: str) -> None:
    """The lines stand in a page of somebody else's, at another origin."""

    def answer(route: Route) -> None:
        route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f"<!DOCTYPE html><html lang=sv><title>Kommunen</title><main><h1>Trafik</h1>{snippet}</main>",
        )

    page.route(f"{site}/**", answer)
    page.goto(f"{site}/trafik/")


@BOTH
@pytest.mark.requirement("P7", "0.25")
def test_the_own_site_shows_map_and_list_in_a_frame(house: SmallHouse, visit: Visit, unique: str, *, js: bool) -> None:
    """What the settings say to paste works at another origin; a link in it takes the whole page along."""
    snippets = named_by_an_administrator(house, visit)
    for size, snippet in ((PHONE, snippets[0]), (DESKTOP, snippets[1])):
        page = visit(size=size, js=js)
        on_a_site(page, OWN_SITE, snippet)
        frame = page.frame_locator("iframe[title='Det här har andra berättat']")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Det här har andra berättat")
        expect(frame.locator("ol.list li").first).to_be_visible()
        if js and snippet == snippets[0]:
            expect(frame.locator(".leaflet-marker-icon").first).to_be_visible()
        else:
            expect(frame.locator(".leaflet-container")).to_have_count(0)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        frame.get_by_role("link", name="Berätta för oss").click()
        expect(page).to_have_url(house.url("/"))


@pytest.mark.parametrize("path", FRAMES.values(), ids=FRAMES)
@pytest.mark.requirement("P7")
def test_another_site_shows_nothing(house: SmallHouse, visit: Visit, path: str) -> None:
    """The browser itself refuses, by the policy of the page: a site that nobody has named, and any page of ours."""
    named_by_an_administrator(house, visit)
    page = visit()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    for address in (path, "/"):
        on_a_site(page, OTHER_SITE if address == path else OWN_SITE, f'<iframe src="{house.url(address)}"></iframe>')
        page.wait_for_load_state("networkidle")
        assert page.frame_locator("iframe").locator("h1").count() == 0
    assert len([said for said in refused if "frame-ancestors" in said]) == 2, refused


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
@pytest.mark.requirement("P7", "0.19")
def test_where_most_is_told_of(house: SmallHouse, visit: Visit, unique: str, *, js: bool) -> None:
    """A choice narrows figures, map and files alike; the places stand in a table with or without a map."""
    _published(house, visit, unique)
    page = visit(size=DESKTOP, js=js)
    page.goto(house.url("/arenden/?lage=alla"))
    page.get_by_role("link", name="Här är det tätast").click()
    everything = page.locator("p.lead").inner_text()
    page.get_by_label("Vad det gäller").select_option("belysning")
    page.get_by_role("button", name="Visa").click()
    expect(page).to_have_url(re.compile("kategori=belysning"))
    expect(page.get_by_label("Vad det gäller")).to_have_value("belysning")
    assert page.locator("p.lead").inner_text() != everything
    expect(page.get_by_role("heading", name="Platser med många ärenden")).to_be_visible()
    if js:
        expect(page.locator(".leaflet-container")).to_be_visible()
        expect(
            page.locator(".leaflet-container path.leaflet-interactive, .leaflet-container canvas").first
        ).to_be_attached()
    else:
        expect(page.get_by_text("Visa på karta")).to_be_hidden()
    page.locator("summary", has_text="Följ i en läsare eller ladda ner").click()
    assert "kategori=belysning" in (page.get_by_role("link", name="CSV").get_attribute("href") or "")


def _published(house: SmallHouse, visit: Visit, unique: str) -> str:
    number, _code = report(house, f"Lampan är släckt {unique}", case_type="belysning.slackt", publish="on")
    reviewer = visit(size=DESKTOP)
    log_in(reviewer, house, KIM)
    publish(reviewer, house, number)
    return number


@BOTH
@pytest.mark.requirement("P4", "P7")
def test_the_map_shows_what_the_list_shows(house: SmallHouse, visit: Visit, *, js: bool) -> None:
    """Choices are links and fields, none needs a script; the map beside follows them."""
    page = visit(size=DESKTOP, js=js)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(house.url("/arenden/?lage=alla&kategori=belysning"))
    page.wait_for_load_state("networkidle")
    tiles = [url for url in asked if url.split("?")[0].endswith(".json")]
    if js:
        assert tiles
        assert all("kategori=belysning" in url for url in tiles)
    else:
        assert not tiles
    expect(page.locator("h1")).to_be_visible()


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
    expect(page.locator("#id_contact_1")).to_be_checked()  # a code: neither name nor address
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


@BOTH
@pytest.mark.requirement("0.19")
@pytest.mark.usefixtures("a_large_municipality")
def test_a_large_geopackage_is_waited_for(house: SmallHouse, visit: Visit, *, js: bool) -> None:
    """A page says that it is being made and has a button; a while later the same button gives the file."""
    page = visit(js=js)
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
