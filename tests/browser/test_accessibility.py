"""Every page by machine: WCAG 2.2 AA by axe, small and large, light and dark; 400 % zoom; the keyboard alone."""

from collections import deque
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_report import FAULT
from tests.browser.walks import ADMIN, KIM, SARA, log_in, number_on, open_case, publish, report, send
from tests.files import make

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
RUN = """async (rules) => (await axe.run(document, rules)).violations.flatMap(v => v.nodes.map(
    n => `${v.id}: ${n.target.join(" ")} ${n.failureSummary.split("\\n")[1].trim()}`))"""
LOOKS: list[tuple[tuple[int, int], Literal["light", "dark"], dict[str, Any]]] = [
    (PHONE, "light", RULES),
    (DESKTOP, "light", CONTRAST),
    (DESKTOP, "dark", RULES),
    (PHONE, "dark", CONTRAST),
]
FILES = {"opendata:cases", "opendata:feed", "opendata:catalogue", "open311:endpoint"}
"""What a browser saves, or shows in a page of its own."""
ZOOMED = (320, 256)
"""What a window of 1280 by 1024 holds at 400 %."""

SIDEWAYS = """() => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".leaflet-container, .scroll, pre"))
    .map(e => e.tagName + "." + e.className).slice(0, 5)"""


def complaints(page: Page) -> list[str]:
    """What is wrong with the page as it stands, everything that can be opened opened."""
    page.evaluate("for (const each of document.querySelectorAll('details:not([data-module])')) each.open = true")
    page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for (width, height), scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # or colours would be caught on their way
        found += [f"{width} {scheme} {said}" for said in page.evaluate(RUN, rules)]
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    if page.evaluate("document.documentElement.scrollWidth") > ZOOMED[0]:
        found.append(f"scrolls sideways at 400 %: {page.evaluate(SIDEWAYS)}")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    titles = page.locator("h1:visible").count()
    if titles != 1:
        found.append(f"{titles} headings of the first level")
    return [f"{urlsplit(page.url).path}: {said}" for said in found]


def walk(page: Page, house: SmallHouse, *starts: str, within: tuple[str, ...] = ("/",)) -> list[str]:
    """Look at one page of each sort that links lead to, from those given; returns what is wrong."""
    found: list[str] = []
    seen: set[str] = set()
    ahead = deque(starts)
    while ahead:
        path = ahead.popleft()
        try:
            sort = resolve(urlsplit(path).path).view_name
        except Resolver404:
            found.append(f"a link leads nowhere: {path}")
            continue
        if sort in seen or sort in FILES or not path.startswith(within):
            continue
        seen.add(sort)
        answer = page.goto(house.url(path))
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if answer.status != 200:
            found.append(f"{path}: {answer.status}")
        found += complaints(page)
        links = page.locator("a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        ahead += [urljoin(path, link) for link in links if link.startswith(("/", "?"))]
    assert len(seen) >= len(set(starts))
    return found


def test_the_pages_for_everybody(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Everything a resident's links lead to, and the gallery of components."""
    page = visit()
    starts = ["/", FAULT, "/beratta/berom/", "/arenden/?lage=alla", "/f/", "/utkorg/", "/delar/"]
    starts += ["/karta/tatast/", "/oppna-data/", "/inbaddat/karta/", "/inbaddat/lista/"]
    starts += ["/om/uppgifter/", "/om/tillganglighet/", "/konto/login/", "/konto/password/reset/"]
    _number, code = report(house, f"Något att följa {unique}", contact="email", email=f"{unique}@example.se")
    found = walk(page, house, *starts, f"/tack/{code}/", f"/f/{code}/")
    assert not found, "\n".join(found)


def test_the_kinds_of_telling(house: SmallHouse, visit: Visit) -> None:
    """Each kind has its own form."""
    page = visit()
    found = []
    for slug in ("klagomal", "forslag", "fraga"):
        page.goto(house.url(f"/beratta/{slug}/"))
        found += complaints(page)
    assert not found, "\n".join(found)


def test_what_goes_wrong_goes_wrong_accessibly(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Forms that come back, the page that says ring, no such page, taken back, a wrong code."""
    page = visit()
    found = []
    page.goto(house.url(FAULT))
    page.locator("#id_contact_0").check()
    page.locator("#id_email").fill("ingen adress")
    page.locator("#id_photos").set_input_files({"name": "a.svg", "mimeType": "image/svg+xml", "buffer": make.SVG})
    send(page)
    expect(page.get_by_role("alert").first).to_be_focused()
    found += complaints(page)
    page.goto(house.url(f"{FAULT}?typ=gata.brunn"))
    page.locator("#id_text").fill(f"Brunnen {unique}")
    page.locator("[data-acute]").first.check()
    found += complaints(page)
    send(page)
    expect(page.get_by_role("heading", name="Ring nu. Skriv inte.")).to_be_visible()
    found += complaints(page)
    page.goto(house.url("/f/?kod=fel"))
    found += complaints(page)
    page.goto(house.url("/finns/inte/"))
    found += complaints(page)
    page.goto(house.url(f"/folj/{uuid4()}/"))
    found += complaints(page)
    log_in(page, house, "ingen@motala.example", "fel lösenord!")
    found += complaints(page)
    assert not found, "\n".join(found)


def test_a_report_filled_with_everything(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Pictures, place, suggestions, questions, map; then receipt, follow page and, when published, the case."""
    page = visit(geolocation={"latitude": 58.5371, "longitude": 15.0365}, permissions=["geolocation"])
    page.goto(house.url(FAULT))
    photo = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=make.photo((58.54893, 15.01622)))
    page.locator("#id_photos").set_input_files([photo, photo])
    expect(page.locator("[data-photos] [aria-busy]")).to_have_count(0)
    page.locator("#id_text").fill(f"Det är ett stort hål i asfalten {unique}")
    expect(page.locator("input[name=case_type]").first).to_be_attached()
    page.locator("summary", has_text="Peka ut på karta").click()
    expect(page.locator(".leaflet-marker-icon")).to_be_visible()
    page.locator("#id_place_text").fill("vinterg")
    expect(page.get_by_role("option").first).to_be_attached()
    found = complaints(page)
    page.locator("#id_place_text").press("Escape")
    for no in page.get_by_label("Nej", exact=True).all():
        no.check()
    send(page)
    number = number_on(page)
    found += complaints(page)
    page.get_by_role("link", name="Följ ärendet").click()
    found += complaints(page)
    reviewer = visit()
    log_in(reviewer, house, KIM)
    publish(reviewer, house, number)
    page.goto(house.url(f"/arenden/{number}/"))
    found += complaints(page)
    page.locator("form", has=page.get_by_label("Din mejladress")).get_by_role("button", name="Följ").click()
    expect(page.locator("#id_email_error")).to_be_visible()
    found += complaints(page)
    page.goto(house.url("/arenden/"))
    page.locator("summary", has_text="Visa på karta").click()
    expect(page.locator("[data-map=list] .leaflet-marker-icon").first).to_be_visible()
    found += complaints(page)
    assert not found, "\n".join(found)


def test_the_desk(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Lists, a case with everything in it, what goes wrong in it, review, outbox, writing down for others."""
    number, _code = report(
        house, f"Ring 070-174 06 05 om hålet {unique}", publish="on", contact="email", email="a@b.se"
    )
    page = visit()
    log_in(page, house, KIM)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    open_case(page, house, number)
    page.locator("#id_reply").fill("Ett svar.")
    page.get_by_role("button", name="Skicka svar").click()
    found = complaints(page)
    page.locator("summary", has_text="Ändra läge").first.click()
    page.get_by_label("Nytt läge").select_option("planned")
    page.get_by_role("button", name="Ändra läge").click()
    expect(page.locator(".err:visible").first).to_be_visible()
    found += complaints(page)
    page.goto(house.url(f"/desk/granska/{house.case(number, 'id')[0]}/"))
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.locator("[name=warned]")).to_be_visible()
    found += complaints(page)
    page.goto(house.url("/desk/nytt/"))
    page.get_by_role("button", name="Spara ärendet").click()
    found += complaints(page)
    starts = ["/desk/?vy=alla", "/desk/?vy=forsenat", f"/desk/{house.case(number, 'id')[0]}/", "/desk/granska/"]
    found += walk(page, house, *starts, "/desk/utkorg/", "/desk/nytt/", within=("/desk/",))
    page.goto(house.url("/desk/?q=finnsinte"))
    found += complaints(page)
    page.goto(house.url("/installningar/"))
    found += complaints(page)  # not allowed
    assert not found, "\n".join(found)


def test_the_settings(house: SmallHouse, visit: Visit) -> None:
    """Everything that an administrator's links lead to."""
    page = visit()
    log_in(page, house, ADMIN)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    found = walk(page, house, "/installningar/", "/installningar/qr/ark/", within=("/installningar/",))
    assert not found, "\n".join(found)


def test_the_pages_of_ones_own_account(house: SmallHouse, visit: Visit) -> None:
    """Password, second step, log-out."""
    page = visit()
    log_in(page, house, SARA)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    paths = ["/konto/2fa/", "/konto/2fa/totp/activate/", "/konto/password/change/", "/konto/logout/", "/konto/email/"]
    found = walk(page, house, *paths, within=("/konto/",))
    assert not found, "\n".join(found)


FOCUS = """() => {
    const it = document.activeElement;
    const ringed = [it, ...(it.matches("input") ? [it.closest("label, .choice, .chip, .drop")] : [])].filter(Boolean);
    const seen = ringed.some(e => {
        const s = getComputedStyle(e);
        return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
    });
    const box = (ringed.at(-1) ?? it).getBoundingClientRect();
    const bar = document.querySelector("nav.nav").getBoundingClientRect();
    const covered = bar.top > 100 && box.top >= bar.top && !it.closest("nav.nav");
    return {name: it.outerHTML.slice(0, 120), id: it.id, seen, covered, send: it.hasAttribute("data-send")};
}"""


@pytest.mark.requirement("2.25")
def test_the_whole_report_with_the_keyboard_alone(house: SmallHouse, visit: Visit, unique: str) -> None:
    """From the first Tab to the receipt: every stop is seen, none is hidden behind the bar, and it all works."""
    page = visit()
    page.goto(house.url(FAULT))
    at: dict[str, Any] = {"id": "", "send": False}

    def tab_to(there: Callable[[dict[str, Any]], bool]) -> None:
        nonlocal at
        for _ in range(60):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            assert at["seen"], f"focus is not seen on {at['name']}"
            assert not at["covered"], f"focus is hidden on {at['name']}"
            if there(at):
                return
        raise AssertionError("the keyboard never got there")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(lambda at: at["id"] == "id_place_text")
    page.keyboard.type("vintergatan 7")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-found]")).to_be_visible()
    tab_to(lambda at: at["id"] == "id_text")
    page.keyboard.type(f"Papperskorgen är full {unique}")
    tab_to(lambda at: at["id"].startswith("id_contact_"))  # chosen from the start: a group of radios is one stop
    for _ in range(4):
        if at["id"] != "id_contact_0":
            page.keyboard.press("ArrowUp")
            at = page.evaluate(FOCUS)
    expect(page.locator("#id_contact_0")).to_be_checked()
    tab_to(lambda at: at["id"] == "id_email")
    page.keyboard.type(f"{unique}@example.se")
    tab_to(lambda at: bool(at["send"]))
    page.keyboard.press("Enter")
    assert house.case(number_on(page), "place_text", "wants_feedback") == ("Vintergatan 7, Motala", True)
