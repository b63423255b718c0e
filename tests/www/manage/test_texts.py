"""Text messages in the settings: set up, tried, and the address for the gateway."""

from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice, TextGateway
from lyhord.notifications.texts import key_of
from tests.conftest import Cast
from tests.www.manage.conftest import Browse, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.21", "2.8")]
WHERE = "/installningar/sms/"
GIVEN = {
    "gateway": "46elks",
    "url": "",
    "username": "u1",
    "secret": "zxhemligt",
    "sender": "0766-86 00 00",
    "countries": "46, 358",
    "most_a_day": "200",
    "active": "on",
}


def row(cast: Cast) -> TextGateway:
    with organisation_scope(cast.motala.pk):
        return TextGateway.objects.get()


def test_set_up_and_tried(cast: Cast, admin: Client) -> None:
    assert "Skicka prov" not in text_of(admin.get(WHERE))
    assert admin.post(f"{WHERE}prova/", {"number": "070-174 06 05"}).status_code == 422
    answer: Any = admin.post(WHERE, GIVEN, follow=True)
    assert "Sparat" in text_of(answer)
    saved = row(cast)
    assert (saved.sender, saved.countries, saved.url) == ("+46766860000", "46 358", "https://api.46elks.com/a1/sms")
    assert f"lyhord:{key_of(saved)}@motala.localhost" in text_of(answer)
    assert "zxhemligt" not in answer.content.decode()
    tried: Any = admin.post(f"{WHERE}prova/", {"number": "070-174 06 05"}, follow=True)
    assert "på väg" in text_of(tried)
    assert "Väntar på att skickas" in text_of(tried)
    with organisation_scope(cast.motala.pk):
        notice = Notice.objects.get(kind="text_tried")
        assert (notice.address, notice.sender) == ("+46701740605", "sms")
        assert notice.body.startswith("Det här är ett prov")
        assert "zxhemligt" not in str(list(Event.objects.values()))
        assert key_of(saved) not in str(list(Event.objects.values()))
    admin.post(f"{WHERE}nyckel/")
    assert key_of(row(cast)) != key_of(saved)


def test_a_name_cannot_be_answered(admin: Client) -> None:
    answer: Any = admin.post(WHERE, {**GIVEN, "sender": "Motala"}, follow=True)
    assert "kommer från ett namn" in text_of(answer)
    assert "krok" not in text_of(answer)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sender": "Åby"}, "Skriv numret"),
        ({"countries": "alla"}, "Skriv landsnummer"),
        ({"most_a_day": ""}, "Skriv ett tal"),
        ({"most_a_day": "0"}, "mellan 1 och"),
        ({"url": "http:"}, "Adressen går inte"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = admin.post(WHERE, {**GIVEN, **wrong})
    assert answer.status_code == 422
    (said,) = soup(answer).select(".bad .err")
    assert sentence in said.get_text()


def test_nobody_pretends_to_send(admin: Client) -> None:
    """The demo's gateway is for the demo."""
    assert admin.post(WHERE, {**GIVEN, "gateway": "demo"}).status_code == 422


def test_only_for_those_who_may(cast: Cast, browse: Browse) -> None:
    assert browse(cast.sara).get(WHERE).status_code == 403
    assert browse(None).get(WHERE).status_code == 302
