"""What is said in a case, and whom it waits for afterwards."""

from collections.abc import Callable

import pytest

from lyhord.audit.models import Event
from lyhord.cases.actions import change_state, mark_read, note, reply, resident_writes
from lyhord.cases.actions.messages import LONGEST
from lyhord.cases.models import Case, Message, Photo
from lyhord.cases.states import REOPENABLE, State
from lyhord.core.actor import Actor
from lyhord.core.clock import pretend
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast
from tests.factories import at, make_case

pytestmark = pytest.mark.django_db
RESIDENT = Actor.resident()


def kinds() -> list[str]:
    """The notices queued so far, oldest first."""
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.requirement("4.4", "2.16")
def test_an_answer_ends_the_waiting_and_is_told_of(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        with pretend(at("2026-11-24 10:00")):
            message = reply(case_id=case.pk, text="Vi lagar den\r\npå torsdag.\x00", by=cast.sara.actor)
        assert (message.text, message.side, message.author_id) == ("Vi lagar den\npå torsdag.", "office", cast.sara.pk)
        case = Case.objects.get()
        assert (case.waiting_since, case.unread, case.state) == (None, False, State.IN_PROGRESS)
        assert case.answered_at == at("2026-11-24 10:00") == case.changed_at
        assert kinds() == ["case_received", "case_answered"]
        assert "torsdag" not in Notice.objects.latest("pk").body  # the words stay behind the link
        reply(case_id=case.pk, text="Nu är den lagad.", by=cast.amir.actor)
        assert Case.objects.get().answered_at == at("2026-11-24 10:00")  # the first answer counts


@pytest.mark.requirement("4.4")
def test_an_answer_to_somebody_without_address_is_kept_and_nobody_is_written_to(cast: Cast) -> None:
    case = make_case(cast.motala, wants_feedback=True).case
    with organisation_scope(cast.motala.pk):
        reply(case_id=case.pk, text="Tack.", by=cast.sara.actor)
        assert kinds() == []


def test_an_answer_from_another_system_comes_once(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    system = Actor.system("exchange")
    with organisation_scope(cast.motala.pk):
        first = reply(case_id=case.pk, text="Lagad.", by=system, external_id="abc")
        again = reply(case_id=case.pk, text="Lagad.", by=system, external_id="abc")
        assert first == again
        assert Message.objects.count() == 1
        assert kinds().count("case_answered") == 1
        assert (first.author_id, first.author_label) == (None, "exchange")


def test_a_note_is_seen_by_staff_and_told_to_nobody(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        message = note(case_id=case.pk, text="Ring entreprenören.", by=cast.sara.actor)
        assert message.side == "internal"
        assert kinds() == ["case_received"]
        changed = Case.objects.get()
        assert (changed.waiting_since, changed.unread, changed.answered_at) == (case.waiting_since, True, None)
        event = Event.objects.get(verb="case.noted")
        assert event.level == 1
        assert "entreprenören" not in str(event.data)


def test_the_resident_says_more_and_waits_again(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        reply(case_id=case.pk, text="Vilken lampa?", by=cast.sara.actor)
        with pretend(at("2030-11-25 10:00")):
            resident_writes(case_id=case.pk, text="Den vid bron.", by=RESIDENT, channel="web")
        with pretend(at("2030-11-26 10:00")):
            resident_writes(case_id=case.pk, text="Är ni där?", by=RESIDENT, channel="web")
        case = Case.objects.get()
        assert (case.waiting_since, case.unread) == (at("2030-11-25 10:00"), True)  # since the first of the two
        assert case.state == State.IN_PROGRESS
        assert Message.objects.filter(side="resident").values_list("author_id", flat=True)[0] is None


@pytest.mark.parametrize("state", sorted(REOPENABLE))
@pytest.mark.parametrize("officer", [True, False])
@pytest.mark.requirement("2.4")
def test_a_closed_case_opens_again_and_reaches_the_desk(cast: Cast, state: State, officer: bool) -> None:
    case = make_case(cast.motala).case
    other = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=case.pk).update(
            state=state,
            closed_at=case.registered_at,
            waiting_since=None,
            unread=False,
            officer=cast.sara if officer else None,
            duplicate_of=other if state == State.DUPLICATE else None,
        )
        resident_writes(case_id=case.pk, text="Det är inte lagat.", by=RESIDENT, channel="web")
        case = Case.objects.get(pk=case.pk)
        assert case.state == (State.ASSIGNED if officer else State.RECEIVED)
        assert case.open
        assert case.unread
        assert case.waiting_since is not None
        assert (case.closed_at, case.duplicate_of) == (None, None)
        assert Event.objects.get(verb="case.reopened").data == {"reason": "resident", "after": case.state}


def test_the_same_message_twice_is_one(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        first = resident_writes(case_id=case.pk, text="Hej.", by=RESIDENT, channel="web", external_id="form-1")
        revision = Case.objects.get().revision
        again = resident_writes(case_id=case.pk, text="Hej igen.", by=RESIDENT, channel="web", external_id="form-1")
        assert first == again
        assert Case.objects.get().revision == revision
        assert Event.objects.filter(verb="case.resident_wrote").count() == 1


@pytest.mark.parametrize("text", ["", "  \n", "\x00\u200b", "x" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused_with_a_sentence(cast: Cast, text: str) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        deeds: list[Callable[[], object]] = [
            lambda: reply(case_id=case.pk, text=text, by=cast.sara.actor),
            lambda: note(case_id=case.pk, text=text, by=cast.sara.actor),
            lambda: resident_writes(case_id=case.pk, text=text, by=RESIDENT, channel="web"),
        ]
        for write in deeds:
            with pytest.raises(Invalid) as error:
                write()
            assert set(error.value.errors) == {"text"}
        assert not Message.objects.exists()
        assert Case.objects.get().revision == 1


def test_pictures_hang_on_the_message(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        file = factories.make_file()
        message = resident_writes(case_id=case.pk, text="Se.", by=RESIDENT, channel="web", photos=(file,))
        photo = Photo.objects.get()
        assert (photo.message, photo.published, photo.internal) == (message, False, False)
        file.refresh_from_db()
        assert file.used


@pytest.mark.requirement("X1")
def test_what_is_another_organisations_does_not_exist(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.mjolby.pk):
        deeds: list[Callable[[], object]] = [
            lambda: reply(case_id=case.pk, text="Hej.", by=cast.outsider.actor),
            lambda: note(case_id=case.pk, text="Hej.", by=cast.outsider.actor),
            lambda: resident_writes(case_id=case.pk, text="Hej.", by=RESIDENT, channel="web"),
            lambda: change_state(case_id=case.pk, to=State.RESOLVED, by=cast.outsider.actor),
        ]
        for write in deeds:
            with pytest.raises(NotFound):
                write()


@pytest.mark.requirement("2.4")
def test_two_officers_with_the_same_case_open_never_overwrite_each_other(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        revision = case.revision
        reply(case_id=case.pk, text="Vi kommer i dag.", by=cast.sara.actor, revision=revision)
        with pytest.raises(Conflict):
            reply(case_id=case.pk, text="Vi kommer inte.", by=cast.amir.actor, revision=revision)
        with pytest.raises(Conflict):
            change_state(case_id=case.pk, to=State.RESOLVED, by=cast.amir.actor, revision=revision)
        assert Message.objects.count() == 1
        reply(case_id=case.pk, text="Nu är det klart.", by=cast.amir.actor, revision=Case.objects.get().revision)


def test_reading_takes_the_mark_away_and_changes_nothing_else(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        mark_read(case_id=case.pk, by=cast.sara.actor)
        read = Case.objects.get()
        assert (read.unread, read.revision, read.changed_at) == (False, case.revision, case.changed_at)


@pytest.mark.requirement("X12")
def test_the_log_never_holds_what_was_said(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        reply(case_id=case.pk, text="HEMLIGT svar", by=cast.sara.actor)
        note(case_id=case.pk, text="HEMLIGT inom oss", by=cast.sara.actor)
        resident_writes(case_id=case.pk, text="HEMLIGT av mig", by=RESIDENT, channel="web", external_id="HEMLIGT")
        assert "HEMLIGT" not in str(list(Event.objects.values_list("data", flat=True)))
        assert "asta" not in str(list(Event.objects.values_list("data", "actor_label")))
