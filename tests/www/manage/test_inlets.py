"""The addresses where people write, in the settings."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.inlet_actions import set_inlet
from lyhord.organisations.models import Inlet
from tests.conftest import Cast
from tests.factories import TEST
from tests.www.desk.conftest import browser
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.8", "2.16")]
URL = "/installningar/mejl/"


@pytest.fixture
def first(cast: Cast) -> Inlet:
    with organisation_scope(cast.motala.pk):
        return set_inlet(channel="email", address="kontakt@motala.example", trusted=True, by=TEST)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser(cast.admin)


def test_before_there_is_one_the_page_says_who_adds_it(cast: Cast, admin: Client) -> None:
    page = soup(admin.get(URL))
    assert "Inga adresser än" in page.text
    assert page.select_one("main form") is None
    refused = admin.post(URL, {"address": "kontakt@motala.example"})
    assert refused.status_code == 422


def test_more_are_added_at_the_same_domain_and_changed(cast: Cast, admin: Client, first: Inlet) -> None:
    given = {"address": "Felanmalan@motala.example", "kind": "felanmalan", "unit_code": "gata-park", "answers": "on"}
    assert admin.post(URL, given).status_code == 302
    page = soup(admin.get(URL))
    for word in ("felanmalan@motala.example", "Gata och park", "Mest Felanmälan", "Svar på det vi skickar kommer hit"):
        assert word in page.text
    made = Inlet.objects.get(address="felanmalan@motala.example")
    assert admin.post(f"{URL}{made.pk}/", {"address": made.address, "review": "on"}).status_code == 302
    made.refresh_from_db()
    assert (made.review, made.answers, made.unit_code) == (True, False, "")
    assert admin.post(f"{URL}{made.pk}/ta-bort/").status_code == 302
    assert [inlet.address for inlet in Inlet.objects.all()] == ["kontakt@motala.example"]


@pytest.mark.parametrize(
    "address", ["", "kontakt", "a@mjolby.example", "kontakt@motala.example", "kontakt+x@motala.example"]
)
def test_what_is_wrong_is_said_and_kept(cast: Cast, admin: Client, first: Inlet, address: str) -> None:
    page = admin.post(URL, {"address": address, "kind": "felanmalan"})
    assert page.status_code == 422
    field = soup(page).select_one("#id_address")
    assert field is not None
    assert field.get("value", "") == address
    assert field.get("aria-invalid") == "true"


def test_only_administrators_and_only_their_own(cast: Cast, first: Inlet) -> None:
    assert browser(cast.sara).get(URL).status_code == 403
    assert browser(cast.outsider, "mjolby.localhost").get(f"{URL}{first.pk}/").status_code == 403
    with organisation_scope(cast.mjolby.pk):
        theirs = set_inlet(channel="email", address="kontakt@mjolby.example", trusted=True, by=TEST)
    assert browser(cast.admin).get(f"{URL}{theirs.pk}/").status_code == 404
    assert browser(cast.admin).post(f"{URL}{theirs.pk}/ta-bort/").status_code == 404


def test_the_command_says_whose_an_address_is(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_inlet", "motala", "Kontakt@motala.example", "--answers", "--unit", "gata-park")
    call_command("set_inlet", "motala", "kontakt@motala.example", "--review")
    call_command("set_inlet", "motala", "0766-86 00 00")
    call_command("set_inlet", "motala", "+46 766 86 00 00", "--answers")
    rows = Inlet.objects.order_by("pk").values_list("channel", "address", "review", "answers")
    assert list(rows) == [("email", "kontakt@motala.example", True, False), ("sms", "+46766860000", False, True)]
    assert "kontakt@motala.example → Motala kommun" in capsys.readouterr().out
    for arguments in (("finns-inte", "a@b.se"), ("motala", "hej"), ("mjolby", "kontakt@motala.example")):
        with pytest.raises(CommandError):
            call_command("set_inlet", *arguments)
