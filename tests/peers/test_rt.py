"""RT 5 itself, over HTTP: there and back, å ä ö, files byte for byte, and each trap that was measured."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest

from lyhord.cases.actions import add_documents, change_state, note, reply
from lyhord.cases.models import Case, Document, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import knocks, systems, tasks
from lyhord.exchange import system_actions as actions
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Attachment, Change, Connection
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System
from lyhord.files.actions import keep_document
from lyhord.files.storage import document
from lyhord.jobs.models import Job
from lyhord.organisations.models import Hostname, Organisation
from tests import factories
from tests.far_end import next_second, until, work
from tests.peers.rt.server import Rt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "0.21", "N9")]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def rt(worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rt]:
    there = Rt(tmp_path_factory.mktemp("rt"), f"rt_{worker_name}")
    yield there
    there.close()


@pytest.fixture
def town(rt: Rt, settings: Any, tmp_path: Any) -> Organisation:
    settings.OUTWARD_PORTS, settings.OUTWARD_ALLOW, settings.MEDIA_ROOT = [rt.port], ["127.0.0.0/8"], tmp_path
    return factories.make_organisation(f"m{factories.unique()[:8]}")


@pytest.fixture
def system(rt: Rt, town: Organisation) -> System:
    with organisation_scope(town.pk):
        made = actions.save_system(
            name="RT",
            adapter="rt",
            settings={"url": rt.url, "user": "lyhord"},
            secret="lyhord-secret",
            mapping={"types": {"*": "Gata och park"}},
            by=factories.TEST,
        )
        return actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)


@pytest.fixture
def connection(town: Organisation, system: System) -> Connection:
    with organisation_scope(town.pk):
        return systems.connection_to(system)


@pytest.fixture
def sent(town: Organisation, system: System) -> tuple[Case, str]:
    """A case that is there, and its number there."""
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)  # from here on
    case = factories.make_case(town, "Lampan är släckt på Åbyvägen.", email="elin@example.se").case
    work()
    with organisation_scope(town.pk):
        assert not Outgoing.objects.exclude(state=ChangeState.SENT).exists()
        return case, Link.objects.get().remote_id


def test_a_case_goes_there_with_its_place_and_our_number(rt: Rt, town: Organisation, sent: tuple[Case, str]) -> None:
    case, ticket = sent
    there = rt.as_anna("GET", f"/ticket/{ticket}").json()
    fields = {one["name"]: one["values"] for one in there["CustomFields"]}
    assert fields["Latitude"] == ["58.537100"]
    assert fields["Lyhord ID"] == [f"{town.slug}-{case.number}"]
    assert there["Subject"].startswith(case.number)


def test_an_answer_is_public_and_a_note_is_not(rt: Rt, town: Organisation, sent: tuple[Case, str]) -> None:
    case, ticket = sent
    with organisation_scope(town.pk):
        reply(case_id=case.pk, text="Vi åker ut på måndag.", by=factories.TEST)
        note(case_id=case.pk, text="Ring elverket.", by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST)
    work()
    history = rt.as_anna("GET", f"/ticket/{ticket}/history?fields=Type&per_page=100").json()["items"]
    types = [one["Type"] for one in history]
    assert (types.count("Correspond"), types.count("Comment")) == (1, 1)
    assert rt.as_anna("GET", f"/ticket/{ticket}").json()["Status"] == "resolved"


@pytest.mark.requirement("0.22")
def test_what_anna_does_reaches_the_resident_and_is_not_sent_back(
    rt: Rt, town: Organisation, system: System, sent: tuple[Case, str]
) -> None:
    _case, ticket = sent
    files = [{"FileName": "plan.pdf", "FileType": "application/pdf", "FileContent": base64.b64encode(PDF).decode()}]
    said = {"Content": "Nu är lampan bytt. Å ä ö.", "ContentType": "text/plain", "Attachments": files}
    rt.as_anna("POST", f"/ticket/{ticket}/correspond", said)
    rt.as_anna("POST", f"/ticket/{ticket}/comment", {"Content": "Kostade 400 kr.", "ContentType": "text/plain"})
    rt.as_anna("PUT", f"/ticket/{ticket}", {"Status": "resolved"})
    for _twice in range(2):
        tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    with organisation_scope(town.pk):
        heard = list(Message.objects.order_by("pk").values_list("side", "text"))
        assert heard == [(Side.OFFICE, "Nu är lampan bytt. Å ä ö."), (Side.INTERNAL, "Kostade 400 kr.")]
        assert Case.objects.get().state == State.RESOLVED
        assert set(Incoming.objects.values_list("outcome", flat=True)) <= {"applied", "nothing"}
        with document(Document.objects.select_related("file").get().file.key, "attachment") as kept:  # type: ignore[union-attr]  # lies here
            assert kept.read() == PDF
    before = rt.as_anna("GET", f"/ticket/{ticket}/history?per_page=100").json()["items"]
    work()
    assert len(rt.as_anna("GET", f"/ticket/{ticket}/history?per_page=100").json()["items"]) == len(before)


def test_a_day_goes_there_and_comes_back(rt: Rt, town: Organisation, system: System, sent: tuple[Case, str]) -> None:
    """RT reads dates in the user's own time zone: a day must stay the day that it is."""
    case, ticket = sent
    day = today() + timedelta(days=9)
    with organisation_scope(town.pk):
        change_state(case_id=case.pk, to=State.PLANNED, reason="Ny lampa", until=day, by=factories.TEST)
    work()
    there = rt.as_anna("GET", f"/ticket/{ticket}").json()
    assert (there["Status"], there["Due"][:10]) == ("open", day.isoformat())
    later = day + timedelta(days=3)
    next_second()
    rt.as_anna("PUT", f"/ticket/{ticket}", {"Due": f"{later} 00:00:00"})
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    with organisation_scope(town.pk):
        planned = Case.objects.get()
        assert (planned.state, planned.state_until) == (State.PLANNED, later)
    rt.as_anna("PUT", f"/ticket/{ticket}", {"Due": ""})  # not set any more: that says nothing
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    work()
    with organisation_scope(town.pk):
        assert Case.objects.get().state_until == later
        assert not Outgoing.objects.exclude(state__in=[ChangeState.SENT, ChangeState.ECHO]).exists()


def test_it_knocks_when_anna_answers_and_not_for_what_we_do(
    rt: Rt, town: Organisation, system: System, sent: tuple[Case, str], live_server: Any
) -> None:
    """The scrip that the settings show, in the real thing."""
    case, ticket = sent
    Hostname.objects.create(organisation=town, host=urlsplit(live_server.url).hostname)
    address = f"{live_server.url}/in/system/{system.pk}/"
    with organisation_scope(town.pk):
        scrip = ADAPTERS.get("rt").bell(system.settings, address, knocks.secret_of(system))
    rt.add_scrip(*(text for _label, text in scrip))
    with organisation_scope(town.pk):
        reply(case_id=case.pk, text="Vi åker ut på måndag.", by=factories.TEST)
    work()
    readings = Job.objects.filter(task=tasks.pull.module_path)
    assert not readings.exists()
    rt.as_anna("POST", f"/ticket/{ticket}/correspond", {"Content": "Bytt. Å ä ö.", "ContentType": "text/plain"})
    rt.as_anna("PUT", f"/ticket/{ticket}", {"Status": "resolved"})
    until(lambda: readings.count() == 1)
    work(days=1 / 1440)
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)  # the poll finds nothing more
    with organisation_scope(town.pk):
        assert Message.objects.filter(external_id__startswith="system-").count() == 1
        assert Case.objects.get().state == State.RESOLVED


def test_files_go_byte_for_byte_and_keep_their_swedish_names(
    rt: Rt, town: Organisation, sent: tuple[Case, str]
) -> None:
    case, ticket = sent
    with organisation_scope(town.pk):
        message = note(case_id=case.pk, text="Se filen.", by=factories.TEST)
        kept = keep_document(organisation_id=town.pk, data=PDF, name="hål i gatan åäö.pdf", by=factories.TEST)
        add_documents(case_id=case.pk, files=[kept], message_id=message.pk, by=factories.TEST)
    work()
    listed = rt.as_anna("GET", f"/ticket/{ticket}/attachments?fields=Filename&per_page=100").json()["items"]
    [there] = [one for one in listed if one.get("Filename")]
    assert there["Filename"] == "hål i gatan åäö.pdf"
    whole = rt.as_anna("GET", f"/attachment/{there['id']}").json()
    assert base64.b64decode(whole["Content"]) == PDF


def test_the_same_twice_is_done_once(rt: Rt, connection: Connection) -> None:
    adapter, key = ADAPTERS.get("rt"), factories.unique()
    change = Change(key=key, kind=ChangeKind.CREATE, title="Två gånger", text="Hej", queue="Gata och park")
    ticket = adapter.create(connection, change)
    assert adapter.create(connection, change) == ticket
    picture = Attachment("bild.jpg", "image/jpeg", bytes(range(256)) * 40)
    said = Change(key=f"{key}/1", kind=ChangeKind.PUBLIC, text="Ett svar", files=(picture,))
    for again in (False, True, True):
        adapter.send(connection, ticket, said, again=again)
    listed = rt.as_anna("GET", f"/ticket/{ticket}/attachments?fields=Filename&per_page=100").json()["items"]
    assert [one["Filename"] for one in listed if one.get("Filename")] == ["bild.jpg"]


def test_a_yes_that_is_a_no_is_a_failure(connection: Connection) -> None:
    """RT says 200 to a status that it does not have."""
    adapter = ADAPTERS.get("rt")
    change = Change(key=factories.unique(), kind=ChangeKind.CREATE, title="Nej", text="Hej", queue="Gata och park")
    ticket = adapter.create(connection, change)
    with pytest.raises(AdapterError) as refused:
        adapter.send(connection, ticket, Change(key="x", kind=ChangeKind.STATE, value="finns inte"), again=False)
    assert refused.value.permanent
    for _twice in range(2):  # which changes nothing the second time: RT says [] then
        adapter.send(connection, ticket, Change(key="y", kind=ChangeKind.STATE, value="stalled"), again=False)


def test_a_session_that_has_ended_is_begun_again(connection: Connection) -> None:
    adapter = ADAPTERS.get("rt")
    sessions = import_module(type(adapter).__module__)._sessions
    adapter.start(connection)
    for who in list(sessions):
        sessions[who] = "RT_SID_kommun.example.80=0123456789abcdef0123456789abcdef"
    assert int(adapter.start(connection)) >= 0


def test_checking_says_what_is_wrong(connection: Connection) -> None:
    adapter = ADAPTERS.get("rt")
    adapter.check(connection, ["Gata och park"])
    with pytest.raises(AdapterError):
        adapter.check(connection, ["Finns inte"])
    wrong = Connection(connection.system + 10**6, connection.settings, "fel lösenord")
    with pytest.raises(AdapterError):
        adapter.check(wrong, ["Gata och park"])
