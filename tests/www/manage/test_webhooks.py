"""The page where an administrator says which other systems are told, and sees how it goes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.delivery import secrets
from lyhord.exchange.events import EVENTS
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from tests import factories
from tests.conftest import Cast
from tests.far_end import FarEnd, Reply, listening, work
from tests.www.manage.conftest import filled_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27")]
WHERE = "/installningar/webhooks/"


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as there:
        yield there


def the_webhook(cast: Cast) -> Webhook:
    with organisation_scope(cast.motala.pk):
        return Webhook.objects.get()


def add(admin: Client, url: str, **changes: object) -> Any:
    return admin.post(f"{WHERE}ny/", filled_in(admin.get(f"{WHERE}ny/"), name="Kartan", url=url, **changes))


def test_from_new_to_arrived(cast: Cast, admin: Client, far_end: FarEnd) -> None:
    response = add(admin, far_end.url)
    webhook = the_webhook(cast)
    where = f"{WHERE}{webhook.pk}/"
    assert response["Location"] == where
    assert (webhook.name, webhook.events, webhook.shares, webhook.active) == ("Kartan", list(EVENTS), [], True)
    assert secrets(webhook)[0] in text_of(admin.get(where))
    admin.post(f"{where}prova/")
    case = factories.make_case(cast.motala).case
    assert "Väntar" in text_of(admin.get(where))
    work()
    shown = text_of(admin.get(where))
    assert "Prov" in shown
    assert f"Ett ärende kommer in {case.number}" in shown
    assert "Framme" in shown
    with organisation_scope(cast.motala.pk):
        message = Delivery.objects.get(number=case.number)
    detail = text_of(admin.get(f"{WHERE}meddelande/{message.pk}/"))
    assert f'"number": "{case.number}"' in detail
    assert f"msg_{message.uid.hex}" in detail
    assert "Senast framme" in text_of(admin.get(WHERE))


def test_what_did_not_arrive_is_seen_and_sent_again(cast: Cast, admin: Client, far_end: FarEnd) -> None:
    add(admin, far_end.url)
    webhook = the_webhook(cast)
    where = f"{WHERE}{webhook.pk}/"
    far_end.usual = Reply(410, b"<b>gone</b>")
    case = factories.make_case(cast.motala).case
    work()
    shown = text_of(admin.get(where))
    assert "Svaret var 410." in shown
    assert "Pausad." in shown
    assert "1 kom inte fram" in text_of(admin.get(WHERE))
    assert case.number in text_of(admin.get(f"{where}?visa=fel"))
    with organisation_scope(cast.motala.pk):
        message = Delivery.objects.get()
    assert "<b>gone</b>" in text_of(admin.get(f"{WHERE}meddelande/{message.pk}/"))
    far_end.usual = Reply()
    admin.post(f"{where}fortsatt/")
    admin.post(f"{where}igen/")
    work()
    with organisation_scope(cast.motala.pk):
        assert Delivery.objects.get().state == DeliveryState.SENT
    assert "Vi skickar det igen" in text_of(admin.post(f"{WHERE}meddelande/{message.pk}/igen/", follow=True))
    assert "är på väg" in text_of(admin.post(f"{WHERE}meddelande/{message.pk}/igen/", follow=True))
    work()
    assert "Skicka igen från en viss dag" in text_of(admin.get(where))
    assert "Välj en dag." in text_of(admin.post(f"{where}igen/", {"since": "i går"}, follow=True))
    assert "skickas igen: 1" in text_of(admin.post(f"{where}igen/", {"since": "2000-01-01"}, follow=True))


def test_changed_and_removed(cast: Cast, admin: Client, far_end: FarEnd) -> None:
    add(admin, far_end.url)
    webhook = the_webhook(cast)
    where = f"{WHERE}{webhook.pk}/"
    page = admin.get(where)
    given = {"name": "Driften", "url": f"{far_end.url}/x", "events": ["case.replied"], "shares": ["texts"]}
    assert admin.post(where, given).status_code == 302
    changed = the_webhook(cast)
    assert (changed.name, changed.events, changed.shares, changed.active) == (
        "Driften",
        ["case.replied"],
        ["texts"],
        False,
    )
    old = secrets(changed)[0]
    assert old in text_of(page)
    shown = text_of(admin.post(f"{where}hemlighet/", follow=True))
    assert "Den förra hemligheten gäller till" in shown
    assert old not in shown
    admin.post(f"{where}ta-bort/")
    assert admin.get(where).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Skriv vad det andra systemet heter."),
        ({"url": ""}, "Skriv adressen"),
        ({"url": "http://exempel.se/"}, "https://"),
        ({"url": "https://127.0.0.1/"}, "slutet nät"),
        ({"url": "https://exempel.se:22/"}, "port"),
        ({"url": "exempel.se"}, "https://"),
        ({"url": "https://a:b@exempel.se/"}, "https://"),
        ({"events": None}, "Välj vad systemet ska få veta."),
        ({"events": ["case.noted"]}, "Välj"),
    ],
)
def test_what_cannot_be_is_told(cast: Cast, admin: Client, changes: dict[str, Any], sentence: str) -> None:
    given = {"name": "Kartan", "url": "https://exempel.se/", "events": ["case.replied"], **changes}
    response = admin.post(f"{WHERE}ny/", {name: value for name, value in given.items() if value is not None})
    assert response.status_code == 422
    assert sentence in text_of(response)
    with organisation_scope(cast.motala.pk):
        assert not Webhook.objects.exists()
