"""An identity provider's form, which comes from another site and so without our cookie: sent once more from here."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints

THERE = "http://id.example"


@pytest.mark.requirement("X9", "X10")
@pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
def test_it_goes_on_by_itself_or_by_a_press(house: SmallHouse, visit: Visit, js: bool) -> None:
    """What it says is judged by other tests; here nobody had begun to log in, and that is what is said."""
    house.do(
        "insert into residents_provider (organisation_id, label, issuer, client_id, secret, levels, active, about,"
        " keys, last_error, protocol, certificate, metadata_url, subject_attribute, audience)"
        " select id, 'Prov-ID', %s, 'us', '', '', false, '{}', '[]', '', 'saml', '', '', '', ''"
        " from organisations_organisation where slug = 'motala' on conflict do nothing",
        THERE,
    )
    (provider,) = house.row("select id from residents_provider where issuer = %s", THERE)
    where = house.url(f"/logga-in/svar/{provider}/")
    form = f"<form method=post action='{where}'><input name=SAMLResponse value=YWJj><input name=RelayState value=x>"
    page = visit(js=js)

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=f"{form}<button>Till kommunen</button></form>")

    page.route(f"{THERE}/**", answer)
    page.goto(f"{THERE}/")
    page.get_by_role("button").click()
    if not js:
        expect(page.get_by_role("heading", name="Du är snart inne")).to_be_visible()
        page.get_by_role("button", name="Gå vidare").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Inloggningen tog för lång tid, eller började i ett annat fönster."
    )
    if js:
        assert complaints(page) == []
