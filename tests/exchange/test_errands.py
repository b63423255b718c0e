"""Errands of support-management: there and back over HTTP, each trap that is known of, all by its description."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lyhord.cases.actions import add_documents, assign, change_state, note, reply
from lyhord.cases.models import Case, Document, Message, Side
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange import systems, tasks
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Attachment, Change, Connection
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Outgoing, System
from lyhord.files.actions import keep_document, keep_photo
from lyhord.files.storage import document
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.errand_server import ErrandServer, Kept, answering
from tests.far_end import work
from tests.files.make import photo as picture

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "0.21", "0.22", "N9")]
ERRANDS = ADAPTERS.get("errands")
NAME = "hål i gatan åäö.pdf"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def there(settings: Any, tmp_path: Any) -> Iterator[ErrandServer]:
    """The other system."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with answering(settings) as server:
        yield server


@pytest.fixture
def system(motala_alone: Organisation, there: ErrandServer) -> System:
    with organisation_scope(motala_alone.pk):
        made = actions.save_system(
            name="Draken",
            adapter="errands",
            settings={"url": there.url, "municipality": "0580", "namespace": "KONTAKTCENTER", "user": "lyhord"},
            secret="nyckel",
            mapping={"types": {"*": "GATA/HÅL"}, "people": {"anna": "anna@example.se"}},
            by=factories.TEST,
        )
        made = actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)
    tasks.pull.call(organisation_id=motala_alone.pk, system_id=made.pk)  # from here on
    return made


@pytest.fixture
def connection(system: System, motala_alone: Organisation) -> Connection:
    with organisation_scope(motala_alone.pk):
        return systems.connection_to(system)


@pytest.fixture
def case(motala_alone: Organisation, system: System) -> Case:
    """A case with a picture, that has come there."""
    with organisation_scope(motala_alone.pk):
        photo = keep_photo(organisation_id=motala_alone.pk, data=picture(), by=Actor.resident())
    made = factories.make_case(motala_alone, "Hålet på Åbyvägen.", email="elin@example.se", photos=(photo,)).case
    work()
    with organisation_scope(motala_alone.pk):
        assert not list(Outgoing.objects.exclude(state=ChangeState.SENT).values_list("error", flat=True))
    return made


def kept(there: ErrandServer, case: Case) -> Kept:
    [one] = there.by_key(f"motala-{case.number}")
    return one


def pull(motala_alone: Organisation, system: System) -> None:
    tasks.pull.call(organisation_id=motala_alone.pk, system_id=system.pk)
    with organisation_scope(motala_alone.pk):
        assert System.objects.get().last_error == ""


def test_a_case_goes_there_with_place_picture_and_our_id_and_nothing_of_the_reporter(
    there: ErrandServer, case: Case, connection: Connection
) -> None:
    errand = kept(there, case).errand
    places = {one["key"]: one["values"] for one in errand["parameters"]}
    assert places == {"latitude": [f"{case.lat:.6f}"], "longitude": [f"{case.lon:.6f}"]}
    assert errand["classification"] == {"category": "GATA", "type": "HÅL"}
    assert errand["title"].startswith(case.number)
    assert errand["description"].startswith("Hålet på Åbyvägen.")
    assert [name for name, _sort, _data in kept(there, case).files.values()] == ["bild-1.jpg"]
    assert not any(b"elin@example.se" in asked.body for asked in there.asked)
    change = Change(key=f"motala-{case.number}", kind=ChangeKind.CREATE, text="Igen", queue="GATA/HÅL")
    there.heeds_filters = False  # a system that gives any errand: ours is known by its tag
    assert ERRANDS.create(connection, change) == errand["id"]
    assert ERRANDS.create(connection, Change(key="motala-x", kind=ChangeKind.CREATE, queue="GATA/HÅL")) != errand["id"]
    there.tells_where = False
    made = ERRANDS.create(connection, Change(key="motala-y", kind=ChangeKind.CREATE, queue="GATA/HÅL"))
    assert [made] == [one.errand["id"] for one in there.by_key("motala-y")]


def test_answers_notes_states_and_people_go_there_in_order(
    there: ErrandServer, motala_alone: Organisation, case: Case
) -> None:
    with organisation_scope(motala_alone.pk):
        unit = Case.objects.get().unit.code
    anna = factories.make_member(motala_alone, "anna@example.se", "Anna A", "case_officer", unit)
    with organisation_scope(motala_alone.pk):
        assign(case_id=case.pk, officer_id=anna.pk, by=factories.TEST)
        reply(case_id=case.pk, text="Vi åker ut på måndag. Å ä ö.", by=factories.TEST)
        note(case_id=case.pk, text="zxintern " + "å" * 3000, by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST)
    work()
    one = kept(there, case)
    assert (one.errand["status"], one.errand["assignedUserId"]) == ("SOLVED", "anna")
    [said] = there.spoken(one.errand["id"])
    assert said.startswith("Vi åker ut på måndag. Å ä ö.")
    assert [held["type"] for held in one.conversations] == ["EXTERNAL"]
    assert len(one.notes) == 2  # a note may be 2,048 signs
    assert "".join(held["body"] for held in one.notes) == "zxintern " + "å" * 3000


def test_a_day_goes_there_as_a_rest_and_comes_back_as_a_plan(
    there: ErrandServer, motala_alone: Organisation, system: System, case: Case
) -> None:
    day = today() + timedelta(days=9)
    with organisation_scope(motala_alone.pk):
        change_state(case_id=case.pk, to=State.PLANNED, reason="Ny lampa", until=day, by=factories.TEST)
    work()
    errand = kept(there, case).errand
    assert (errand["status"], errand["suspension"]["suspendedTo"][:10]) == ("ONGOING", day.isoformat())
    later = day + timedelta(days=2)
    there.change(errand["id"], suspension={"suspendedTo": f"{later}T10:00:00.000Z"})
    for _twice in range(2):
        pull(motala_alone, system)
    with organisation_scope(motala_alone.pk):
        planned = Case.objects.get()
        assert (planned.state, planned.state_until) == (State.PLANNED, later)
        assert Incoming.objects.count() == 1


def test_files_go_byte_for_byte_and_keep_their_swedish_names(
    there: ErrandServer, motala_alone: Organisation, case: Case, connection: Connection
) -> None:
    with organisation_scope(motala_alone.pk):
        for say in (note, reply):
            message = say(case_id=case.pk, text="Se filen.", by=factories.TEST)
            held = keep_document(organisation_id=motala_alone.pk, data=PDF, name=NAME, by=factories.TEST)
            add_documents(case_id=case.pk, files=[held], message_id=message.pk, by=factories.TEST)
    work()
    came = [(name, data) for name, _sort, data in kept(there, case).files.values() if name.endswith(".pdf")]
    assert came == [(NAME, PDF)] * 2
    errand, name = kept(there, case).errand["id"], f"motala-{case.number}/n"
    for tells_sums in (False, True):  # told only some time after a file has come
        there.tells_sums = tells_sums
        for data in (b"ett" * 99, b"tva" * 99, b"ett" * 99):  # the same name is not the same file
            files = (Attachment("bild-1.jpg", "image/jpeg", data),)
            ERRANDS.send(connection, errand, Change(key=name, kind=ChangeKind.INTERNAL, files=files), again=True)
    assert sum(data[:3] in {b"ett", b"tva"} for _name, _sort, data in kept(there, case).files.values()) == 2


def test_what_anna_does_reaches_the_resident_once_and_is_not_sent_back(
    there: ErrandServer, motala_alone: Organisation, system: System, case: Case
) -> None:
    with organisation_scope(motala_alone.pk):
        reply(case_id=case.pk, text="Vi tittar på det.", by=factories.TEST)
    work()
    errand = kept(there, case).errand["id"]
    there.note(errand, "Kostade 400 kr.", subject="Pris")
    there.say(errand, "Nu är hålet lagat. Å ä ö.", ("plan åäö.pdf", "application/pdf", PDF))
    there.say(errand, "zxentreprenör: faktura?", topic="Till entreprenören")
    there.change(errand, status="SOLVED", title="Annat namn")
    before = len(there.asked)
    for _twice in range(2):
        pull(motala_alone, system)
    with organisation_scope(motala_alone.pk):
        heard = set(Message.objects.values_list("side", "text"))
        assert heard == {
            (Side.OFFICE, "Vi tittar på det."),
            (Side.OFFICE, "Nu är hålet lagat. Å ä ö."),
            (Side.INTERNAL, "Pris\n\nKostade 400 kr."),
        }
        assert Case.objects.get().state == State.RESOLVED
        assert Incoming.objects.count() == 3
        file = Document.objects.select_related("file").get().file
        with document(file.key, "attachment") as whole:  # type: ignore[union-attr]  # lies here
            assert (file.name, whole.read()) == ("plan åäö.pdf", PDF)
    work()
    assert [asked.path for asked in there.asked[before:] if asked.method != "GET"] == []


def test_a_note_on_an_errand_that_is_not_touched_is_found_in_turn(
    there: ErrandServer, motala_alone: Organisation, system: System, connection: Connection
) -> None:
    """Thirty errands, of which a round looks at twenty-five; with clocks that stand three minutes apart."""
    there.clock = lambda: now() - timedelta(minutes=3)
    change = Change(key="", kind=ChangeKind.CREATE, queue="GATA/HÅL")
    made = []
    for number in range(30):
        case = factories.make_case(motala_alone).case
        change = Change(key=f"motala-{case.number}", kind=ChangeKind.CREATE, queue="GATA/HÅL", text=str(number))
        made.append(ERRANDS.create(connection, change))
    there.clock = lambda: now() + timedelta(minutes=47)
    cursor = ERRANDS.start(connection).split()
    cursor[0] = (now() + timedelta(minutes=40)).isoformat().replace("+00:00", "Z")  # all were touched before that
    there.note(made[3], "Den fjärde")
    there.note(made[28], "Den tjugonionde")
    first = ERRANDS.pull(connection, " ".join(cursor))
    second = ERRANDS.pull(connection, first.cursor)
    assert [news.text for news in first.news] == ["Anteckning\n\nDen fjärde"]
    assert [news.text for news in second.news] == ["Anteckning\n\nDen tjugonionde"]
    assert [news.text for news in ERRANDS.pull(connection, second.cursor).news] == ["Anteckning\n\nDen fjärde"]
    assert len(second.cursor) <= 200


def test_who_changed_what_is_read_from_events_not_from_when_it_was_touched(
    there: ErrandServer, motala_alone: Organisation, system: System, case: Case, connection: Connection
) -> None:
    """Our own change is no news, though somebody touched the errand after it; each change of theirs has its moment."""
    with organisation_scope(motala_alone.pk):
        change_state(case_id=case.pk, to=State.IN_PROGRESS, by=factories.TEST)
    work()
    errand = kept(there, case).errand["id"]
    there.change(errand, title="Annat namn")
    with organisation_scope(motala_alone.pk):
        cursor = System.objects.get().cursor
    assert ERRANDS.pull(connection, cursor).news == ()
    there.change(errand, status="PENDING")
    there.change(errand, status="SOLVED", assignedUserId="anna")
    news = ERRANDS.pull(connection, cursor).news
    assert [(one.kind.value, one.value) for one in news] == [
        ("state", "PENDING"),
        ("owner", "anna"),
        ("state", "SOLVED"),
    ]
    assert ERRANDS.content(connection, news[0]) == news[0]


@pytest.mark.requirement("N5")
def test_cut_off_or_failing_nothing_is_lost_or_doubled(
    there: ErrandServer, motala_alone: Organisation, case: Case
) -> None:
    with organisation_scope(motala_alone.pk):
        for number in range(4):
            reply(case_id=case.pk, text=f"Svar {number}", by=factories.TEST)
            note(case_id=case.pk, text=f"Anteckning {number}", by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST)
    there.faults = ["before", "", "after", "", "", "error in a yes", "", "", "after", "", "error in a yes", ""] * 3
    for later in range(24):
        work(days=later / 4)
    one = kept(there, case)
    said = [text.split("\n")[0] for text in there.spoken(one.errand["id"])]
    assert said == [f"Svar {number}" for number in range(4)]
    assert there.faults == []
    assert [held["body"] for held in one.notes] == [f"Anteckning {number}" for number in range(4)]
    assert one.errand["status"] == "SOLVED"
    assert len(one.conversations) == 1
    with organisation_scope(motala_alone.pk):
        assert not Outgoing.objects.exclude(state=ChangeState.SENT).exists()


def test_a_key_that_has_ended_is_bought_anew(there: ErrandServer, motala_alone: Organisation, system: System) -> None:
    given = {**system.settings, "token_url": f"http://127.0.0.1:{there.port}/token"}
    with organisation_scope(motala_alone.pk):
        with pytest.raises(Invalid) as refused:
            actions.save_system(
                name="Draken", adapter="errands", settings={**given, "token_url": "ftp://x"}, by=factories.TEST
            )
        assert set(refused.value.errors) == {"token_url", "secret"}
        made = actions.save_system(
            name="Draken", adapter="errands", settings=given, secret="namn:lösen", by=factories.TEST
        )
        connection = systems.connection_to(made)
    ERRANDS.start(connection)
    bought = set(there.tokens)
    assert len(bought) == 1
    there.tokens = {"en annan"}
    ERRANDS.start(connection)
    assert len(there.tokens - bought) == 2
    there.tokens.clear()


def test_checking_and_refusals_say_what_is_wrong(there: ErrandServer, connection: Connection) -> None:
    ERRANDS.check(connection, ["GATA/HÅL"])
    with pytest.raises(AdapterError, match="queue: GATA/TRÄD"):
        ERRANDS.check(connection, ["GATA/TRÄD"])
    errand = ERRANDS.create(connection, Change(key="motala-z", kind=ChangeKind.CREATE, queue="GATA/HÅL"))
    cases = [(Change(key="x", kind=ChangeKind.STATE, value="FEL"), errand, "status FEL", True)]
    cases += [(Change(key="x", kind=ChangeKind.STATE, value="SOLVED"), "finns-inte", "gone", True)]
    for change, where, said, permanent in cases:
        with pytest.raises(AdapterError, match=said) as refused:
            ERRANDS.send(connection, where, change, again=False)
        assert refused.value.permanent is permanent
    for fault, code in (("before", "busy"), ("error in a yes", "busy")):
        there.faults = [fault]
        with pytest.raises(AdapterError, match=code) as failed:
            ERRANDS.start(connection)
        assert not failed.value.permanent
