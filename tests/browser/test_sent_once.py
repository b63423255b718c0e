"""Pressed twice, gone back, two tabs, logged out: in a real browser nothing is done twice and no word is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_desk import at_desk, lamp
from tests.browser.test_report import BOTH
from tests.browser.walks import KIM, SARA, open_case, report

pytestmark = pytest.mark.requirement("N9")


def messages(house: SmallHouse, text: str) -> int:
    """How many times somebody has said it."""
    return int(house.row("select count(*) from cases_message where text = %s", text)[0])


def own_case(house: SmallHouse, visit: Visit, unique: str, *, js: bool) -> Page:
    """Somebody's own case, opened by its code."""
    page = visit(js=js)
    page.goto(house.url(f"/f/{report(house, f'Lampan är släckt {unique}')[1]}/"))
    return page


def say(page: Page, text: str) -> None:
    """Write it to the municipality; not sent yet."""
    page.locator("#skriv textarea").fill(text)


@BOTH
def test_what_a_resident_adds_with_a_double_click_is_one_message(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    page, text = own_case(house, visit, unique, js=js), f"En gång till {unique}"
    say(page, text)
    page.locator("#skriv").get_by_role("button", name="Skicka").dblclick()
    expect(page.get_by_text(text)).to_have_count(1)
    expect(page.locator("#skriv textarea")).to_have_value("")
    assert messages(house, text) == 1


@BOTH
def test_an_officer_who_goes_back_and_sends_again_has_answered_once(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    number, text = lamp(house, unique), f"Svarat {unique}"
    page = at_desk(visit, house, SARA, js=js)
    open_case(page, house, number)
    page.locator("#id_reply").fill(text)
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    page.go_back()
    page.locator("#id_reply").fill(text)
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.locator(".thread")).to_contain_text(text)
    assert messages(house, text) == 1


@BOTH
def test_one_officer_with_the_case_in_two_tabs_is_told_in_the_second(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """What is written in the second tab stays there, and goes with one more press."""
    number = lamp(house, unique)
    first = at_desk(visit, house, SARA, js=js)
    second = first.context.new_page()
    for page in (first, second):
        open_case(page, house, number)
    first.locator("#id_reply").fill(f"Från första fliken {unique}")
    second.locator("#id_reply").fill(f"Från andra fliken {unique}")
    first.get_by_role("button", name="Skicka svar").click()
    expect(first.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    second.get_by_role("button", name="Skicka svar").click()
    expect(second.locator(".compose [role=alert]").first).to_be_visible()
    expect(second.locator(".thread")).to_contain_text(f"Från första fliken {unique}")
    expect(second.locator("#id_reply")).to_have_value(f"Från andra fliken {unique}")
    assert messages(house, f"Från andra fliken {unique}") == 0
    second.get_by_role("button", name="Skicka svar").click()
    expect(second.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    assert messages(house, f"Från första fliken {unique}") == messages(house, f"Från andra fliken {unique}") == 1


@BOTH
def test_a_case_taken_in_one_tab_can_be_answered_in_the_other(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """One's own taking of the case loses no word of what one writes beside it."""
    number, text = lamp(house, unique), f"Jag tar den {unique}"
    first = at_desk(visit, house, SARA, js=js)
    second = first.context.new_page()
    for page in (first, second):
        open_case(page, house, number)
    second.locator("#id_reply").fill(text)
    first.get_by_role("button", name="Ta ärendet").first.click()
    expect(first.get_by_text("Du har hand om ärendet.")).to_be_visible()
    second.get_by_role("button", name="Skicka svar").click()
    sent = second.get_by_text(f"Svaret på {number} är skickat.")
    expect(sent.or_(second.locator(".compose [role=alert]")).first).to_be_visible()
    if not sent.is_visible():
        expect(second.locator("#id_reply")).to_have_value(text)
        second.get_by_role("button", name="Skicka svar").click()
        expect(sent).to_be_visible()
    assert messages(house, text) == 1


def written_down(page: Page, text: str) -> None:
    """What a caller says, in the form for it; not saved yet."""
    page.get_by_role("link", name="Nytt ärende").first.click()
    page.get_by_label("Vad säger hen?").fill(text)


@BOTH
def test_a_double_click_on_what_a_caller_says_is_one_case(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    page, text = at_desk(visit, house, KIM, js=js), f"Det blåser in, säger någon {unique}"
    written_down(page, text)
    page.get_by_role("button", name="Spara ärendet").dblclick()
    expect(page.locator(".receipt .nr")).to_be_visible()
    assert house.row("select count(*) from cases_case where text = %s", text) == (1,)


@BOTH
def test_what_a_caller_said_in_an_ended_session_becomes_a_case_after_the_log_in(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """A long call: nobody is asked to ring again, and one press more makes one case."""
    page, text = at_desk(visit, house, KIM, js=js), f"Ett långt samtal {unique}"
    written_down(page, text)
    house.do("delete from django_session")
    page.get_by_role("button", name="Spara ärendet").click()
    expect(page.get_by_role("heading", name="Du har blivit utloggad")).to_be_visible()
    page.locator("main").get_by_role("link", name="Logga in").click()
    page.locator("#id_login").fill(KIM)
    page.locator("#id_password").fill("lyhord-demo")
    page.locator("main").get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", name="Det du skrev finns kvar")).to_be_visible()
    expect(page.locator("main")).to_contain_text(text)
    page.get_by_role("button", name="Skicka nu").dblclick()
    expect(page.locator(".receipt .nr")).to_be_visible()
    assert house.row("select count(*) from cases_case where text = %s", text) == (1,)


@BOTH
def test_a_resident_who_goes_back_and_sends_again_has_said_it_once(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    page, text = own_case(house, visit, unique, js=js), f"Bakåt {unique}"
    say(page, text)
    page.locator("#skriv").get_by_role("button", name="Skicka").click()
    expect(page.get_by_text(text)).to_have_count(1)
    page.go_back()
    say(page, text)
    page.locator("#skriv").get_by_role("button", name="Skicka").click()
    page.wait_for_url("**#skriv")
    expect(page.locator("#skriv textarea")).to_have_value("")
    assert messages(house, text) == 1
