"""Logging in: a wrong password, a second step from the telephone, and back out."""

import re
from contextlib import suppress

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PageTimeout

from tests.browser.conftest import Visit
from tests.browser.house import PASSWORD, SmallHouse
from tests.browser.walks import log_in

NILS, VERA = "nils@motala.example", "vera@motala.example"


def code_of(secret: str) -> str:
    """What the telephone's app shows right now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def again(page: Page, house: SmallHouse, email: str) -> None:
    """Log out and in again."""
    page.goto(house.url("/desk/"))
    page.get_by_role("button", name="Logga ut").click()
    expect(page).to_have_url(house.url("/"))
    log_in(page, house, email)


def test_a_wrong_password_says_so_and_nothing_more(house: SmallHouse, visit: Visit) -> None:
    """The same sentence for an address that nobody has: who works here is not given away."""
    page = visit()
    said = []
    for email in (VERA, "ingen@motala.example"):
        log_in(page, house, email, "fel lösenord!")
        complaint = page.locator("main [role=alert], main .err").first
        expect(complaint).to_be_visible()
        said.append(complaint.inner_text())
        expect(page.locator("#id_login")).to_have_value(email)
    assert said[0] == said[1]
    page.locator("#id_login").fill(VERA)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def test_a_second_step_from_the_telephone(house: SmallHouse, visit: Visit) -> None:
    """Set up with a code, asked for at the next log-in, by telephone or with a code from the paper in the drawer."""
    page = visit()
    log_in(page, house, NILS)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.goto(house.url("/konto/2fa/"))
    page.goto(house.url("/konto/2fa/totp/activate/"))
    if page.locator("#id_password").count():  # asked again who one is
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main").get_by_role("button").first.click()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill("000000")
    page.locator("#id_code").press("Enter")
    expect(page.locator("main .err, main [role=alert], main .errorlist").first).to_be_visible()
    secret = page.locator("#authenticator_secret").input_value() or secret
    for _attempt in range(3):  # a code lasts half a minute and may run out on the way
        page.locator("#id_code").fill(code_of(secret))
        page.locator("#id_code").press("Enter")
        with suppress(PageTimeout):
            page.wait_for_url("**/recovery-codes/**", timeout=30_000)
            break
        secret = page.locator("#authenticator_secret").input_value() or secret
    recovery = re.findall(r"\b[0-9a-f]{8}\b|\b\d{8}\b", page.locator("main").inner_text() + _values(page))
    assert recovery

    again(page, house, NILS)
    expect(page.get_by_role("heading", name="Skriv koden från din telefon")).to_be_visible()
    page.locator("#id_code").fill("123456")
    page.locator("main .pri").click()
    expect(page.locator("main .err, main [role=alert]").first).to_be_visible()
    page.locator("#id_code").fill(recovery[0])
    page.locator("main .pri").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    house.do("delete from mfa_authenticator")


def _values(page: Page) -> str:
    """What stands in the fields of the page."""
    return " ".join(field.input_value() for field in page.locator("main textarea").all())
