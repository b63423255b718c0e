"""What comes back: the notice says so, whoever handles the case learns it, and a dead address gets nothing more."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.audit.models import Event
from lyhord.cases import actions as cases
from lyhord.cases.models import Message, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications import actions
from lyhord.notifications.models import Contact, Notice, NoticeState
from lyhord.notifications.names import message_id, notice_of, return_address
from lyhord.organisations.models import Organisation
from tests import factories
from tests.notifications.post_office import PostOffice

ANNA = "anna@exempel.se"
BY = factories.TEST


@pytest.fixture
def sent(motala: Organisation, post_office: PostOffice, work: Callable[[], int]) -> Notice:
    """A notice to Anna that has left."""
    factories.make_case(motala, email=ANNA)
    work()
    with organisation_scope(motala.pk):
        return Notice.objects.get(state=NoticeState.SENT)


def bounce(organisation: Organisation, notice: Notice, *, dead: bool = True) -> Contact | None:
    said = f"550 5.1.1 <{ANNA}> unknown"
    with organisation_scope(organisation.pk):
        return actions.address_bounced(address=ANNA, notice_id=notice.pk, dead=dead, reason=said, by=BY)


@pytest.mark.requirement("P24")
@pytest.mark.django_db(transaction=True)
def test_a_dead_address_is_paused_and_the_case_says_so(
    motala: Organisation, post_office: PostOffice, work: Callable[[], int], sent: Notice
) -> None:
    contact = bounce(motala, sent)
    assert contact is not None
    assert contact.paused_at is not None
    bounce(motala, sent)  # twice is once
    work()
    with organisation_scope(motala.pk):
        sent.refresh_from_db()
        assert (sent.state, sent.last_error) == (NoticeState.FAILED, "550 5.1.1 <…@…> unknown")
        note = Message.objects.get()
        assert (note.side, note.case_id) == (Side.INTERNAL, sent.subject_id)
        assert note.text == "Meddelandet till invånaren kom tillbaka: 550 5.1.1 <…@…> unknown"
        assert note.case.unread
        cases.reply(case_id=note.case_id, text="Vilken lampa?", by=BY)
    work()
    assert len(post_office.letters) == 1
    with organisation_scope(motala.pk):
        assert Notice.objects.exclude(pk=sent.pk).get().state == NoticeState.HELD
        assert Event.objects.filter(verb="contact.paused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_writes_from_an_address_can_be_written_to(
    motala: Organisation, post_office: PostOffice, work: Callable[[], int], sent: Notice
) -> None:
    bounce(motala, sent)
    with organisation_scope(motala.pk):
        cases.reply(case_id=sent.subject_id or 0, text="Vilken lampa?", by=BY)
        assert not actions.heard_from(sender="email", address="bo@exempel.se", by=BY)
        assert actions.heard_from(sender="email", address=ANNA, by=BY)
        assert not actions.heard_from(sender="email", address=ANNA, by=BY)
    work()
    assert len(post_office.letters) == 2  # what was held is told


@pytest.mark.django_db(transaction=True)
def test_a_full_mailbox_is_tried_again_next_time(
    motala: Organisation, post_office: PostOffice, work: Callable[[], int], sent: Notice
) -> None:
    contact = bounce(motala, sent, dead=False)
    assert contact is not None
    assert contact.paused_at is None
    with organisation_scope(motala.pk):
        cases.reply(case_id=sent.subject_id or 0, text="Vilken lampa?", by=BY)
    work()
    assert len(post_office.letters) == 2


@given(st.integers(1, 10**15))
def test_the_names_of_a_notice_are_known_again(number: int) -> None:
    assert notice_of(message_id(number, "motala.localhost")[1:-1]) == number
    back = return_address(number, "svar@motala.example")
    assert notice_of(back) == notice_of(back.upper()) == number
    assert len(back.partition("@")[0]) <= 64
    assert notice_of(back.replace(f"n{number}", f"n{number + 1}")) is None


@given(st.text(max_size=80))
def test_others_names_are_nobodys(name: str) -> None:
    assert notice_of(name) is None


@pytest.mark.parametrize(
    "name", ["notice-42@motala.localhost", "notice-42.0123456789abcdefghjk@x", "svar+n42-0123456789abcdefghjk@x"]
)
def test_guessed_names_are_nobodys(name: str) -> None:
    assert notice_of(name) is None
