"""Being told in the browser of decisions: one matter, and what an alert asks for."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following import profile_actions
from lyhord.following.facts import Facts
from lyhord.following.models import Follow, Match, Profile
from lyhord.following.news_actions import publish
from lyhord.following.rule import Rule
from lyhord.following.tasks import forget_unconfirmed, tell_of
from lyhord.matters.actions import ask_to_renew_matter
from lyhord.matters.models import Matter
from lyhord.notifications.models import Contact, Notice, PushSubscription
from lyhord.notifications.webpush import application_server_key
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.far_end import FarEnd, Reply, work
from tests.matters.papers import three_boards
from tests.notifications.device import Device
from tests.notifications.push_service import device, service
from tests.www.api.conftest import Program

__all__ = ["device", "service"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("3.21", "3.14")]
TEST = Actor.system("test")


@pytest.fixture(autouse=True)
def _by_day() -> Iterator[None]:
    """At night devices are left alone."""
    with time_machine.travel(factories.at("2026-12-01 12:00")):
        yield


@pytest.fixture
def lamps(motala: Organisation) -> Matter:
    """A matter, where matters are shown and followed."""
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True, "following": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        found = Matter.objects.get()
    work()  # what has been is told to nobody
    return found


def happen(organisation: Organisation, matter: int, *, level: int = 3) -> None:
    """A decision about a school, told by the worker."""
    with organisation_scope(organisation.pk):
        event = record(verb="matter.decided", subject_type="matter", subject_id=matter, by=TEST, level=level)
        facts = Facts(topics=(("school", "Skola"),))
        news = publish(
            event=event, title="Hemlig skola", what="Beslut", path=f"/beslut/{matter}/", facts=facts, by=TEST
        )
        assert news is not None
    tell_of.func(organisation_id=organisation.pk, news_id=news.pk)
    work()


def told(service: FarEnd, device: Device) -> list[dict[str, Any]]:
    """What the device shows."""
    return [json.loads(device.read(heard.body)) for heard in service.heard]


def test_a_matter_on_a_device(
    motala: Organisation, lamps: Matter, nobody: Program, service: FarEnd, device: Device
) -> None:
    url, wanted = f"matters/{lamps.pk}/push", {"subscription": device.subscription}
    assert nobody.get("push") == {"application_server_key": application_server_key()}
    token = nobody.put(url, wanted, 201)["token"]
    assert nobody.put(url, {**wanted, "level": 3}, 201)["token"] == token
    assert nobody.get(f"follows/{token}")["level"] == 3
    happen(motala, lamps.pk, level=2)
    assert service.heard == []
    happen(motala, lamps.pk)
    [said] = told(service, device)
    assert said["body"] == "Något har hänt i det du följer. Öppna för att läsa."
    assert said["url"].endswith(f"/beslut/{lamps.pk}/")
    assert "Hemlig" not in str(said)
    nobody.send("delete", f"follows/{token}", status=204)
    happen(motala, lamps.pk)
    assert len(service.heard) == 1
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()


def test_an_alert_on_a_device_is_its_own(
    motala: Organisation, lamps: Matter, nobody: Program, service: FarEnd, device: Device
) -> None:
    with organisation_scope(motala.pk):
        asked = profile_actions.watch(
            sender="email",
            address="anna@exempel.se",
            language="sv",
            name="skolan",
            rule=Rule(topics=("school",)),
            level=1,
            by=TEST,
        )
    url, wanted = f"alerts/{asked.token}/push", {"subscription": device.subscription}
    nobody.put(url, wanted, 404)  # nobody has said yes
    nobody.put(f"alerts/{asked.token}/confirmation")
    token = nobody.put(url, wanted, 201)["token"]
    assert nobody.put(url, wanted, 201)["token"] == token != str(asked.token)
    nobody.send("delete", f"alerts/{asked.token}", status=204)
    happen(motala, 7)
    assert len(told(service, device)) == 1
    assert nobody.get(f"alerts/{token}")["news"][0]["title"] == "Hemlig skola"
    service.usual = Reply(410, b"")
    happen(motala, 8)
    with organisation_scope(motala.pk):
        assert not Contact.objects.filter(sender="push").exists()
        assert not Profile.objects.exists()
    forget_unconfirmed.func()
    with organisation_scope(motala.pk):
        assert not Match.objects.exists()


def test_a_device_is_asked_whether_to_go_on(
    motala: Organisation, lamps: Matter, nobody: Program, service: FarEnd, device: Device
) -> None:
    nobody.put(f"matters/{lamps.pk}/push", {"subscription": device.subscription}, 201)
    with organisation_scope(motala.pk):
        follow = Follow.objects.get()
        Follow.objects.update(asked_to_renew_at=follow.created_at)
        ask_to_renew_matter(follow_id=follow.pk, by=TEST)
    work()
    [said] = told(service, device)
    assert said["body"] == "Vi har en fråga om något du följer. Öppna för att svara."
    assert str(follow.token) in said["url"]


def test_what_is_not_there_is_not_told_of(motala: Organisation, lamps: Matter, nobody: Program, device: Device) -> None:
    wanted = {"subscription": device.subscription}
    nobody.put("matters/99999999/push", wanted, 404)
    nobody.put(f"alerts/{uuid4()}/push", wanted, 404)
    nobody.put(
        f"matters/{lamps.pk}/push", {"subscription": {**device.subscription, "endpoint": "https://127.0.0.1/"}}, 422
    )
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True, "following": False})
    forget_hosts()
    nobody.put(f"matters/{lamps.pk}/push", wanted, 404)
    with organisation_scope(motala.pk):
        assert not PushSubscription.objects.exists()
        assert not Notice.objects.exists()
