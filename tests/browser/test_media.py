"""The pages as some have to see them: forced colours, on paper, without motion, on a small screen held either way."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_report import FAULT
from tests.browser.walks import KIM, log_in, number_on, publish, report, send

LANDSCAPE = (740, 360)
ZOOMED = (320, 256)
"""What a window of 1280 by 1024 holds at 400 %."""


@pytest.fixture(scope="module")
def told(house: SmallHouse) -> tuple[str, str]:
    """(number, code) of a report that others may read."""
    return report(house, "Lekplatsen har en trasig gunga.", contact="code", publish="on")


def pages(told: tuple[str, str]) -> list[str]:
    """A page of each sort that residents meet."""
    _number, code = told
    listed = ["/", FAULT, "/beratta/", "/arenden/?lage=alla", "/f/", f"/f/{code}/", f"/tack/{code}/"]
    return [*listed, "/om/tillganglighet/"]


# ── forced colours ────────────────────────────────────────────────────────────────────────────────────────────────
UNSEEN = """() => {
    const canvas = document.createElement("div");
    canvas.style.cssText = "position: absolute; color: Canvas";
    document.body.append(canvas);
    const ground = getComputedStyle(canvas).color;
    canvas.remove();
    const bordered = (s) => s.borderTopStyle !== "none" && parseFloat(s.borderTopWidth) > 0
        && s.borderTopColor !== ground;
    const bad = [];
    const controls = "button, .btn, .chip, .kind, .choice, .drop, select, textarea, input:not([type=hidden], .vh)";
    for (const e of document.querySelectorAll(controls)) {
        if (e.type === "file") continue;
        const box = e.getBoundingClientRect();
        if (!box.width || !box.height || e.closest("[hidden], .trap, .vh") || !e.checkVisibility()) continue;
        const s = getComputedStyle(e);
        const native = e.matches("[type=radio], [type=checkbox]");
        const quiet = e.matches(".quiet");
        const bare = !native && !quiet && !bordered(s) && s.outlineStyle === "none";
        if (bare) bad.push("no edge: " + e.outerHTML.slice(0, 100));
        if (!native && s.color === s.backgroundColor) bad.push("no words: " + e.outerHTML.slice(0, 100));
    }
    for (const e of document.querySelectorAll("[aria-current], .chip:has(:checked), .choice:has(:checked)")) {
        if (!e.checkVisibility() || !e.closest(".nav, .chips, .choices")) continue;
        const others = [...(e.closest("ul, .choices")?.querySelectorAll("a, .chip, .choice") ?? [])];
        const other = others.find((it) => it !== e && !it.matches("[aria-current]") && !it.querySelector(":checked"));
        const box = e.querySelector("input:checked");
        if (!other || (box?.checkVisibility() && box.getBoundingClientRect().width > 8)) continue;
        const s = getComputedStyle(e), o = getComputedStyle(other);
        const ways = ["borderTopWidth", "borderBottomWidth", "outlineStyle", "textDecorationLine", "backgroundColor"];
        const told = ways.some((way) => s[way] !== o[way]);
        if (!told) bad.push("chosen looks like the rest: " + e.outerHTML.slice(0, 100));
    }
    for (const e of document.querySelectorAll("svg.i")) {
        const seen = e.checkVisibility() && e.getBoundingClientRect().width;
        if (seen && getComputedStyle(e).stroke === ground) bad.push("icon: " + e.parentElement.outerHTML.slice(0, 80));
    }
    for (const e of document.querySelectorAll(".line > li")) {
        const s = getComputedStyle(e, "::before");
        const ringed = parseFloat(s.borderTopWidth) > 0 && s.borderTopStyle !== "none";
        if (!ringed && s.backgroundColor === ground) bad.push("timeline without dots");
    }
    return [...new Set(bad)];
}"""


@pytest.mark.requirement("2.25", "X10")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_forced_colours_everything_has_an_edge_and_what_is_chosen_shows(
    house: SmallHouse, visit: Visit, told: tuple[str, str], scheme: str
) -> None:
    page = visit(forced_colors="active", color_scheme=scheme)
    found = []
    for path in pages(told):
        page.goto(house.url(path))
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        found += [f"{path}: {said}" for said in page.evaluate(UNSEEN)]
    assert not found, "\n".join(found)


@pytest.mark.requirement("2.25", "X10")
def test_a_report_is_sent_with_forced_colours_and_focus_is_seen(house: SmallHouse, visit: Visit, unique: str) -> None:
    page = visit(forced_colors="active")
    page.goto(house.url(FAULT))
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => [document.activeElement, document.activeElement.closest('label, .drop, .choice')].filter(Boolean)"
            ".map((it) => getComputedStyle(it))"
            ".some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 1)"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
    page.locator("#id_text").fill(f"Gungan är trasig {unique}")
    send(page)
    assert number_on(page)


# ── on paper ──────────────────────────────────────────────────────────────────────────────────────────────────────
NOT_ON_PAPER = "nav.nav, footer, .skip, .btn, button, form.card, .mapbox"


def printed(page: Page) -> str:
    """The words on the paper, in one line."""
    with_pages = pypdfium2.PdfDocument(page.pdf(format="A4"))
    words = " ".join(sheet.get_textpage().get_text_range() for sheet in with_pages)
    return re.sub(r"\s+", " ", words)


def left_over(page: Page) -> list[str]:
    """What would be printed that nobody can press on paper."""
    found: list[str] = page.locator(NOT_ON_PAPER).evaluate_all(
        "all => all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().height > 0 && !e.closest('.vh'))"
        ".map((e) => e.outerHTML.slice(0, 90))"
    )
    return found


@pytest.mark.requirement("2.25", "2.3")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_receipt_and_case_are_printed_with_what_matters(
    house: SmallHouse, visit: Visit, told: tuple[str, str], scheme: str
) -> None:
    number, code = told
    reviewer = visit()
    log_in(reviewer, house, KIM)
    if house.case(number, "publication_state") != ("published",):
        publish(reviewer, house, number)
    page = visit(size=DESKTOP, color_scheme=scheme)
    page.emulate_media(media="print")
    for path, words in (
        (f"/tack/{code}/", [number, "motala.localhost"]),
        (f"/f/{code}/", [number, "gunga", "Lekplatsen har en trasig gunga."]),
        (f"/arenden/{number}/", [number, "Lekplatsen har en trasig gunga."]),
    ):
        page.goto(house.url(path))
        assert left_over(page) == [], path
        said = printed(page)
        for word in words:
            assert word in said, (path, word, said)
        assert "Följ ditt ärende" not in said
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)", (path, ground)
    page.goto(house.url(f"/tack/{code}/"))
    assert code.replace("-", "") in printed(page).replace("-", "").replace(" ", "")


@pytest.mark.requirement("2.25", "2.3")
def test_words_on_paper_are_dark(house: SmallHouse, visit: Visit, told: tuple[str, str]) -> None:
    """Also for those whose screen is dark: no pale words on white."""
    page = visit(size=DESKTOP, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for path in (f"/tack/{told[1]}/", f"/f/{told[1]}/", "/arenden/?lage=alla", "/om/tillganglighet/"):
        page.goto(house.url(path))
        pale = page.locator("main :is(h1, h2, h3, p, li, dd, dt, td, a, span)").evaluate_all(
            """all => all.filter((e) => {
                if (!e.checkVisibility() || !e.textContent.trim() || e.closest(".vh")) return false;
                const [r, g, b] = getComputedStyle(e).color.match(/[\\d.]+/g).map(Number);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b > 140;
            }).map((e) => e.outerHTML.slice(0, 90))"""
        )
        assert pale == [], (path, pale[:5])


# ── motion ────────────────────────────────────────────────────────────────────────────────────────────────────────
MOVING = """() => document.getAnimations().filter((it) => it.playState === "running").map(
    (it) => (it.animationName ?? it.transitionProperty) + " " + it.effect.target.outerHTML.slice(0, 60))"""
EASED = """() => [...document.querySelectorAll("*")].filter((e) => {
    const s = getComputedStyle(e);
    const animated = s.animationName !== "none" && parseFloat(s.animationDuration) > 0.01;
    return animated || s.transitionDuration.split(",").some((d) => parseFloat(d) > 0.01);
}).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.requirement("2.25", "X10")
def test_nothing_moves_for_who_wants_it_still(house: SmallHouse, visit: Visit, told: tuple[str, str]) -> None:
    still, free = visit(reduced_motion="reduce"), visit(reduced_motion="no-preference")
    for path in pages(told):
        still.goto(house.url(path))
        assert still.evaluate(EASED) == [], path
        assert still.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        free.goto(house.url(path))
        free.wait_for_timeout(600)
        assert free.evaluate(MOVING) == [], path  # nor does anything go on by itself for others


# ── small screens ─────────────────────────────────────────────────────────────────────────────────────────────────
OUTSIDE = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((e) => {
    const box = e.getBoundingClientRect();
    const out = box.width && (box.right > innerWidth + 1 || box.left < -1);
    return out && e.checkVisibility() && !e.closest(".vh, .trap, .skip, .qm, .scroll, pre, .leaflet-container");
}).map((e) => e.outerHTML.slice(0, 90)).slice(0, 5)"""


@pytest.mark.requirement("2.25", "0.1")
@pytest.mark.parametrize("size", [PHONE, LANDSCAPE, ZOOMED], ids=["upright", "on its side", "400 %"])
def test_every_page_fits_either_way_and_the_menu_takes_one_line(
    house: SmallHouse, visit: Visit, told: tuple[str, str], size: tuple[int, int]
) -> None:
    page = visit(size=size)
    for path in pages(told):
        page.goto(house.url(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], (path, page.evaluate(OUTSIDE))
        assert page.evaluate(OUTSIDE) == [], path
        lines = page.locator("nav.nav a").evaluate_all(
            """all => all.map((a) => {
                const range = document.createRange();
                range.selectNodeContents(a.lastChild);
                const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
                return new Set(boxes.map((box) => Math.round(box.top))).size;
            })"""
        )
        assert set(lines) == {1}, (path, lines)
        covered = page.locator("nav.nav").evaluate(
            "nav => getComputedStyle(nav).position === 'fixed' ? nav.getBoundingClientRect().height : 0"
        )
        assert covered <= size[1] / 6, path


@pytest.mark.requirement("2.25", "0.1")
@pytest.mark.parametrize("size", [LANDSCAPE, ZOOMED], ids=["on its side", "400 %"])
def test_a_report_on_a_small_screen(house: SmallHouse, visit: Visit, size: tuple[int, int], unique: str) -> None:
    """Nothing covers what has the focus, and the way to the receipt is the same."""
    page = visit(size=size)
    page.goto(house.url(FAULT))
    page.locator("#id_text").fill(f"Gungan är trasig {unique}")
    page.locator("[data-send]").scroll_into_view_if_needed()
    box = page.locator("[data-send]").bounding_box()
    assert box is not None
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    on_top = page.evaluate("([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('[data-send]'))", middle)
    assert on_top
    send(page)
    number_on(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
