"""What one follows ends in time, unless one wants to go on; addresses that hear of nothing are forgotten."""

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
import time_machine
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following.actions import FOLLOWS_FOR, WARNED_BEFORE
from lyhord.following.models import Follow
from lyhord.following.tasks import end_what_nobody_renewed, forget_unconfirmed
from lyhord.jobs.inline import run_waiting
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.following.test_cases import ask, published

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P29")]
SOMEBODY = Actor.resident()
BEGAN = factories.at("2026-03-02 12:00").astimezone(UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def followed(motala: Organisation, clock: time_machine.Traveller) -> Case:
    """A case that somebody follows, besides its reporter."""
    case = published(motala, email="anna@exempel.se")
    with organisation_scope(motala.pk):
        actions.confirm_follow(token=ask(case, "bo@exempel.se").token, by=SOMEBODY)
    return case


def a_day_passes(motala: Organisation) -> None:
    end_what_nobody_renewed.call()
    with organisation_scope(motala.pk):
        run_waiting()


def questions() -> list[str]:
    """To whom the question whether to go on has gone."""
    return list(Notice.objects.filter(kind="follow_ends").values_list("address", flat=True))


def test_one_is_asked_in_time_and_goes_on(
    motala: Organisation, followed: Case, clock: time_machine.Traveller, settings: pytest.FixtureRequest
) -> None:
    a_day_passes(motala)
    clock.move_to(BEGAN + FOLLOWS_FOR - WARNED_BEFORE)
    a_day_passes(motala)
    a_day_passes(motala)
    web = Client(headers={"host": "motala.localhost"})
    with organisation_scope(motala.pk):
        assert questions() == ["bo@exempel.se"]
        token = Follow.objects.get(contact__address="bo@exempel.se").token
    assert "Vill du fortsätta följa det här?" in web.get(f"/folj/{token}/").text
    assert "Nu följer du det." in web.post(f"/folj/{token}/").text
    clock.move_to(BEGAN + FOLLOWS_FOR + timedelta(days=1))
    a_day_passes(motala)
    with organisation_scope(motala.pk):
        assert Follow.objects.filter(contact__address="bo@exempel.se").exists()
        assert questions() == ["bo@exempel.se"]


def test_without_an_answer_it_ends_and_one_s_own_case_never_does(
    motala: Organisation, followed: Case, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEGAN + FOLLOWS_FOR - WARNED_BEFORE)
    a_day_passes(motala)
    clock.move_to(BEGAN + FOLLOWS_FOR)
    a_day_passes(motala)
    with organisation_scope(motala.pk):
        assert [follow.contact.address for follow in Follow.objects.select_related("contact")] == ["anna@exempel.se"]
        assert Case.objects.get(pk=followed.pk).followers == 0


def test_nobody_is_dropped_who_was_never_asked(
    motala: Organisation, followed: Case, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEGAN + FOLLOWS_FOR + timedelta(days=60))  # the workers had been away
    a_day_passes(motala)
    with organisation_scope(motala.pk):
        assert questions() == ["bo@exempel.se"]
        assert Follow.objects.count() == 2
    clock.shift(WARNED_BEFORE)
    a_day_passes(motala)
    with organisation_scope(motala.pk):
        assert Follow.objects.count() == 1


def test_an_address_that_hears_of_nothing_is_forgotten(
    motala: Organisation, followed: Case, clock: time_machine.Traveller
) -> None:
    with organisation_scope(motala.pk):
        notices = Notice.objects.count()
        token = Follow.objects.get(contact__address="bo@exempel.se").token
        actions.stop_following(token=token, by=SOMEBODY)
    clock.shift(timedelta(days=8))
    forget_unconfirmed.call()
    with organisation_scope(motala.pk):
        assert [contact.address for contact in Contact.objects.all()] == ["anna@exempel.se"]
        assert Notice.objects.count() == notices  # what was said stays in the outbox's history
