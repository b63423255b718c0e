"""The settings of the app: what the stores know it by."""

import pytest

from lyhord.organisations.models import Organisation
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.8", "0.11")]
URL = "/installningar/app/"
PRINT = ":".join(["ab"] * 32)


def apps() -> object:
    return Organisation.objects.get(slug="motala").settings.get("store_apps")


def test_it_says_where_the_app_is_and_that_publishing_is_the_municipalitys_step(cast: Cast) -> None:
    text = page(browser(cast.admin).get(URL)).get_text(" ", strip=True)
    assert "https://motala.localhost/beratta/" in text
    assert "publicera dem är kommunens eget steg" in text


def test_ids_and_fingerprints_are_kept_and_served(cast: Cast) -> None:
    admin = browser(cast.admin)
    given = {"android": "se.motala.dialog", "fingerprints": f"{PRINT}\n{PRINT}", "ios": "ABCDE12345.se.motala.dialog"}
    assert admin.post(URL, given).status_code == 302
    [link] = admin.get("/.well-known/assetlinks.json").json()
    assert link["target"]["sha256_cert_fingerprints"] == [PRINT.upper()]
    [apple] = admin.get("/.well-known/apple-app-site-association").json()["applinks"]["details"]
    assert apple["appIDs"] == ["ABCDE12345.se.motala.dialog"]
    assert page(admin.get(URL)).select_one("#id_android")["value"] == "se.motala.dialog"
    assert admin.post(URL, {}).status_code == 302
    assert apps() == {}
    assert admin.get("/.well-known/assetlinks.json").json() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"android": "Motala"},
        {"android": "se.motala.dialog"},
        {"fingerprints": PRINT},
        {"android": "se.motala.dialog", "fingerprints": "AB:CD"},
        {"android": "se.motala.dialog", "fingerprints": " ".join(f"{n:02x}" + PRINT[2:] for n in range(6))},
        {"ios": "se.motala.dialog"},
        {"ios": 'ABCDE12345.se"'},
    ],
)
def test_what_would_be_no_app_is_refused(cast: Cast, wrong: dict[str, str]) -> None:
    response = browser(cast.admin).post(URL, wrong)
    assert response.status_code == 422
    assert page(response).select(".err")
    assert apps() is None


def test_for_administrators_only(cast: Cast) -> None:
    assert browser(cast.sara).get(URL).status_code == 403
    assert browser(cast.sara).post(URL, {}).status_code == 403
