"""News to a browser: locked for it alone, by its service, until that says that it is gone."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from pytest_django import Settings

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.models import Notice, NoticeState, PushSubscription
from lyhord.notifications.sender import SENDERS, SenderError
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, work
from tests.notifications.device import Device
from tests.notifications.push_service import device, service

__all__ = ["device", "service"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.11", "0.17")]
SECRET_WORDS = "Grannen har slagit sönder lampan"


@pytest.fixture(autouse=True)
def _by_day() -> Iterator[None]:
    """At night devices are left alone."""
    with time_machine.travel(factories.at("2026-11-23 12:00")):
        yield


@pytest.fixture
def case(motala: Organisation) -> Registered:
    return factories.make_case(motala, SECRET_WORDS)


def ask(motala: Organisation, case: Registered, device: Device, language: str = "sv") -> Follow:
    """Press the button on that device."""
    keys = device.subscription["keys"]
    with organisation_scope(motala.pk):
        return actions.push_reporter(
            case_id=case.case.pk,
            endpoint=device.endpoint,
            key=keys["p256dh"],
            secret=keys["auth"],
            language=language,
            by=factories.TEST,
        )


def answer(motala: Organisation, case: Registered, text: str = "Vi byter den i morgon.") -> None:
    with organisation_scope(motala.pk):
        actions.reply(case_id=case.case.pk, text=text, by=factories.TEST)


def notices(motala: Organisation) -> list[Notice]:
    with organisation_scope(motala.pk):
        return list(Notice.objects.order_by("pk"))


def devices(motala: Organisation) -> int:
    with organisation_scope(motala.pk):
        return PushSubscription.objects.count()


def test_an_answer_reaches_the_device_and_says_nothing(
    motala: Organisation, case: Registered, device: Device, service: FarEnd, settings: Settings
) -> None:
    ask(motala, case, device)
    answer(motala, case)
    work()
    [heard] = service.heard
    assert (heard.method, heard.path) == ("POST", "/send/abc?d=1")
    assert heard.headers["content-encoding"] == "aes128gcm"
    assert int(heard.headers["ttl"]) > 3600
    assert heard.headers["authorization"].startswith("vapid t=")
    assert len(heard.headers["topic"]) <= 32
    said = json.loads(device.read(heard.body))
    assert said == {
        "title": "Dialog Motala",
        "body": "Nytt meddelande i ditt ärende. Öppna för att läsa.",
        "url": f"https://motala.localhost/f/{case.code}/",
        "tag": f"case-{case.case.pk}",
        "lang": "sv",
    }
    whole = heard.body + json.dumps(heard.headers).encode()
    assert not [word for word in (SECRET_WORDS, "morgon", case.code, case.case.number) if word.encode() in whole]
    [notice] = notices(motala)
    assert (notice.sender, notice.state, notice.body, notice.link) == ("push", NoticeState.SENT, "", "")


def test_in_the_language_of_who_asked(motala: Organisation, case: Registered, device: Device, service: FarEnd) -> None:
    ask(motala, case, device, language="en")
    answer(motala, case)
    work()
    said = json.loads(device.read(service.heard[0].body))
    assert said["body"] == "There is a new message in your case. Open to read it."


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_nobody_is_bothered(
    motala: Organisation, case: Registered, device: Device, service: FarEnd, status: int
) -> None:
    service.usual = Reply(status)
    ask(motala, case, device)
    answer(motala, case)
    work()
    assert devices(motala) == 0
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()
        assert Event.objects.filter(verb="push.forgotten").count() == 1
    [notice] = notices(motala)
    assert (notice.state, notice.link) == (NoticeState.CANCELLED, "")
    answer(motala, case, "Mer.")
    work(days=2)
    assert len(service.heard) == 1
    assert len(notices(motala)) == 1


@pytest.mark.parametrize("status", [500, 429, 403, 413])
def test_what_the_service_refuses_is_tried_again_or_seen(
    motala: Organisation, case: Registered, device: Device, service: FarEnd, status: int
) -> None:
    state = "queued" if status in {500, 429} else "failed"
    service.replies = [Reply(status, b"no")]
    ask(motala, case, device)
    answer(motala, case)
    work()
    [notice] = notices(motala)
    assert (notice.state, notice.last_error) == (state, f"{status} no")
    assert devices(motala) == 1
    work(days=0.1)
    assert notices(motala)[0].state == ("sent" if state == "queued" else "failed")
    if state == "queued":
        topics = {heard.headers["topic"] for heard in service.heard}
        assert len(topics) == 1  # the service would have shown the second in place of the first


def test_mail_and_devices_are_each_told_once(
    motala: Organisation, device: Device, service: FarEnd, settings: Settings
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend", "OPTIONS": {}}}
    case = factories.make_case(motala, email="anna@exempel.se")
    other = Device(f"{service.url}/send/other")
    for one in (device, device, other):
        ask(motala, case, one)
    answer(motala, case)
    work()
    assert sorted(heard.path for heard in service.heard) == ["/send/abc?d=1", "/send/other"]
    told = [(notice.sender, notice.kind) for notice in notices(motala)]
    assert sorted(told) == [("email", "case_answered"), ("email", "case_received"), *[("push", "case_answered")] * 2]


def test_one_device_for_two_cases_stops_one_and_then_the_other(
    motala: Organisation, case: Registered, device: Device, service: FarEnd
) -> None:
    second = factories.make_case(motala)
    first_follow, second_follow = ask(motala, case, device), ask(motala, second, device)
    assert first_follow.address == second_follow.address
    uid = UUID(first_follow.address)
    with organisation_scope(motala.pk):
        assert actions.stop_push(case_id=case.case.pk, device=uid, by=factories.TEST)
        assert not actions.stop_push(case_id=case.case.pk, device=uid, by=factories.TEST)
    assert devices(motala) == 1
    answer(motala, case)
    answer(motala, second)
    work()
    assert [json.loads(device.read(heard.body))["tag"] for heard in service.heard] == [f"case-{second.case.pk}"]
    with organisation_scope(motala.pk):
        assert actions.stop_push(case_id=second.case.pk, device=uid, by=factories.TEST)
    assert devices(motala) == 0


def test_new_keys_of_the_same_device_are_the_ones_that_count(
    motala: Organisation, case: Registered, device: Device, service: FarEnd
) -> None:
    ask(motala, case, device)
    renewed = Device(device.endpoint)
    ask(motala, case, renewed)
    assert devices(motala) == 1
    answer(motala, case)
    work()
    assert json.loads(renewed.read(service.heard[0].body))["title"] == "Dialog Motala"


def test_not_without_end_for_one_case(motala: Organisation, case: Registered, service: FarEnd) -> None:
    for number in range(5):
        ask(motala, case, Device(f"{service.url}/{number}"))
    with pytest.raises(Invalid, match="enheter"):
        ask(motala, case, Device(f"{service.url}/5"))
    assert devices(motala) == 5


WRONG = {
    "not https": ("http://push.example/x", {}),
    "inside": ("https://10.0.0.1/x", {}),
    "itself": ("https://127.0.0.1/x", {}),
    "port": ("https://push.example:8443/x", {}),
    "no address": ("nonsense", {}),
    "long": ("https://push.example/" + "x" * 2000, {}),
    "no key": ("https://push.example/x", {"p256dh": ""}),
    "no point": ("https://push.example/x", {"p256dh": "BA" + "A" * 85}),
    "no secret": ("https://push.example/x", {"auth": "AAAA"}),
    "not base64": ("https://push.example/x", {"auth": "ö" * 20}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_could_not_be_sent_to_is_refused_in_words(motala: Organisation, case: Registered, wrong: str) -> None:
    endpoint, keys = WRONG[wrong]
    device = Device("https://push.example/x")
    given: dict[str, Any] = {**device.subscription["keys"], **keys}
    with organisation_scope(motala.pk), pytest.raises(Invalid, match="mejl"):
        actions.push_reporter(
            case_id=case.case.pk,
            endpoint=endpoint,
            key=given["p256dh"],
            secret=given["auth"],
            language="sv",
            by=factories.TEST,
        )
    assert devices(motala) == 0


def test_a_name_that_comes_to_lead_inside_gets_nothing(
    motala: Organisation, case: Registered, device: Device, service: FarEnd, settings: Settings
) -> None:
    """Accepted once, and then the network behind it is closed to us: the guard is asked at each sending."""
    ask(motala, case, device)
    settings.OUTWARD_ALLOW = []
    answer(motala, case)
    work()
    assert service.heard == []
    [notice] = notices(motala)
    assert (notice.state, notice.last_error) == (NoticeState.FAILED, "closed")


def test_an_address_that_is_no_device_is_refused() -> None:
    with pytest.raises(SenderError) as caught:
        SENDERS.get("push").check("anna@exempel.se")
    assert caught.value.permanent
