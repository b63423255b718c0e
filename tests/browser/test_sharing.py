"""Two municipalities, two browsers: one asks, the other takes, and the resident reads who has it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import PASSWORD, SmallHouse
from tests.browser.test_report import BOTH
from tests.browser.walks import SARA, log_in, open_case, report


@pytest.mark.requirement("0.20")
@BOTH
def test_a_case_goes_from_one_municipality_to_the_next(house: SmallHouse, visit: Visit, unique: str, js: bool) -> None:
    number, code = report(house, f"Jag heter Asta Ek. Det ligger ett träd över vägen {unique}")
    giver = visit(size=DESKTOP, js=js)
    log_in(giver, house, SARA)
    expect(giver.get_by_role("button", name="Logga ut")).to_be_visible()
    house.do(
        "update cases_case set unit_id = (select unit_id from accounts_membershipunit mu join accounts_membership m"
        " on m.id = mu.membership_id join accounts_user u on u.id = m.user_id where u.email = %s limit 1)"
        " where number = %s and organisation_id = (select id from organisations_organisation where slug = 'motala')",
        SARA,
        number,
    )
    open_case(giver, house, number)
    giver.get_by_role("link", name="Fråga andra kommuner").click()
    expect(giver.get_by_label("Det här läser de")).not_to_have_value("Asta")
    giver.get_by_label("Varför frågar ni?").fill(f"Vägen är er {unique}")
    giver.get_by_role("button", name="Fråga de andra").click()
    expect(giver.get_by_text("I gemensam kö")).to_be_visible()
    taker = visit(size=DESKTOP, js=js)
    taker.goto(house.url("/desk/gemensam/", "mjolby.localhost"))
    taker.locator("#id_login").fill("olle@mjolby.example")
    taker.locator("#id_password").fill(PASSWORD)
    taker.locator("main").get_by_role("button", name="Logga in").click()
    card = taker.locator("li.card", has_text=f"Vägen är er {unique}")
    expect(card).to_be_visible()
    expect(card).not_to_contain_text("Asta")
    card.get_by_role("button", name="Ta ärendet").click()
    expect(taker.get_by_text("Ärendet är ert nu.")).to_be_visible()
    resident = visit(js=js)
    resident.goto(house.url(f"/f/{code}/"))
    expect(resident.get_by_text("har tagit över ditt ärende. Hos dem har det nummer").first).to_be_visible()
