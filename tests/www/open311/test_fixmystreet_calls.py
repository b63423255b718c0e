"""The calls that FixMyStreet's client makes, and what each of them must get from the answer to go on.

Held to what its source says (perllib/Open311.pm and the modules beside it), in our own words: which parameters it
sends, which elements it looks at, and what it takes for a failure, silently passes by or sends again for ever.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import Publish, make_key
from tests.www.open311.its_parser import read
from tests.www.open311.reading import url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]
KEY = "fixa"
REPORT = 8_105_704
LINK = f"https://hylte.fixamingata.se/report/{REPORT}"
SAID = ("Släckt lampa", "Den vid skolan.\nSedan i går.")
PLAIN = "\n\n".join([*SAID, f"{LINK}\n"])
BRITISH = f"title: {SAID[0]}\n\ndetail: {SAID[1]}\n\nurl: {LINK}\n\nSubmitted via FixMyStreet\n"
SWEDISH = f"Titel: {SAID[0]}\n\nBeskrivning: {SAID[1]}\n\nLänk till ärendet: {LINK}\n\nSkickad via FixaMinGata\n"
type Get = Callable[..., Any]
type Send = Callable[..., Any]


@pytest.fixture
def relative(motala: Organisation) -> ApiKey:
    return make_key(motala, KEY, fixmystreet=True)


@pytest.fixture
def get(web: Client) -> Get:
    """A GET as it makes it: the path straight after the base, XML, never a key but for updates."""

    def ask(path: str, status: int = 200, **parameters: str) -> Any:
        answer: Any = web.get(url(path), parameters)
        assert answer.status_code == status
        return read(answer.content)

    return ask


@pytest.fixture
def send(web: Client, relative: ApiKey) -> Send:
    """A report, as a form, with what it always sends."""

    def post(status: int = 200, **changed: Any) -> Any:
        given = {
            "description": f"Släckt lampa\n\nDen vid skolan.\n\n{LINK}\n",
            "service_code": "belysning.lampa",
            "first_name": "Eva",
            "last_name": "Ek",
            "email": "eva@exempel.se",
            "lat": "58.537100",
            "long": "15.036500",
            "attribute[fixmystreet_id]": str(REPORT),
            "api_key": KEY,
            **changed,
        }
        answer: Any = web.post(url("requests.xml"), {name: value for name, value in given.items() if value is not None})
        assert answer.status_code == status, answer.content
        return read(answer.content)

    return post


def w3c(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class TestCategories:
    """The hourly reading: what is gone from the list is deleted there."""

    def test_each_service_has_a_code_and_a_name_that_can_be_kept(self, get: Get, relative: ApiKey) -> None:
        services = get("services.xml")["service"]
        assert len(services) > 3
        for service in services:
            assert isinstance(service["service_code"], str)
            assert service["service_name"] == service["service_name"].strip()
            assert service["metadata"] == "true"  # its own id is asked for
            assert isinstance(service["group"], str)
        assert len({service["service_code"] for service in services}) == len(services)
        assert len({service["service_name"] for service in services}) == len(services)  # else both are passed by

    def test_questions_are_a_list_in_order_also_when_there_is_one(self, get: Get, relative: ApiKey) -> None:
        [only] = get("services/ovrigt.xml")["attributes"]
        assert (only["code"], only["automated"], only["variable"], only["required"]) == (
            "fixmystreet_id",
            "server_set",
            "true",
            "false",
        )
        asked = get("services/belysning.lampa.xml")["attributes"]
        assert [int(one["order"]) for one in asked] == list(range(1, len(asked) + 1))
        danger = next(one for one in asked if one["code"] == "danger")
        assert [set(value) >= {"key", "name"} for value in danger["values"]] == [True, True]
        assert all(isinstance(one["description"], str) for one in asked)


class TestSending:
    """Whatever is not exactly an id or a token counts as failed, and is sent again."""

    def test_the_answer_holds_a_plain_id(self, send: Send) -> None:
        [request] = send()["request"]
        assert isinstance(request["service_request_id"], str)
        assert "token" not in request or request["token"] is None

    def test_a_token_leads_to_an_id(self, send: Send, get: Get, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            factories.make_type("sen", "felanmalan", "Sen", open311="batch")
        [request] = send(service_code="sen")["request"]
        assert not request.get("service_request_id")
        [found] = get(f"tokens/{request['token']}.xml")["request"]
        assert isinstance(found["service_request_id"], str)

    @pytest.mark.parametrize(
        ("changed", "status", "said"),
        [
            ({"api_key": "wrong"}, 403, "403"),
            ({"service_code": "borta"}, 404, "404"),
            ({"lat": "59,33"}, 400, "400"),
            ({"lat": None, "long": None}, 400, "400"),
        ],
        ids=str,
    )
    def test_what_is_wrong_can_be_shown_to_its_staff(
        self, send: Send, changed: dict[str, Any], status: int, said: str
    ) -> None:
        for error in send(status, **changed)["error"]:
            assert error["code"] == said
            assert error["description"].strip()

    @pytest.mark.parametrize(
        "where",
        [
            {"lat": "58.537100", "long": "15.036500"},
            {"address_string": "591 00"},
            {"address_id": "#NOTPINPOINTED#"},
        ],
        ids=str,
    )
    def test_each_way_to_say_where(self, send: Send, where: dict[str, str]) -> None:
        assert send(**{"lat": None, "long": None, **where})["request"][0]["service_request_id"]

    @pytest.mark.parametrize("written", [PLAIN, SWEDISH, BRITISH], ids=["plain", "FixaMinGata", "British"])
    def test_what_its_user_wrote_is_taken_out_of_each_of_its_templates(
        self, send: Send, motala: Organisation, written: str
    ) -> None:
        send(description=written)
        with organisation_scope(motala.pk):
            case = Case.objects.get()
            assert case.text == "\n\n".join(SAID)
            assert LINK in Message.objects.get(case=case, side=Side.INTERNAL).text

    @pytest.mark.parametrize("named", [{"attribute[fixmystreet_id]": None}, {"description": "Bara ord."}], ids=str)
    def test_sent_again_after_no_answer_it_is_the_same(self, send: Send, named: dict[str, Any]) -> None:
        ids = {send(**named)["request"][0]["service_request_id"] for _again in range(3)}
        assert len(ids) == 1

    def test_names_as_it_cuts_them(self, send: Send, motala: Organisation) -> None:
        send(first_name="", last_name="", deviceid="iPhone", phone="070-123 45 67")
        with organisation_scope(motala.pk):
            assert Case.objects.get().reporters.get().name == ""


class TestUpdatesRead:
    """It asks for the last two hours, and passes by what it cannot place in them."""

    def fetched(self, get: Get, start: datetime, end: datetime) -> list[dict[str, Any]]:
        window = {"start_date": w3c(start), "end_date": w3c(end)}
        found = get("servicerequestupdates.xml", api_key=KEY, **window)
        taken = []
        for update in (found or {}).get("request_update", []):
            at = w3c(datetime.fromisoformat(update["updated_datetime"]))
            assert window["start_date"] <= at <= window["end_date"], "it would be passed by"
            assert isinstance(update["service_request_id"], str)
            assert isinstance(update["update_id"], str)
            taken.append(update)
        return taken

    def test_states_in_words_that_it_knows(self, get: Get, send: Send, motala: Organisation) -> None:
        number = send()["request"][0]["service_request_id"]
        with organisation_scope(motala.pk):
            case = Case.objects.get(number=number)
            actions.change_state(
                case_id=case.pk, to=State.PLANNED, reason="Ny lampa.", until=date(2099, 5, 1), by=factories.TEST
            )
            closing = {"done": "Bytt."}
            actions.change_state(
                case_id=case.pk, to=State.RESOLVED, message="Klart.", closing=closing, by=factories.TEST
            )
        at = now()
        found = self.fetched(get, at - timedelta(hours=2), at + timedelta(seconds=1))
        assert [one["status"].lower().replace("_", " ") for one in found] == ["action scheduled", "fixed"]
        assert {one["service_request_id"] for one in found} == {number}
        assert [bool(one["description"]) for one in found] == [True, True]  # else a template of its own is looked for
        assert self.fetched(get, at - timedelta(hours=2), at + timedelta(seconds=1)) == found

    def test_nothing_is_an_empty_root(self, get: Get, relative: ApiKey) -> None:
        at = now()
        assert self.fetched(get, at - timedelta(hours=2), at) == []


class TestReportsRead:
    """With `fetch_problems` it takes over what others have told: by an hour at a time, or all there is."""

    def imported(self, get: Get, own: Collection[str] = (), **window: str) -> list[str]:
        """The ids that it makes reports of, by its own rules."""
        found = get("requests.xml", **window)
        taken = []
        for request in (found or {}).get("request", []):
            if not (request["service_request_id"] and request["lat"] and request["long"]):
                continue
            updated = w3c(datetime.fromisoformat(request["updated_datetime"]))
            datetime.fromisoformat(request["requested_datetime"])
            if request["service_request_id"] in own or (
                window and not window["start_date"] <= updated <= window["end_date"]
            ):
                continue
            assert request["service_name"]
            assert request["description"]
            assert request["status"] in {"open", "closed"}
            taken.append(request["service_request_id"])
        return taken

    def test_all_there_is_reaches_also_what_was_reviewed_late(
        self, get: Get, publish: Publish, motala: Organisation
    ) -> None:
        """By an hour at a time it asks when a report came in, and so passes by what is published later than that."""
        at_once, late = publish().case, publish().case
        placeless = publish(at=None).case
        with organisation_scope(motala.pk):
            Case.objects.filter(pk=late.pk).update(registered_at=now() - timedelta(days=3))
        at = now()
        hour = {"start_date": w3c(at - timedelta(hours=1)), "end_date": w3c(at + timedelta(seconds=1))}
        assert self.imported(get, **hour) == [at_once.number]
        assert self.imported(get) == [at_once.number, late.number]
        assert placeless.number not in self.imported(get)
        assert self.imported(get, own={at_once.number}) == [late.number]

    def test_those_that_it_asks_for_by_id(self, get: Get, publish: Publish) -> None:
        """The state of its own reports, where it polls no updates: the words are those of `status_notes`."""
        shown = publish().case
        [request] = get("requests.xml", service_request_id=f"{shown.number},26-99999")["request"]
        assert request["service_request_id"] == shown.number
        assert request["status_notes"]
        assert datetime.fromisoformat(request["updated_datetime"]).tzinfo is not None
