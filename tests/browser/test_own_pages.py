"""Pages that few links lead to: one's own cases, and hints while staff write. By axe and keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import FOCUS, complaints
from tests.browser.walks import KIM, log_in, mails_to, open_case, report


def tab_to(page: Page, wanted: str) -> None:
    """By the keyboard alone; every stop on the way is seen and not covered."""
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["seen"], f"focus is not seen on {at['name']}"
        assert not at["covered"], f"focus is hidden on {at['name']}"
        if at["id"] == wanted:
            return
    raise AssertionError(f"the keyboard never got to {wanted}")


@pytest.mark.requirement("2.3")
def test_one_s_own_cases_with_the_keyboard_alone(house: SmallHouse, visit: Visit, unique: str) -> None:
    """From the address to the code, to the list, to one more case by its code; a wrong one is said and kept."""
    address = f"{unique}@example.se"
    report(house, f"Bänken är trasig {unique}", contact="email", email=address)
    _number, other = report(house, f"Lampan är släckt {unique}")
    page = visit()
    page.goto(house.url("/logga-in/"))
    found = complaints(page)
    tab_to(page, "id_address")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Skriv koden")).to_be_visible()
    found += complaints(page)
    codes = [digits for _subject, body in mails_to(house, address, 2) for digits in re.findall(r"\b\d{6}\b", body)]
    page.locator("body").focus()
    tab_to(page, "id_code")
    page.keyboard.type(codes[-1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/mina-arenden/")
    expect(page.locator("main ol.list a")).to_have_count(1)
    tab_to(page, "id_kod")
    page.keyboard.type("FEL-KOD")
    page.keyboard.press("Enter")
    expect(page.locator("#id_kod")).to_have_value("FEL-KOD")
    found += complaints(page)
    page.locator("#id_kod").fill(other)
    page.keyboard.press("Enter")
    expect(page.locator("main ol.list a")).to_have_count(2)
    found += complaints(page)
    assert not found, "\n".join(found)


@pytest.mark.requirement("2.18")
def test_hints_while_staff_write_are_heard_and_stop_nothing(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A heavy sentence is hinted at beside the field, and again before it goes; it goes all the same."""
    number, _code = report(house, f"När lagas bänken? {unique}")
    page = visit(size=DESKTOP)
    log_in(page, house, KIM)
    open_case(page, house, number)
    heavy = "Avseende erforderlig reparationsåtgärd föreligger budgeteringsproblematik " * 4
    page.locator("#id_reply").fill(heavy)
    hints = page.get_by_role("list", name="Förslag till lättare text")
    expect(hints.get_by_role("listitem").first).to_contain_text("lix")
    found = complaints(page)
    page.get_by_role("button", name="Läs igenom").click()
    expect(page.locator("#id_reply")).to_have_value(re.compile("Avseende"))
    found += complaints(page)
    assert not found, "\n".join(found)
