"""Alarms of machines: one fault is one case, counted."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.history import staff_history
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import ALARMS, create_key
from lyhord.intake.models import Alarm
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.35")]

KEY = "a key of a pump"
PUMP = {"id": "P17-NIVA", "object": "pump-17", "text": "Hög nivå i pumpstation 17", "lat": 58.5371, "long": 15.0365}
type Shout = Callable[..., dict[str, Any]]


def post(data: Any, key: str = KEY, host: str = "motala.localhost", path: str = "/in/alarm/") -> Any:
    """Post JSON, or bytes as they are."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {"host": host, "authorization": f"Bearer {key}"}
    return Client(headers=headers).post(path, body, content_type="application/json")


def make_key(organisation: Organisation, key: str = KEY, **values: Any) -> None:
    """A key that may send alarms."""
    with organisation_scope(organisation.pk):
        create_key(client="Driftövervakning", key=key, by=factories.TEST, **{"scopes": [ALARMS], **values})


@pytest.fixture
def motala(db: None) -> Iterator[Organisation]:
    """Motala, whose pumps have a key."""
    organisation = factories.make_organisation()
    make_key(organisation, throttled=False)
    with organisation_scope(organisation.pk):
        yield organisation


@pytest.fixture
def shout(motala: Organisation) -> Shout:
    """Send the pump's alarm, right but for what the test says."""

    def send(**changed: Any) -> dict[str, Any]:
        answer = post({**PUMP, **changed})
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    return send


def close(number: str) -> None:
    """Close a case as mended."""
    case = Case.objects.get(number=number)
    actions.change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST, closing={"done": "Lagad."})


def test_the_same_alarm_ten_times_is_one_case_and_ten(shout: Shout) -> None:
    answers = [shout() for _n in range(10)]
    case = Case.objects.get()
    assert [answer["count"] for answer in answers] == list(range(1, 11))
    assert [answer["result"] for answer in answers] == ["created", *["repeated"] * 9]
    assert {answer["service_request_id"] for answer in answers} == {case.number}
    assert Alarm.objects.get().count == 10
    events = list(Event.objects.filter(verb="case.alarm_repeated"))
    assert len(events) == 9
    assert staff_history(events, case.kind)[-1].text == "Larmet kom igen. Det har kommit 10 gånger"


def test_it_is_routed_like_everything_else_and_shown_to_nobody(shout: Shout) -> None:
    shout(service_code="belysning.lampa", address="Vintergatan 12", at=now().isoformat())
    case = Case.objects.get()
    assert (case.channel, case.unit.code, case.place_text) == ("alarm", "gata-park", "Vintergatan 12")
    assert case.publication_state == Case.Published.CLOSED
    assert case.answer_by is not None
    assert Event.objects.get(verb="case.registered").data["reason"]


def test_alarms_of_one_object_are_one_case(shout: Shout) -> None:
    first = shout()
    other = shout(id="P17-STROM", text="Strömavbrott")
    assert (other["result"], other["count"]) == ("repeated", 2)
    assert other["service_request_id"] == first["service_request_id"]
    assert shout(id="P18-NIVA", object="pump-18")["result"] == "created"
    assert shout(id="ensam", object="")["result"] == shout(id="ensam 2", object="")["result"] == "created"


def test_what_shouts_again_after_its_case_was_closed_is_a_new_case(shout: Shout) -> None:
    first = shout()
    shout()
    close(first["service_request_id"])
    second = shout()
    assert (second["result"], second["count"]) == ("created", 1)
    assert second["service_request_id"] != first["service_request_id"]
    close(second["service_request_id"])
    assert shout()["result"] == "created"
    assert Case.objects.count() == 3


def test_a_cleared_alarm_is_noted_once_and_a_person_closes(shout: Shout) -> None:
    number = shout()["service_request_id"]
    Case.objects.update(unread=False)
    for _n in range(2):
        assert shout(state="cleared") == {"result": "cleared", "service_request_id": number, "count": 1}
    case = Case.objects.get()
    assert case.open
    assert case.unread
    assert Alarm.objects.get().cleared_at is not None
    assert Event.objects.filter(verb="case.alarm_cleared").count() == 1
    assert shout()["count"] == 2
    assert Alarm.objects.get().cleared_at is None


def test_what_was_never_raised_leaves_nothing_when_it_is_cleared(shout: Shout) -> None:
    assert shout(state="cleared") == {"result": "unknown", "service_request_id": None, "count": 0}
    assert not Case.objects.exists()


def test_a_clock_that_is_wrong_dates_nothing_in_the_future(shout: Shout) -> None:
    shout(at=(now() + timedelta(days=400)).isoformat())
    assert Alarm.objects.get().last_at <= now()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": None}, "id"),
        ({"id": " \x00"}, "id"),
        ({"id": "x" * 151}, "id"),
        ({"id": ["a"]}, "id"),
        ({"state": "shouting"}, "state"),
        ({"lat": 91}, "lat"),
        ({"lat": "59,33"}, "lat"),
        ({"lat": None}, "lat"),
        ({"service_code": "nothing"}, "service_code"),
        ({"at": "2026-01-01"}, "at"),
        ({"at": "2026-01-01T00:00:00"}, "at"),
        ({"text": "x" * 5000}, "text"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(
    motala: Organisation, changed: dict[str, Any], field: str
) -> None:
    answer = post({**PUMP, **changed})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Alarm.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"\xff\xfe", b'{"id": "a", "lat": NaN, "long": 1}', b"[" * 90_000, b'{"id": "a"', b"<a/>"],
)
def test_what_is_no_object_is_400(motala: Organisation, body: bytes) -> None:
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_what_is_too_large_is_413(motala: Organisation) -> None:
    assert post(b" " * 200_000).status_code == 413


def test_what_does_not_say_how_long_it_is_is_411(motala: Organisation) -> None:
    headers = {"host": "motala.localhost", "authorization": f"Bearer {KEY}", "transfer-encoding": "chunked"}
    answer = Client(headers=headers).post(
        "/in/alarm/", json.dumps(PUMP).encode(), content_type="application/json", CONTENT_LENGTH=""
    )
    assert answer.status_code == 411


def test_a_key_of_the_right_sort_is_needed(motala: Organisation) -> None:
    make_key(motala, "only reports", scopes=["requests"])
    for wrong in ("", "wrong", "only reports"):
        refused = post(PUMP, key=wrong)
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"] == "Bearer"
    assert (
        Client(headers={"host": "motala.localhost", "x-api-key": KEY})
        .post("/in/alarm/", json.dumps(PUMP), content_type="application/json")
        .status_code
        == 200
    )
    assert Client(headers={"host": "motala.localhost"}).post(f"/in/alarm/?api_key={KEY}").status_code == 401


@pytest.mark.requirement("N4", "X1")
def test_another_organisations_key_is_none(motala: Organisation) -> None:
    factories.make_organisation("mjolby")
    assert post(PUMP, host="mjolby.localhost").status_code == 401


def test_each_source_has_its_own_names(motala: Organisation, shout: Shout) -> None:
    make_key(motala, "another")
    assert shout()["service_request_id"] != post(PUMP, key="another").json()["service_request_id"]


def test_too_much_is_429(motala: Organisation) -> None:
    make_key(motala, "slow", hourly=2)
    answers = [post(PUMP, key="slow").status_code for _n in range(3)]
    assert answers == [200, 200, 429]


def test_only_channels_that_let_machines_in_have_an_address(motala: Organisation) -> None:
    assert post(PUMP, path="/in/web/").status_code == post(PUMP, path="/in/none/").status_code == 404
    refused = Client(headers={"host": "motala.localhost"}).get("/in/alarm/")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")


def test_repeating_costs_the_same_however_often(shout: Shout, django_assert_max_num_queries: Any) -> None:
    for _n in range(5):
        shout()
    with django_assert_max_num_queries(14):
        shout()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_case() -> None:
    motala = factories.make_organisation()
    make_key(motala, throttled=False)

    def send(n: int) -> int:
        try:
            return int(post({**PUMP, "id": f"P17-{n % 3}"}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(20))) == {200}
    with organisation_scope(motala.pk):
        assert Case.objects.count() == 1
        assert sum(Alarm.objects.values_list("count", flat=True)) == 20


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["id", "state", "object", "text", "service_code", "lat", "long", "address", "at"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(FIELDS, JSON, max_size=9))
def test_no_object_breaks_it(motala: Organisation, sent: dict[str, Any]) -> None:
    answer = post({"id": "x", **sent})
    assert answer.status_code in {200, 400}
