"""Znuny itself, over HTTP: there and back, å ä ö, files byte for byte, and each trap that was measured."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from lyhord.cases.actions import add_documents, change_state, note, reply
from lyhord.cases.models import Case, Document, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import generic_interface, knocks, systems, tasks
from lyhord.exchange import system_actions as actions
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Attachment, Change, Connection
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System
from lyhord.files.actions import keep_document
from lyhord.files.storage import document
from lyhord.jobs.models import Job
from lyhord.organisations.models import Hostname, Organisation
from tests import factories
from tests.far_end import next_second, until, work
from tests.peers.znuny.server import Znuny

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "0.21", "N9")]
ZNUNY = ADAPTERS.get("znuny")
NAME = "hål i gatan åäö.pdf"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
AGENT = {"CommunicationChannel": "Internal", "SenderType": "agent", "ContentType": "text/plain; charset=utf8"}


@pytest.fixture(scope="module")
def znuny(worker_name: str) -> Iterator[Znuny]:
    there = Znuny(f"znuny_{worker_name}")
    yield there
    there.close()


@pytest.fixture
def town(znuny: Znuny, settings: Any, tmp_path: Any) -> Organisation:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.OUTWARD_ALLOW, settings.OUTWARD_PORTS = ["127.0.0.0/8"], [znuny.port]
    return factories.make_organisation(f"motala{factories.unique()}"[:20])


@pytest.fixture
def system(znuny: Znuny, town: Organisation) -> System:
    with organisation_scope(town.pk):
        made = actions.save_system(
            name="Znuny",
            adapter="znuny",
            settings={"url": znuny.url, "user": "lyhord", "customer": "invanare"},
            secret="lyhord-secret",
            mapping={"types": {"*": "Gata och park"}},
            by=factories.TEST,
        )
        return actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)


@pytest.fixture
def connection(town: Organisation, system: System) -> Connection:
    with organisation_scope(town.pk):
        return systems.connection_to(system)


def ticket_of(znuny: Znuny, remote: str, **more: Any) -> dict[str, Any]:
    asked = {"DynamicFields": 1, "AllArticles": 1, "Attachments": 1, "GetAttachmentContents": 1, **more}
    [found] = znuny.as_anna("GET", f"/Ticket/{remote}", **asked)["Ticket"]
    return dict(found)


@pytest.mark.requirement("0.22")
def test_there_and_back(znuny: Znuny, town: Organisation, system: System) -> None:
    """A case with an answer, a note, a file and a state goes there; what Anna does reaches the resident, once."""
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)  # from here on
    case = factories.make_case(town, "Lampan är släckt på Åbyvägen.", email="elin@example.se").case
    with organisation_scope(town.pk):
        reply(case_id=case.pk, text="Vi åker ut på måndag. Å ä ö.", by=factories.TEST)
        message = note(case_id=case.pk, text="Ring elverket.", by=factories.TEST)
        kept = keep_document(organisation_id=town.pk, data=PDF, name=NAME, by=factories.TEST)
        add_documents(case_id=case.pk, files=[kept], message_id=message.pk, by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST)
    work()
    with organisation_scope(town.pk):
        assert not list(Outgoing.objects.exclude(state=ChangeState.SENT).values_list("error", flat=True))
        remote = Link.objects.get().remote_id
    there = ticket_of(znuny, remote)
    fields = {one["Name"]: one.get("Value") for one in there["DynamicField"]}
    assert (fields["Latitude"], fields["LyhordID"]) == ("58.537100", f"{town.slug}-{case.number}")
    assert there["State"] == "closed successful"
    shown = [(one["Body"].split("\n")[0], str(one["IsVisibleForCustomer"])) for one in there["Article"]]
    first, *rest = shown
    assert first == ("Lampan är släckt på Åbyvägen.", "1")
    assert rest == [("Vi åker ut på måndag. Å ä ö.", "1"), ("Ring elverket.", "0")]
    [file] = [one for article in there["Article"] for one in article.get("Attachment", []) if "pdf" in one["Filename"]]
    assert (file["Filename"], base64.b64decode(file["Content"])) == (NAME, PDF)

    attached = {"Content": base64.b64encode(PDF).decode(), "ContentType": "application/pdf", "Filename": NAME}
    said = {**AGENT, "IsVisibleForCustomer": 1, "Subject": "Svar", "Body": "Lampan är bytt. Å ä ö."}
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Article=said, Attachment=[attached])
    among_staff = {**AGENT, "IsVisibleForCustomer": 0, "Subject": "Pris", "Body": "Kostade 400 kr."}
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Article=among_staff)
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Ticket={"State": "open", "Owner": "anna"})
    for _twice in range(2):
        tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    with organisation_scope(town.pk):
        assert System.objects.get().last_error == ""
        heard = list(Message.objects.filter(external_id__startswith="system-").values_list("side", "text"))
        assert sorted(heard) == sorted([(Side.OFFICE, "Lampan är bytt. Å ä ö."), (Side.INTERNAL, "Kostade 400 kr.")])
        assert Case.objects.get().state == State.IN_PROGRESS
        assert set(Incoming.objects.values_list("outcome", flat=True)) <= {"applied", "nothing"}
        files = Document.objects.select_related("file").filter(message__side=Side.OFFICE)
        with document(files.get().file.key, "attachment") as came:  # type: ignore[union-attr]  # lies here
            assert came.read() == PDF
    work()
    assert len(ticket_of(znuny, remote)["Article"]) == len(there["Article"]) + 2


def test_a_day_goes_there_and_comes_back(znuny: Znuny, town: Organisation, system: System) -> None:
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    case, day = factories.make_case(town, "Lampan är släckt.").case, today() + timedelta(days=9)
    with organisation_scope(town.pk):
        change_state(case_id=case.pk, to=State.PLANNED, reason="Ny lampa", until=day, by=factories.TEST)
    work()
    with organisation_scope(town.pk):
        assert not list(Outgoing.objects.exclude(state=ChangeState.SENT).values_list("error", flat=True))
        remote = Link.objects.get().remote_id
    there = ticket_of(znuny, remote)
    assert there["State"] == "pending reminder"
    assert datetime.fromtimestamp(int(there["RealTillTimeNotUsed"]), UTC).date() == day
    later = day + timedelta(days=2)
    next_second()
    pending = {"Year": later.year, "Month": later.month, "Day": later.day, "Hour": 8, "Minute": 0}
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Ticket={"State": "pending reminder", "PendingTime": pending})
    for _twice in range(2):
        tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    with organisation_scope(town.pk):
        planned = Case.objects.get()
        assert (planned.state, planned.state_until) == (State.PLANNED, later)


def test_it_knocks_when_anna_answers(
    znuny: Znuny, town: Organisation, system: System, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The invoker that the settings show, in the real thing; nothing of the ticket comes along."""
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)
    factories.make_case(town, "Lampan är släckt.")
    work()
    Hostname.objects.create(organisation=town, host=urlsplit(live_server.url).hostname)
    address = f"{live_server.url}/in/system/{system.pk}/"
    with organisation_scope(town.pk):
        remote = Link.objects.get().remote_id
        [(_label, requester)] = ZNUNY.bell(system.settings, address, knocks.secret_of(system))
    readings, real, bodies = Job.objects.filter(task=tasks.pull.module_path), knocks.known, list[bytes]()

    def overhearing(row: System, headers: Mapping[str, str], body: Callable[[], bytes]) -> bool:
        bodies.append(body())
        return real(row, headers, body)

    monkeypatch.setattr(knocks, "known", overhearing)
    znuny.add_bell(requester)
    said = {**AGENT, "IsVisibleForCustomer": 1, "Subject": "Svar", "Body": "Lampan är bytt. Å ä ö."}
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Article=said)
    znuny.as_anna("PATCH", f"/Ticket/{remote}", Ticket={"State": "closed successful"})
    until(lambda: readings.count() == 1)
    assert {one.strip() for one in bodies} == {b'{"New":"1"}'}
    work(days=1 / 1440)
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)  # the poll finds nothing more
    with organisation_scope(town.pk):
        assert Message.objects.filter(external_id__startswith="system-").count() == 1
        assert Case.objects.get().state == State.RESOLVED


@pytest.mark.requirement("N5")
def test_each_trap(znuny: Znuny, connection: Connection) -> None:
    """Twice is once; a yes that is a no; a session that has ended; a filter that is not heeded; what checking says."""
    key = factories.unique()
    create = Change(key=f"å-{key}", kind=ChangeKind.CREATE, title="Två gånger", text="Hej", queue="Gata och park")
    remote = ZNUNY.create(connection, create)
    assert ZNUNY.create(connection, create) == remote
    assert ZNUNY.create(connection, replace(create, key=f"annan-{key}")) != remote
    picture = Attachment("bild åäö.jpg", "image/jpeg", bytes(range(256)) * 40)
    said = Change(key=f"{key}/1", kind=ChangeKind.PUBLIC, text="Ett svar", files=(picture,))
    for again in (False, True, True):
        ZNUNY.send(connection, remote, said, again=again)
    articles = ticket_of(znuny, remote)["Article"]
    assert [one["Subject"] for one in articles] == ["Två gånger", f"{key}/1"]
    files = [one for article in articles for one in article.get("Attachment", []) if one["Filename"] == picture.name]
    assert [base64.b64decode(one["Content"]) for one in files] == [picture.data]

    refusals = [
        (Change(key="x", kind=ChangeKind.STATE, value="finns inte"), remote, True),
        (Change(key="x", kind=ChangeKind.OWNER, value="finns.inte"), remote, True),
        (Change(key="x", kind=ChangeKind.STATE, value="open"), "999999", False),  # not there is not allowed, says Znuny
    ]
    for change, where, permanent in refusals:
        with pytest.raises(AdapterError) as refused:
            ZNUNY.send(connection, where, change, again=False)
        assert refused.value.permanent is permanent, change

    sessions = generic_interface._sessions
    for who in list(sessions):
        sessions[who] = "slut"
    assert ZNUNY.start(connection)

    ZNUNY.check(connection, ["Gata och park"])
    with pytest.raises(AdapterError, match="queue: Finns inte"):
        ZNUNY.check(connection, ["Finns inte"])
    wrong = Connection(connection.system + 10**6, connection.settings, "fel lösenord")
    with pytest.raises(AdapterError, match="login"):
        ZNUNY.check(wrong, ["Gata och park"])
