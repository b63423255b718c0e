"""Case systems that say that there is news: believed in nothing but that, and read once."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lyhord.cases.models import Case
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import signing
from lyhord.exchange.knocks import REST, change_knock_secret, secret_of
from lyhord.exchange.models import ChangeKind, Incoming, System
from lyhord.exchange.system_actions import switch_system
from lyhord.exchange.tasks import pull as pull_task
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.test_systems import Peer, case, peer, pull, said, town
from tests.far_end import work

__all__ = ["case", "peer", "town"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.21", "N9")]


@pytest.fixture
def system(town: Organisation, case: Case) -> System:
    with organisation_scope(town.pk):
        row = System.objects.get()
    pull(town, row)  # from here on
    return row


def ring(system: System, headers: Mapping[str, str], body: bytes = b"{}", host: str = "motala.localhost") -> int:
    client = Client(headers={**headers, "host": host})
    return int(client.post(f"/in/system/{system.pk}/", body, content_type="application/json").status_code)


def signed(secret: str, body: bytes = b"{}", ago: float = 0) -> dict[str, str]:
    made = signing.headers(uuid4(), now() - timedelta(seconds=ago), body, [secret])
    return {name: value for name, value in made.items() if name != "Content-Type"}


def readings() -> list[Job]:
    return list(Job.objects.filter(task=pull_task.module_path))


def test_it_is_read_at_once_and_once_however_often_it_knocks(
    town: Organisation, peer: Peer, case: Case, system: System
) -> None:
    secret = secret_of(system)
    peer.news = [said("1", ChangeKind.PUBLIC, text="Nu är lampan bytt."), said("2", ChangeKind.STATE, value="resolved")]
    basic = base64.b64encode(f"lyhord:{secret}".encode()).decode()
    ways = [signed(secret), {"Authorization": f"Bearer {secret}"}, {"Authorization": f"Basic {basic}"}]
    for headers in ways * 2:
        assert ring(system, headers, b"{}") == 202
    [waits] = readings()
    with organisation_scope(town.pk):
        row = System.objects.get()
        assert row.pulled_at is not None
        assert row.knocked_at is not None
        assert waits.run_after >= row.pulled_at + REST
    work(days=1)  # and the poll's own reading comes after it
    pull(town, system)
    with organisation_scope(town.pk):
        assert Incoming.objects.count() == 2
    assert peer.kinds() == ["create"]


@pytest.mark.requirement("X2")
def test_nobody_else_is_heard(town: Organisation, system: System, settings: Any) -> None:
    secret, other = secret_of(system), factories.make_organisation("mjolby")
    wrong: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic åäö"},
        signed("whsec_" + base64.b64encode(b"x" * 32).decode()),
        signed(secret, b"other"),
        signed(secret, ago=600),
        {**signed(secret), "webhook-timestamp": "nu"},
    ]
    for headers in wrong:
        assert ring(system, headers) == 401, headers
    assert ring(system, signed(secret), host=f"{other.slug}.localhost") == 404
    assert Client(HTTP_HOST="motala.localhost").get(f"/in/system/{system.pk}/").status_code == 405
    assert ring(system, signed(secret, b"x" * 1_000_001), b"x" * 1_000_001) == 413
    assert readings() == []


def test_off_it_is_not_read(town: Organisation, system: System) -> None:
    with organisation_scope(town.pk):
        switch_system(system_id=system.pk, active=False, by=factories.TEST)
    assert ring(system, signed(secret_of(system))) == 202
    assert readings() == []


def test_another_secret_and_one_of_theirs(town: Organisation, system: System) -> None:
    first = secret_of(system)
    with organisation_scope(town.pk):
        change_knock_secret(system_id=system.pk, by=factories.TEST)
        system = System.objects.get()
    assert ring(system, signed(first)) == 401
    assert ring(system, signed(secret_of(system))) == 202
    theirs = signing.secret_for(b"their key", uuid4(), 1)
    with organisation_scope(town.pk):
        change_knock_secret(system_id=system.pk, theirs=f" {theirs} ", by=factories.TEST)
        kept = System.objects.get()
    assert theirs not in kept.knock_secret
    assert ring(system, signed(theirs)) == 202
    with organisation_scope(town.pk):
        change_knock_secret(system_id=system.pk, theirs="whsec_å", by=factories.TEST)
    assert ring(system, signed(theirs)) == 401
