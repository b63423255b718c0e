"""Six digits: right once, for one purpose, for a while, and never for whoever only guesses."""

import re
from datetime import timedelta

import pytest
import time_machine

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact, Notice, OneTimeCode
from lyhord.notifications.one_time import (
    MOST_AN_HOUR,
    MOST_TRIES,
    PRESSED_TWICE,
    Tried,
    forget_codes,
    send_code,
    try_code,
)
from lyhord.organisations.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P29")]
SOMEBODY = Actor.resident()


@pytest.fixture
def contact(motala: Organisation) -> Contact:
    with organisation_scope(motala.pk):
        return contact_for(sender="email", address="anna@exempel.se", language="sv")


def sent(contact: Contact, purpose: str = "yes") -> str:
    """A code, as it stands in the message."""
    assert send_code(contact=contact, purpose=purpose, by=SOMEBODY)
    notice = Notice.objects.latest("pk")
    [code] = re.findall(r"\b\d{6}\b", notice.body)
    assert code not in notice.subject + notice.link
    return str(code)


def tried(contact: Contact, written: str, purpose: str = "yes") -> Tried:
    return try_code(contact=contact, purpose=purpose, written=written, by=SOMEBODY)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_it_is_right_once_and_however_it_is_written(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id):
        code = sent(contact)
        assert tried(contact, other_than(code)) is Tried.WRONG
        assert tried(contact, f" {code[:3]}-{code[3:]}\n") is Tried.RIGHT
        assert tried(contact, code) is Tried.TOO_LATE
        assert code.encode() not in bytes(OneTimeCode.objects.get().digest)


def test_it_is_for_one_purpose_and_one_contact(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id):
        other = contact_for(sender="email", address="bo@exempel.se", language="sv")
        code = sent(contact)
        assert tried(contact, code, "no") is Tried.TOO_LATE
        assert tried(other, code) is Tried.TOO_LATE
        sent(other)
        assert tried(contact, code) is Tried.RIGHT


def test_it_runs_out(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id), time_machine.travel(now(), tick=False) as clock:
        code = sent(contact)
        clock.shift(timedelta(minutes=15))
        assert tried(contact, code) is Tried.TOO_LATE
        clock.shift(timedelta(days=1))
        assert forget_codes() == 1


def test_only_the_newest_counts(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id), time_machine.travel(now(), tick=False) as clock:
        old = sent(contact)
        clock.shift(PRESSED_TWICE)
        new = sent(contact)
        if old != new:
            assert tried(contact, old) is Tried.WRONG
        assert tried(contact, new) is Tried.RIGHT


def test_pressed_twice_it_is_the_same(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id), time_machine.travel(now(), tick=False) as clock:
        code = sent(contact)
        clock.shift(timedelta(seconds=3))
        assert send_code(contact=contact, purpose="yes", by=SOMEBODY)
        assert Notice.objects.count() == 1
        sent(contact, "another thing")
        assert tried(contact, code) is Tried.RIGHT
        sent(contact)


def test_guessing_ends_after_some_tries(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id):
        code = sent(contact)
        answers = [tried(contact, other_than(code)) for _ in range(MOST_TRIES)]
        assert answers == [Tried.WRONG] * (MOST_TRIES - 1) + [Tried.TOO_OFTEN]
        assert tried(contact, code) is Tried.TOO_OFTEN


def test_nobodys_mailbox_is_filled(contact: Contact) -> None:
    with organisation_scope(contact.organisation_id), time_machine.travel(now(), tick=False) as clock:
        for _ in range(MOST_AN_HOUR):
            sent(contact)
            clock.shift(PRESSED_TWICE)
        assert not send_code(contact=contact, purpose="yes", by=SOMEBODY)
        assert Notice.objects.count() == MOST_AN_HOUR
        clock.shift(timedelta(hours=1, seconds=1))
        sent(contact)


@pytest.mark.parametrize("written", ["", "abc", "٣" * 6, "9" * 5000, "\x00", "123456'--"])
def test_nonsense_is_only_wrong(contact: Contact, written: str) -> None:
    with organisation_scope(contact.organisation_id):
        sent(contact)
        assert tried(contact, written) in {Tried.WRONG, Tried.RIGHT}
