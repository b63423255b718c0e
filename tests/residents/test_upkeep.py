"""Addresses of log-ins that were never finished are forgotten, and none that anybody uses."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from lyhord.cases import actions as cases
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.contact_actions import contact_for, verify
from lyhord.notifications.models import Contact, Notice, NoticeState
from lyhord.notifications.one_time import send_code
from lyhord.notifications.text_actions import stop_texts
from lyhord.organisations.models import Organisation
from lyhord.residents.actions import PURPOSE, log_in
from lyhord.residents.tasks import forget_unfinished_log_ins
from tests import factories
from tests.factories import TEST, at

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X9")]
RESIDENT = Actor.resident()


@pytest.fixture(autouse=True)
def motala(db: None) -> Iterator[Organisation]:
    with time_machine.travel(at("2026-11-27 12:00"), tick=False):
        organisation = factories.make_organisation("motala")
        with organisation_scope(organisation.pk):
            yield organisation


def written(name: str) -> Contact:
    """Somebody writes an address at the log-in, and is sent a code."""
    contact = contact_for(sender="email", address=f"{name}@example.se", language="sv")
    send_code(contact=contact, purpose=PURPOSE, by=RESIDENT)
    Notice.objects.filter(contact=contact).update(state=NoticeState.SENT)
    return contact


def left_after(hours: float) -> set[str]:
    with time_machine.travel(now() + timedelta(hours=hours), tick=False):
        forget_unfinished_log_ins.func()
    return {address.partition("@")[0] for address in Contact.objects.values_list("address", flat=True)}


def test_an_address_that_was_only_written_is_gone_after_a_day() -> None:
    written("anna")
    assert left_after(23) == {"anna"}
    assert left_after(25) == set()
    assert Notice.objects.get().contact_id is None


def test_what_is_in_use_stays(motala: Organisation) -> None:
    case = factories.make_case(motala, email="reporter@example.se").case
    asked = contact_for(sender="email", address="asked@example.se", language="sv")
    cases.add_way(case_id=case.pk, sender="email", address=asked.address, by=RESIDENT)
    log_in(issuer="", subject="x", contact=written("account"), by=RESIDENT)
    verify(contact_id=written("shown").pk, by=RESIDENT)
    Notice.objects.filter(contact=written("waits")).update(state=NoticeState.HELD)
    stop_texts(address="070-174 06 05", language="sv", by=TEST)
    Contact.objects.filter(pk=written("paused").pk).update(paused_at=now())
    written("nobody")
    assert left_after(50) == {"reporter", "asked", "account", "shown", "waits", "paused", "+46701740605"}


def test_who_tries_again_has_another_day() -> None:
    contact = written("anna")
    with time_machine.travel(now() + timedelta(hours=30), tick=False):
        send_code(contact=contact, purpose=PURPOSE, by=RESIDENT)
        Notice.objects.update(state=NoticeState.SENT)
    assert left_after(40) == {"anna"}
    assert left_after(55) == set()
