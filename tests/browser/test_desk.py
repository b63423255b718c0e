"""The desk in a browser: what is written is never lost, two people never overwrite each other, keys do the work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_report import BOTH
from tests.browser.walks import AMIR, KIM, SARA, log_in, open_case, report

LONG = "Hej! Vi har tittat på det här och återkommer med en dag när det blir gjort. "


def at_desk(visit: Visit, house: SmallHouse, email: str, *, js: bool = True, size: tuple[int, int] = DESKTOP) -> Page:
    """Somebody who has logged in and sees the desk."""
    page = visit(js=js, size=size)
    log_in(page, house, email)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    return page


def lamp(house: SmallHouse, unique: str, **fields: str) -> str:
    """A case of Gata och park."""
    return report(house, f"Lampan är släckt {unique}", case_type="belysning.slackt", **fields)[0]


@BOTH
@pytest.mark.requirement("N9")
def test_an_answer_written_in_an_ended_session_is_sent_after_the_log_in(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """The session ends while somebody writes: they log in, see their words, and send them with one press."""
    number = lamp(house, unique)
    page = at_desk(visit, house, SARA, js=js)
    open_case(page, house, number)
    page.locator("#id_reply").fill(f"{LONG}{unique}")
    house.do("delete from django_session")
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.get_by_role("heading", name="Du har blivit utloggad")).to_be_visible()
    page.locator("main").get_by_role("link", name="Logga in").click()
    _log_in_here(page)
    expect(page.get_by_role("heading", name="Det du skrev finns kvar")).to_be_visible()
    expect(page.get_by_label("Det här skrev du")).to_have_value(f"{LONG}{unique}")
    page.get_by_role("button", name="Skicka nu").dblclick()
    expect(page.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    assert house.row("select count(*) from cases_message where text like %s", f"%{unique}") == (1,)


@BOTH
@pytest.mark.requirement("N9")
def test_logged_in_again_in_another_tab_the_first_tab_still_sends(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    number = lamp(house, unique)
    page = at_desk(visit, house, SARA, js=js)
    open_case(page, house, number)
    page.locator("#id_reply").fill(f"{LONG}{unique}")
    house.do("delete from django_session")
    other = page.context.new_page()
    other.goto(house.url("/desk/"))
    _log_in_here(other)
    expect(other.get_by_role("heading", level=1).first).to_be_visible()
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.get_by_role("heading", name="Det du skrev finns kvar")).to_be_visible()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()


def _log_in_here(page: Page) -> None:
    page.locator("#id_login").fill(SARA)
    page.locator("#id_password").fill("lyhord-demo")
    page.locator("main").get_by_role("button", name="Logga in").click()


def test_a_draft_is_there_when_one_comes_back(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Kept on the server while one writes: another page first, and it is still there."""
    number = lamp(house, unique)
    page = at_desk(visit, house, SARA)
    open_case(page, house, number)
    page.locator("#id_reply").fill(f"Halvt svar {unique}")
    expect(page.locator("[data-draft-status]")).not_to_be_empty()
    page.goto(house.url("/desk/"))
    open_case(page, house, number)
    expect(page.locator("#id_reply")).to_have_value(f"Halvt svar {unique}")


@BOTH
def test_two_who_answer_the_same_case_do_not_overwrite_each_other(
    house: SmallHouse, visit: Visit, unique: str, js: bool
) -> None:
    """The second is told that something has happened, with their text still there, and sends it if they still want."""
    number = lamp(house, unique)
    sara, amir = at_desk(visit, house, SARA, js=js), at_desk(visit, house, AMIR, js=js)
    for page in (sara, amir):
        open_case(page, house, number)
    sara.locator("#id_reply").fill(f"Svar från Sara {unique}")
    sara.get_by_role("button", name="Skicka svar").click()
    expect(sara.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    amir.locator("#id_reply").fill(f"Svar från Amir {unique}")
    amir.get_by_role("button", name="Skicka svar").click()
    expect(amir.locator(".thread")).to_contain_text(f"Svar från Sara {unique}")
    expect(amir.locator("#id_reply")).to_have_value(f"Svar från Amir {unique}")
    expect(amir.locator(".compose .err, .compose [role=alert]").first).to_be_visible()
    assert house.row("select count(*) from cases_message where text = %s", f"Svar från Amir {unique}") == (0,)
    amir.get_by_role("button", name="Skicka svar").click()
    expect(amir.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()


def test_a_double_click_on_an_answer_is_one_answer(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Two presses, one message to the resident."""
    number = lamp(house, unique)
    page = at_desk(visit, house, SARA)
    open_case(page, house, number)
    page.locator("#id_reply").fill(f"En gång {unique}")
    page.get_by_role("button", name="Skicka svar").dblclick()
    expect(page.locator(".thread")).to_contain_text(f"En gång {unique}")
    assert house.row("select count(*) from cases_message where text = %s", f"En gång {unique}") == (1,)


@pytest.mark.requirement("P5")
@BOTH
@pytest.mark.parametrize("named", [True, False], ids=["named", "anonymous"])
def test_staff_write_down_what_a_caller_says(
    house: SmallHouse, visit: Visit, unique: str, named: bool, js: bool
) -> None:
    """With or without a name; the number and the code are there to be read aloud."""
    page = at_desk(visit, house, KIM, js=js)
    page.get_by_role("link", name="Nytt ärende").first.click()
    page.get_by_label("Vad säger hen?").fill(f"Det luktar gas vid skolan, säger någon {unique}")
    if named:
        page.get_by_label("Namn", exact=True).fill("Anna Andersson")
        page.get_by_role("textbox", name="Mejl").fill(f"{unique}@example.se")
    page.get_by_role("button", name="Spara ärendet").click()
    number = page.locator(".receipt .nr").inner_text()
    case_id, channel = house.case(number, "id", "channel")
    assert channel == "phone"
    reporter = house.rows("select name, email from cases_reporter where case_id = %s", case_id)
    assert reporter == ([("Anna Andersson", f"{unique}@example.se")] if named else [])
    expect(page.locator(".receipt .code")).to_have_count(0 if named else 1)


def test_the_keys_of_the_desk(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Down the list, open, take, answer and send, without a mouse; and not while one is writing."""
    number = lamp(house, unique)
    page = at_desk(visit, house, SARA)
    page.goto(house.url(f"/desk/?q={number}"))
    page.keyboard.press("j")
    expect(page.locator(".rowcase").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lampor")
    page.keyboard.press("a")
    expect(page.get_by_text("Du har hand om ärendet.")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#id_reply")).to_be_focused()
    page.keyboard.type(f"javar {unique}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_label("Intern anteckning")).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_label("Nytt läge")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tangenter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Tangenter")).to_be_hidden()


def test_a_case_whose_sender_waits_is_not_closed_in_silence(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A sentence says what is missing; with a message it closes, and the mail leaves."""
    number = lamp(house, unique, contact="email", email=f"{unique}@example.se")
    page = at_desk(visit, house, SARA)
    open_case(page, house, number)
    page.locator("summary", has_text="Ändra läge").click()
    page.get_by_label("Nytt läge").select_option("resolved")
    page.get_by_role("button", name="Ändra läge").click()
    expect(page.locator(".acts .err").first).to_be_visible()
    assert house.case(number, "state") == ("received",)
    for field in page.locator(".acts details[open] textarea:visible").all():
        field.fill(f"Lampan är bytt {unique}.")
    page.get_by_role("button", name="Ändra läge").click()
    expect(page.get_by_text("Läget är ändrat.")).to_be_visible()
    assert house.case(number, "state") == ("resolved",)


def test_a_note_among_staff_is_never_shown_to_the_resident(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Neither on their page nor in a mail."""
    number, code = report(house, f"Lampan är släckt {unique}", contact="email", email=f"{unique}@example.se")
    page = at_desk(visit, house, KIM)
    open_case(page, house, number)
    page.get_by_label("Intern anteckning").check()
    page.locator("#id_reply").fill(f"Hemligt {unique}")
    page.get_by_role("button", name="Spara anteckning").click()
    expect(page.locator(".msg.int")).to_contain_text(f"Hemligt {unique}")
    assert "Hemligt" not in house.ask(f"/f/{code}/").text
    bodies = house.rows("select body from notifications_notice where address = %s", f"{unique}@example.se")
    assert not any("Hemligt" in body for (body,) in bodies)
