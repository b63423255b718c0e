"""What people do in Lyhörd, step by step, as the tests tell it."""

import re
from http import HTTPStatus
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.house import PASSWORD, House, eventually

SARA, AMIR, MARIA, KIM, ADMIN = (f"{name}@motala.example" for name in ("sara", "amir", "maria", "kim", "admin"))


def log_in(page: Page, house: House, email: str, password: str = PASSWORD, *, to: str = "/desk/") -> None:
    """By the log-in page, from the page that wants somebody who works here."""
    page.goto(house.url(to))
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("main").get_by_role("button", name="Logga in").click()


def number_on(page: Page) -> str:
    """The case number on a receipt."""
    page.wait_for_url("**/tack/**")
    text = page.locator(".receipt .nr").inner_text().strip()
    assert re.fullmatch(r"\d\d-\d+", text), text
    return text


def code_on(page: Page) -> str:
    """The follow code on a receipt."""
    return page.locator(".code").inner_text().strip()


def send(page: Page) -> None:
    """Press the one primary button of the form."""
    page.locator("[data-send]").click()


def report(house: House, text: str, *, kind: str = "felanmalan", **fields: str) -> tuple[str, str]:
    """A report sent without looking at the page, by the same form: (number, code). For what a test begins with."""
    form = {
        "submission_id": str(uuid4()),
        "text": text,
        "contact": "code",
        "confirmed": "1",
        "wants_feedback": "on",
        **fields,
    }
    answer = house.ask(f"/beratta/{kind}/", form)
    assert answer.status == HTTPStatus.SEE_OTHER, re.findall(r"(?s)<title>.*?<|href=\"#id[^<]*", answer.text)
    found = re.search(r'class="nr num">([\d-]+)<', house.ask(answer.location).text)
    assert found
    return found[1], answer.location.split("/")[-2]


def open_case(page: Page, house: House, number: str) -> None:
    """At the desk, by its number."""
    page.goto(house.url(f"/desk/{house.case(number, 'id')[0]}/"))


def publish(page: Page, house: House, number: str) -> None:
    """By a reviewer who has logged in on this page."""
    page.goto(house.url(f"/desk/granska/{house.case(number, 'id')[0]}/"))
    page.get_by_role("button", name="Visa för andra").click()
    expect(page.get_by_text("Ärendet visas nu för andra")).to_be_visible()


def mails_to(house: House, address: str, most: int = 1) -> list[tuple[str, str]]:
    """(subject, body) of what has left for an address, oldest first, once there are that many."""
    query = "select subject, body from notifications_notice where address = %s and state = 'sent' order by id"

    def arrived() -> list[tuple[str, str]]:
        found = house.rows(query, address)
        return [(str(subject), str(body)) for subject, body in found] if len(found) >= most else []

    return eventually(arrived, f"{most} mails to {address}")


def link_in(body: str) -> str:
    """The first link in a mail."""
    found = re.search(r"https?://\S+", body)
    assert found, body
    return found[0].rstrip(".,)")
