"""One municipality's Lyhörd as the case system of another's, over real HTTP by Open311."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lyhord.cases.actions import change_state, note, reply
from lyhord.cases.models import Case, Message, Photo, Side
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange import systems, tasks
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Change, Connection, News
from lyhord.exchange.models import ChangeKind, Link, Outgoing, System
from lyhord.files.actions import keep_photo
from lyhord.intake.clients import SCOPES, create_key
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, until, work
from tests.files.make import photo as picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "0.21", "N9")]
OPEN311 = ADAPTERS.get("open311")


@pytest.fixture
def mjolby() -> Organisation:
    """The other municipality."""
    return factories.make_organisation("mjolby")


@pytest.fixture
def motala() -> Organisation:
    return factories.make_organisation("motala")


@pytest.fixture
def system(motala: Organisation, mjolby: Organisation, live_server: Any, settings: Any, tmp_path: Any) -> System:
    """Motala sends all that comes in on to Mjölby's lamps."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.OPEN311_HOSTS = frozenset({"127.0.0.1"})
    settings.OUTWARD_ALLOW, settings.OUTWARD_PORTS = ["127.0.0.0/8"], [live_server.thread.port]
    with organisation_scope(mjolby.pk):
        _row, key = create_key(client="Motala", scopes=SCOPES, by=factories.TEST)
    with organisation_scope(motala.pk):
        made = actions.save_system(
            name="Mjölby",
            adapter="open311",
            settings={"url": f"http://127.0.0.1:{live_server.thread.port}/open311/v2/", "jurisdiction": "mjolby"},
            secret=key,
            mapping={"types": {"*": "belysning.lampa"}},
            by=factories.TEST,
        )
        return actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)


@pytest.fixture
def connection(system: System, motala: Organisation) -> Connection:
    with organisation_scope(motala.pk):
        return systems.connection_to(system)


@pytest.fixture
def sent(motala: Organisation, mjolby: Organisation, system: System) -> tuple[Case, Case]:
    """A case of Motala's with a picture, and what it is in Mjölby."""
    with organisation_scope(motala.pk):
        photo = keep_photo(organisation_id=motala.pk, data=picture(), by=Actor.resident())
    tasks.pull.call(organisation_id=motala.pk, system_id=system.pk)  # the cursor is set
    ours = factories.make_case(motala, "Lampan är släckt. Å ä ö.", email="elin@example.se", photos=(photo,)).case
    work()
    with organisation_scope(motala.pk):
        failed = list(Outgoing.objects.exclude(error="").values_list("error", flat=True))
        assert not failed
        number = Link.objects.get(case=ours).remote_id
    with organisation_scope(mjolby.pk):
        return ours, Case.objects.get(number=number)


def pull(motala: Organisation, system: System, until_true: Any) -> None:
    """Read on until it is there: what was changed this very second may be held back for a moment."""

    def read() -> bool:
        tasks.pull.call(organisation_id=motala.pk, system_id=system.pk)
        with organisation_scope(motala.pk):
            return bool(until_true())

    until(read)


def test_a_case_comes_there_with_place_and_picture_and_once(
    mjolby: Organisation, sent: tuple[Case, Case], connection: Connection
) -> None:
    ours, theirs = sent
    assert theirs.text.startswith("Lampan är släckt. Å ä ö.")
    assert [theirs.lat, theirs.lon] == pytest.approx([ours.lat, ours.lon], abs=1e-6)
    key = f"motala-{ours.number}"
    change = Change(key=key, kind=ChangeKind.CREATE, text="Igen", queue="belysning.lampa", lat=ours.lat, lon=ours.lon)
    assert OPEN311.create(connection, change) == theirs.number
    with organisation_scope(mjolby.pk):
        assert Case.objects.count() == 1
        assert Photo.objects.filter(case=theirs).count() == 1


def test_answers_go_there_once_and_notes_never(
    motala: Organisation, mjolby: Organisation, sent: tuple[Case, Case], connection: Connection
) -> None:
    ours, theirs = sent
    with organisation_scope(motala.pk):
        note(case_id=ours.pk, text="zxintern: ring elverket.", by=factories.TEST)
        reply(case_id=ours.pk, text="Vi har bett Mjölby titta.", by=factories.TEST)
    work()
    said = Change(key=f"motala-{ours.number}/x", kind=ChangeKind.PUBLIC, text="En gång")
    for again in (False, True):
        OPEN311.send(connection, theirs.number, said, again=again)
    with organisation_scope(mjolby.pk):
        heard = list(Message.objects.filter(case=theirs).order_by("pk").values_list("text", flat=True))
        assert sum("Vi har bett Mjölby titta." in text for text in heard) == 1
        assert sum("En gång" in text for text in heard) == 1
        assert not any("zxintern" in text for text in heard)


@pytest.mark.requirement("0.22")
def test_what_they_do_reaches_our_resident_once_and_does_not_go_back(
    motala: Organisation, mjolby: Organisation, system: System, sent: tuple[Case, Case]
) -> None:
    ours, theirs = sent
    with organisation_scope(mjolby.pk):
        note(case_id=theirs.pk, text="zxderas: kostade 400 kr.", by=factories.TEST)
        change_state(case_id=theirs.pk, to=State.RESOLVED, by=factories.TEST)
        before = Message.objects.count()
    pull(motala, system, lambda: Case.objects.get().state == State.RESOLVED)
    tasks.pull.call(organisation_id=motala.pk, system_id=system.pk)
    work()
    with organisation_scope(motala.pk):
        heard = list(Message.objects.filter(case=ours).values_list("side", "text"))
        assert [side for side, _text in heard] == [Side.OFFICE]
        assert "zxderas" not in str(heard)
    with organisation_scope(mjolby.pk):
        assert Message.objects.count() == before


def test_the_day_of_a_planned_action_comes_along(
    motala: Organisation, mjolby: Organisation, system: System, sent: tuple[Case, Case]
) -> None:
    ours, theirs = sent
    day = today() + timedelta(days=9)
    with organisation_scope(mjolby.pk):
        change_state(case_id=theirs.pk, to=State.PLANNED, reason="Ny lampa", until=day, by=factories.TEST)
    pull(motala, system, lambda: Case.objects.get().state == State.PLANNED)
    with organisation_scope(motala.pk):
        assert Case.objects.get().state_until == day
        change_state(case_id=ours.pk, to=State.WAITING, reason="Kran", until=day, by=factories.TEST)
    work()
    with organisation_scope(mjolby.pk):
        heard = Message.objects.filter(case=theirs).latest("pk").text
    assert f"in_progress, {day}" in heard


def test_checking_says_what_is_wrong(connection: Connection) -> None:
    OPEN311.check(connection, ["belysning.lampa"])
    with pytest.raises(AdapterError, match=r"queue: finns\.inte"):
        OPEN311.check(connection, ["finns.inte"])
    wrong = Connection(connection.system, connection.settings, "fel")
    with pytest.raises(AdapterError, match="login"):
        OPEN311.check(wrong, ["belysning.lampa"])


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    """A server of another make."""
    end = FarEnd()
    settings.OUTWARD_ALLOW, settings.OUTWARD_PORTS = ["127.0.0.0/8"], [end.port]
    yield end
    end.close()


def at(far_end: FarEnd) -> Connection:
    return Connection(1, {"url": f"{far_end.url}/open311/", "jurisdiction": ""}, "nyckel")


def says(body: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


CREATE = Change(key="motala-26-1", kind=ChangeKind.CREATE, text="Hål", queue="POT", lat=58.5, lon=15.0)
SAID = Change(key="motala-26-1/7", kind=ChangeKind.PUBLIC, text="Hej")


def test_a_yes_with_an_error_in_it_is_a_no(far_end: FarEnd) -> None:
    no = {"code": 400, "description": "no"}
    bodies: list[object] = [[no], {"errors": [no]}, [], [{}]]
    for body in bodies:
        far_end.replies = [says(body), says(body)]
        with pytest.raises(AdapterError):
            OPEN311.create(at(far_end), CREATE)
        with pytest.raises(AdapterError):
            OPEN311.send(at(far_end), "1", SAID, again=False)


def test_what_fixmystreet_has_already_is_there(far_end: FarEnd) -> None:
    far_end.usual = says({"errors": [{"code": 400, "description": "already exists"}]}, 400)
    OPEN311.send(at(far_end), "1", SAID, again=True)
    far_end.usual = says({"service_request_updates": {"update_id": 5}})
    OPEN311.send(at(far_end), "1", SAID, again=False)
    assert b"update_id=lyhord-motala-26-1-7" in far_end.heard[-1].body


def test_a_token_is_asked_about(far_end: FarEnd) -> None:
    far_end.replies = [says([{"token": "t1"}]), says([{"service_request_id": "9"}])]
    assert OPEN311.create(at(far_end), CREATE) == "9"
    assert far_end.heard[-1].path == "/open311/tokens/t1.json"
    assert far_end.heard[0].headers["idempotency-key"] == "motala-26-1"


def test_the_day_is_read_from_the_request_where_the_update_does_not_tell(far_end: FarEnd) -> None:
    news = News(key="u1/s", remote_id="9", kind=ChangeKind.STATE, at=now(), value="action_scheduled")
    far_end.replies = [says([{"service_request_id": "9", "expected_datetime": "2026-12-08T21:00:00Z"}])]
    assert OPEN311.content(at(far_end), news).until == date(2026, 12, 8)
    far_end.replies = [says([{"code": 404, "description": "no"}], 404)]
    assert OPEN311.content(at(far_end), news).until is None
    asked = len(far_end.heard)
    OPEN311.content(at(far_end), replace(news, value="fixed"))
    assert len(far_end.heard) == asked


@pytest.mark.parametrize(("status", "permanent"), [(400, True), (403, False), (404, True), (429, False), (503, False)])
def test_which_failures_are_final(far_end: FarEnd, status: int, permanent: bool) -> None:
    far_end.usual = says([{"code": status, "description": "no"}], status)
    with pytest.raises(AdapterError) as refused:
        OPEN311.create(at(far_end), CREATE)
    assert refused.value.permanent is permanent


def test_updates_are_read_in_order_and_ours_left_out(far_end: FarEnd) -> None:
    moment = now().replace(microsecond=0)
    rows = [
        {"update_id": "1", "service_request_id": "9", "status": "OPEN", "updated_datetime": moment.isoformat()},
        {
            "update_id": "2",
            "service_request_id": "9",
            "status": "fixed",
            "updated_datetime": (moment + timedelta(seconds=1)).isoformat(),
            "description": "Lagat. Å ä ö.",
        },
        {"update_id": "lyhord-x", "service_request_id": "9", "status": "open", "updated_datetime": moment.isoformat()},
        {"update_id": "3", "service_request_id": "9", "status": "open", "updated_datetime": "i går"},
    ]
    shapes: list[object] = [rows, {"service_request_updates": rows}]
    for body in shapes:
        far_end.usual = says(body)
        batch = OPEN311.pull(at(far_end), OPEN311.start(at(far_end)))
        told = [(one.key, one.kind.value, one.value or one.text) for one in batch.news]
        assert told == [("u1/s", "state", "open"), ("u2/t", "public", "Lagat. Å ä ö."), ("u2/s", "state", "fixed")]
        assert not batch.more
