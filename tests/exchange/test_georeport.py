"""A server of Open311 that knows requests only: reports go there, and where they are is asked by their ids."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange import tasks
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Change, Connection
from lyhord.exchange.models import ChangeKind, Link, System
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "N9")]
GEOREPORT = ADAPTERS.get("georeport")


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    """A city's server."""
    end = FarEnd()
    settings.OUTWARD_ALLOW, settings.OUTWARD_PORTS = ["127.0.0.0/8"], [end.port]
    yield end
    end.close()


def says(body: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def at(far_end: FarEnd, *errands: str) -> Connection:
    return Connection(1, {"url": f"{far_end.url}/open311/", "jurisdiction": "city"}, "nyckel", errands=errands)


def request(number: str, status: str = "open", **more: Any) -> dict[str, Any]:
    return {"service_request_id": number, "status": status, "updated_datetime": "2026-11-24T13:00:00Z", **more}


def told(far_end: FarEnd, *rows: object) -> list[tuple[str, str, str]]:
    """What is made of these rows, asked about 9."""
    return read(far_end, list(rows))


def read(far_end: FarEnd, body: object) -> list[tuple[str, str, str]]:
    far_end.usual = says(body)
    cursor = (now() - timedelta(hours=1)).isoformat()
    return [(one.remote_id, one.kind, one.text or one.value) for one in GEOREPORT.pull(at(far_end, "9"), cursor).news]


def test_from_here_to_there_and_back(motala: Organisation, far_end: FarEnd) -> None:
    with organisation_scope(motala.pk):
        made = actions.save_system(
            name="Staden",
            adapter="georeport",
            settings={"url": f"{far_end.url}/open311/", "jurisdiction": "city"},
            secret="nyckel",
            mapping={"types": {"*": "LAMP"}},
            by=factories.TEST,
        )
        system = actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)
    far_end.usual = says([{"service_request_id": 9}])  # a number, as some write it
    case = factories.make_case(motala, "Lampan är släckt.", email="elin@example.se").case
    work()
    sent = parse_qs(far_end.heard[-1].body.decode())
    assert (sent["service_code"], sent["jurisdiction_id"], sent["api_key"]) == (["LAMP"], ["city"], ["nyckel"])
    assert "elin" not in str(sent)
    with organisation_scope(motala.pk):
        assert Link.objects.get(case=case).remote_id == "9"
    pull(motala, system)  # the cursor is set
    with time_machine.travel(now() + timedelta(minutes=11)):
        far_end.usual = says([request("9", updated_datetime=now().isoformat())])
        pull(motala, system)
    with organisation_scope(motala.pk):
        assert Case.objects.get().state == State.RECEIVED
    with time_machine.travel(now() + timedelta(minutes=22)):
        closed = request("9", "closed", status_notes="Lampan är bytt.", updated_datetime=now().isoformat())
        far_end.usual = says([closed])
        for _again in range(2):
            pull(motala, system)
        asked = parse_qs(urlsplit(far_end.heard[-1].path).query)
        assert (asked["service_request_id"], asked["jurisdiction_id"]) == (["9"], ["city"])
    with organisation_scope(motala.pk):
        assert Case.objects.get().state == State.RESOLVED
        assert Message.objects.get(case=case, side=Side.OFFICE).text == "Lampan är bytt."


def pull(motala: Organisation, system: System) -> None:
    tasks.pull.call(organisation_id=motala.pk, system_id=system.pk)


def test_what_rows_of_all_sorts_mean(far_end: FarEnd) -> None:
    assert told(far_end, request("9")) == [("9", "state", "open")]
    assert told(far_end, request("8"), {"status": "open"}, {}) == []  # nobody asked about them
    fine: dict[str, Any] = {"extended_attributes": {"detailed_status": "IN_PROCESS"}}
    assert told(far_end, request("9", **fine)) == [("9", "state", "in_process")]
    assert told(far_end, request("9", detailed_status="REJECTED", status="closed")) == [("9", "state", "rejected")]
    assert told(far_end, request("9", detailed_status="PUBLIC_WORKS_NEW")) == [("9", "state", "open")]
    assert told(far_end, request("9", status_notes="Vi tittar.")) == [
        ("9", "internal", "Vi tittar."),
        ("9", "state", "open"),
    ]
    assert told(far_end, request("9", updated_datetime=None)) == [("9", "state", "open")]
    assert read(far_end, {"service_requests": [request("9", "closed")]}) == [("9", "state", "closed")]


def test_it_asks_fifty_at_a_time_and_every_ten_minutes(far_end: FarEnd) -> None:
    far_end.usual = says([])
    numbers = [str(number) for number in range(120)]
    GEOREPORT.pull(at(far_end, *numbers), (now() - timedelta(hours=1)).isoformat())
    asked = [parse_qs(urlsplit(one.path).query)["service_request_id"][0].split(",") for one in far_end.heard]
    assert [len(ids) for ids in asked] == [50, 50, 20]
    assert [one for ids in asked for one in ids] == numbers
    cursor = now().isoformat()
    assert GEOREPORT.pull(at(far_end, *numbers), cursor).cursor == cursor
    assert len(far_end.heard) == 3


def test_checking_and_what_cannot_be_said(far_end: FarEnd) -> None:
    far_end.usual = says([{"service_code": 17}])
    GEOREPORT.check(at(far_end), ["17"])
    with pytest.raises(AdapterError, match="queue"):
        GEOREPORT.check(at(far_end), ["18"])
    with pytest.raises(AdapterError):
        GEOREPORT.send(at(far_end), "9", Change(key="k", kind=ChangeKind.PUBLIC, text="Hej"), again=False)
    assert GEOREPORT.takes == {ChangeKind.CREATE}
