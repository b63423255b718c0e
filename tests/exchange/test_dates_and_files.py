"""Case systems: days that a state has, pictures that come afterwards, and files wherever they lie."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lyhord.cases.actions import add_documents, add_late_photo, change_state, note, reply
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import departure
from lyhord.exchange.departure import Lot
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System
from lyhord.exchange.tasks import push, push_turn
from lyhord.files.actions import keep_document, keep_photo
from lyhord.files.models import StoredFile
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.test_systems import Peer, case, peer, pull, said, set_up, town
from tests.far_end import work
from tests.files import far
from tests.files.make import photo as picture

__all__ = ["case", "peer", "town"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "0.21", "N9")]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def states(peer: Peer) -> list[tuple[str, date | None]]:
    """What the peer was told of states and their days."""
    return [(one.value, one.until) for _remote, one in peer.done if one.kind is ChangeKind.STATE]


@pytest.fixture
def system(town: Organisation, case: Case) -> System:
    with organisation_scope(town.pk):
        return System.objects.get()


def test_the_day_that_it_is_planned_for_goes_along(town: Organisation, peer: Peer, case: Case) -> None:
    day = today() + timedelta(days=9)
    with organisation_scope(town.pk):
        change_state(case_id=case.pk, to=State.PLANNED, reason="Ny lampa", until=day, by=factories.TEST)
        change_state(case_id=case.pk, to=State.WAITING, reason="Reservdel", until=day, by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, message="Klart.", by=factories.TEST)
    work()
    assert states(peer) == [("open", day), ("stalled", day), ("resolved", None)]


def test_a_day_there_is_a_plan_here_and_is_not_sent_back(
    town: Organisation, peer: Peer, case: Case, system: System
) -> None:
    first, second = today() + timedelta(days=3), today() + timedelta(days=5)
    peer.news = [
        replace(said("1", ChangeKind.STATE, value="open", ago=-1), until=first),
        replace(said("2", ChangeKind.STATE, value="open", ago=-2), until=second),
        replace(said("3", ChangeKind.STATE, value="open", ago=-3), until=second),
        replace(said("4", ChangeKind.STATE, value="open", ago=-4), until=today() - timedelta(days=1)),
        said("5", ChangeKind.STATE, value="open", ago=-5),
    ]
    for _twice in range(2):
        pull(town, system)
    work()
    with organisation_scope(town.pk):
        planned = Case.objects.get()
        assert (planned.state, planned.state_until) == (State.PLANNED, second)
        outcomes = list(Incoming.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["applied", "applied", "nothing", "nothing", "nothing"]
    assert states(peer) == []


def test_another_day_for_what_waits_here_is_still_waiting(
    town: Organisation, peer: Peer, case: Case, system: System
) -> None:
    day = today() + timedelta(days=3)
    with organisation_scope(town.pk):
        change_state(case_id=case.pk, to=State.WAITING, reason="Reservdel", until=day, by=factories.TEST)
    work()
    peer.news = [replace(said("1", ChangeKind.STATE, value="stalled", ago=-5), until=day + timedelta(days=1))]
    pull(town, system)
    with organisation_scope(town.pk):
        waits = Case.objects.get()
        assert (waits.state, waits.state_until) == (State.WAITING, day + timedelta(days=1))
        assert waits.state_reason == "Reservdel"


def _picture(town: Organisation) -> StoredFile:
    return keep_photo(organisation_id=town.pk, data=picture(), by=factories.TEST)


def test_a_picture_that_comes_afterwards_goes_once_by_itself(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        add_late_photo(case_id=case.pk, file=_picture(town), show=False, by=factories.TEST)
        among_staff = note(case_id=case.pk, text="Se bilden.", by=factories.TEST)
        add_late_photo(case_id=case.pk, file=_picture(town), show=False, by=factories.TEST, message=among_staff)
    work()
    sent = [(change.kind, len(change.files)) for _remote, change in peer.done]
    assert sent == [
        (ChangeKind.CREATE, 0),
        (ChangeKind.RESIDENT, 1),
        (ChangeKind.INTERNAL, 0),
        (ChangeKind.INTERNAL, 1),
    ]


def test_one_that_comes_before_the_case_has_left_is_not_sent_twice(town: Organisation, peer: Peer) -> None:
    set_up(town)
    made = factories.make_case(town).case
    with organisation_scope(town.pk):
        add_late_photo(case_id=made.pk, file=_picture(town), show=False, by=factories.TEST)
    work()
    assert [(change.kind, len(change.files)) for _remote, change in peer.done] == [
        (ChangeKind.CREATE, 0),
        (ChangeKind.RESIDENT, 1),
    ]


def test_files_that_lie_with_another_machine_go_byte_for_byte(
    town: Organisation, peer: Peer, case: Case, settings: Any
) -> None:
    """In S3: one file has been moved there, one waits in the database; while S3 is away what needs it waits."""
    settings.S3, settings.STORAGES = far.BUCKET, {**settings.STORAGES, **far.ABOUT}
    with organisation_scope(town.pk):
        said_first = note(case_id=case.pk, text="Se filen.", by=factories.TEST)
        kept = keep_document(organisation_id=town.pk, data=PDF, name="hål åäö.pdf", by=factories.TEST)
        add_documents(case_id=case.pk, files=[kept], message_id=said_first.pk, by=factories.TEST)
        with_picture = reply(case_id=case.pk, text="Nu är den lagad.", by=factories.TEST, photos=(_picture(town),))
        row = Outgoing.objects.filter(message_id=with_picture.pk)
    far.Far.away = True
    try:
        work()  # what is staged is in the database: it goes all the same
    finally:
        far.Far.away = False
    first = peer.done[1][1]
    assert [(one.name, one.data) for one in first.files] == [("hål åäö.pdf", PDF)]
    with organisation_scope(town.pk):
        assert row.get().state == ChangeState.SENT
    work(days=1)  # everything has been moved now
    with organisation_scope(town.pk):
        again = note(case_id=case.pk, text="En gång till.", by=factories.TEST)
        add_documents(case_id=case.pk, files=[kept], message_id=again.pk, by=factories.TEST)
    far.Far.away = True
    try:
        work(days=1)
        with organisation_scope(town.pk):
            waits = Outgoing.objects.get(message_id=again.pk)
            assert (waits.state, waits.error) == (ChangeState.WAITING, "files")
    finally:
        far.Far.away = False
    work(days=2)
    assert [(one.name, one.data) for one in peer.done[-1][1].files] == [("hål åäö.pdf", PDF)]


def test_what_is_on_its_way_is_not_begun_once_more(town: Organisation, peer: Peer, case: Case) -> None:
    """Something new in a case while a change of it is with the other system: one worker stands for each case."""
    with organisation_scope(town.pk):
        note(case_id=case.pk, text="Ett", by=factories.TEST)
    work(most=1)  # the reaction: the change waits for its job
    with organisation_scope(town.pk):
        row = Outgoing.objects.get(state=ChangeState.WAITING)
        lot = departure.begin(row.pk)
        assert isinstance(lot, Lot)
        [begun] = lot.changes
        note(case_id=case.pk, text="Två", by=factories.TEST)
    Job.objects.filter(task=push.module_path).delete()  # the one that has begun
    work()
    assert peer.kinds() == ["create"]
    peer.send(begun.connection, begun.remote_id, begun.whole(), again=False)
    with organisation_scope(town.pk):
        onward = departure.arrived(begun, "")
        assert not isinstance(onward, Lot)
        push_turn(town.pk, onward)
    work()
    assert [change.text for _remote, change in peer.done[1:]] == ["Ett", "Två"]
    with organisation_scope(town.pk):
        assert Link.objects.get().busy_until is None
        assert Message.objects.filter(side=Side.INTERNAL).count() == 2
