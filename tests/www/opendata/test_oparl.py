"""OParl 1.1 out: every address that it gives is followed."""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.matters.actions import set_hidden
from lyhord.matters.models import Item, Matter
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.matters.papers import TEST, three_boards

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.3", "P4")]
BASE = "https://motala.localhost"


@pytest.fixture
def lamps(motala: Organisation) -> Matter:
    """The lamps, where matters are shown."""
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        return Matter.objects.get()


def ask(web: Client, address: str) -> dict[str, Any]:
    """What lies at an address that the API itself has given."""
    answer = web.get(address.removeprefix(BASE))
    assert answer.status_code == 200, address
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_from_the_system_to_a_decision_and_back(web: Client, lamps: Matter, motala: Organisation) -> None:
    system = ask(web, "/oparl/v1.1/")
    assert system["oparlVersion"] == "https://schema.oparl.org/1.1/"
    [body] = ask(web, system["body"])["data"]
    assert ask(web, body["id"]) == body
    assert ask(web, body["person"])["data"] == []
    names = [row["name"] for row in ask(web, body["organization"])["data"]]
    assert len(names) == 3
    meetings = ask(web, body["meeting"])["data"]
    assert [ask(web, row["id"])["id"] for row in meetings] == [row["id"] for row in meetings]
    [paper] = ask(web, body["paper"])["data"]
    assert (paper["name"], paper["reference"], paper["date"]) == (lamps.title, "KS 2026-412", "2026-09-22")
    last = paper["consultation"][-1]
    assert last["authoritative"]
    assert not paper["consultation"][0]["authoritative"]
    assert ask(web, last["id"])["paper"] == paper["id"]
    item = ask(web, last["agendaItem"])
    assert item["result"] == "bifall"
    assert "Kommunfullmäktige beslutar att bifalla" in item["resolutionText"]
    meeting = ask(web, last["meeting"])
    assert item["id"] in [row["id"] for row in meeting["agendaItem"]]
    file = ask(web, meeting["resultsProtocol"]["id"])
    assert web.get(file["accessUrl"].removeprefix(BASE)).status_code == 200
    assert ask(web, f"{body['paper']}?modified_since=2040-01-01T00:00:00%2B01:00")["data"] == []
    assert len(ask(web, f"{body['paper']}?modified_since=2000-01-01T00:00:00+01:00&page=9")["data"]) == 1
    assert ask(web, f"{body['paper']}?modified_since=nonsense")["pagination"]["totalElements"] == 1


def test_what_is_hidden_is_deleted_and_says_nothing(
    web: Client, lamps: Matter, motala: Organisation, cast: Any
) -> None:
    with organisation_scope(motala.pk):
        item = Item.objects.order_by("pk").first()
        assert item is not None
        with time_machine.travel("2027-01-15 12:00Z", tick=False):
            set_hidden(matter_id=lamps.pk, hidden=True, by=TEST)
    assert ask(web, "/oparl/v1.1/papers/")["data"] == []
    [gone] = ask(web, "/oparl/v1.1/papers/?modified_since=2027-01-15T00:00:00Z")["data"]
    assert gone["deleted"] is True
    assert ask(web, "/oparl/v1.1/papers/?modified_since=2027-01-16T00:00:00Z")["data"] == []
    with organisation_scope(motala.pk):
        Matter.objects.update(shown_changed_at=None)  # hidden before that was kept
    assert len(ask(web, "/oparl/v1.1/papers/?modified_since=2027-01-16T00:00:00Z")["data"]) == 1
    assert lamps.title not in json.dumps([gone, ask(web, "/oparl/v1.1/meetings/")], ensure_ascii=False)
    assert ask(web, f"/oparl/v1.1/agendaitem/{item.pk}/")["public"] is False
    assert web.get(f"/oparl/v1.1/consultation/{item.pk}/").status_code == 404
    assert Client(headers={"host": "mjolby.localhost"}).get(f"/oparl/v1.1/paper/{lamps.pk}/").status_code == 404
    Organisation.objects.filter(pk=motala.pk).update(features={})
    forget_hosts()
    assert web.get("/oparl/v1.1/").status_code == 404
