"""Following: only who says yes counts, and who says stop is forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.following import actions, queries
from lyhord.following.models import Follow, Role
from lyhord.following.tasks import forget_unconfirmed
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
SOMEBODY = Actor.resident()


def contact(email: str = "anna@exempel.se") -> Contact:
    """The contact of a mail address."""
    return contact_for(sender="email", address=email, language="sv")


def follow(email: str = "anna@exempel.se", subject_id: int = 7) -> Follow:
    """Ask to follow case 7."""
    return actions.follow(subject_type="case", subject_id=subject_id, contact=contact(email), by=SOMEBODY)


def who(subject_id: int = 7) -> list[str]:
    """The addresses that follow."""
    return [found.contact.address for found in queries.confirmed("case", subject_id, Role.FOLLOWER)]


@pytest.mark.requirement("2.15")
def test_only_a_confirmed_address_counts(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        asked = follow()
        assert queries.count("case", 7) == 0
        actions.confirm(token=asked.token, by=SOMEBODY)
        actions.confirm(token=asked.token, by=SOMEBODY)
        assert queries.count("case", 7) == 1
        assert who() == ["anna@exempel.se"]
        assert queries.count("case", 8) == queries.count("matter", 7) == 0


def test_the_same_address_follows_once_however_it_is_written(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        first = follow("Anna@Exempel.se")
        actions.confirm(token=first.token, by=SOMEBODY)
        again = follow("  anna@exempel.SE\n")
        assert again.pk == first.pk
        assert again.confirmed_at is not None
        assert follow(subject_id=8).pk != first.pk


@pytest.mark.parametrize("email", ["", "anna", "a@b.se\nBcc: c@d.se", "a@b", "x" * 300 + "@b.se"])
def test_no_address_no_following(motala: Organisation, email: str) -> None:
    with organisation_scope(motala.pk):
        with pytest.raises(Invalid) as caught:
            follow(email)
        assert str(caught.value.errors["address"]) == "Skriv din mejladress, till exempel namn@exempel.se"
        assert not Follow.objects.exists()


def test_who_stops_is_forgotten_and_may_stop_twice(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        asked = follow()
        actions.confirm(token=asked.token, by=SOMEBODY)
        stopped = actions.stop(token=asked.token, by=SOMEBODY)
        assert stopped is not None
        assert (stopped.subject_type, stopped.subject_id) == ("case", 7)
        assert actions.stop(token=asked.token, by=SOMEBODY) is None
        assert not Follow.objects.exists()
        with pytest.raises(NotFound):
            actions.confirm(token=asked.token, by=SOMEBODY)


def test_a_token_is_worth_nothing_elsewhere(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        token = follow().token
    mjolby = factories.make_organisation("mjolby")
    with organisation_scope(mjolby.pk):
        assert queries.by_token(token) is None
        assert actions.stop(token=token, by=SOMEBODY) is None
        for unknown in (token, uuid4()):
            with pytest.raises(NotFound):
                actions.confirm(token=unknown, by=SOMEBODY)
    with organisation_scope(motala.pk):
        assert queries.by_token(token) is not None


@pytest.mark.requirement("X2")
def test_the_log_tells_that_but_not_who(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        asked = follow()
        actions.confirm(token=asked.token, by=SOMEBODY)
        actions.stop(token=asked.token, by=SOMEBODY)
        events = Event.objects.filter(verb__startswith="following.").order_by("pk")
        told = [(event.verb, event.subject_type, event.subject_id, event.level) for event in events]
        assert told == [
            ("following.started", "case", 7, 1),
            ("following.confirmed", "case", 7, 1),
            ("following.stopped", "case", 7, 1),
        ]
        assert not any("anna" in str(event.data) + event.actor_label for event in events)


def test_addresses_that_never_said_yes_are_forgotten(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        yes, no = follow("ja@exempel.se"), follow("nej@exempel.se")
        actions.confirm(token=yes.token, by=SOMEBODY)
        assert queries.unconfirmed_since(contact("nej@exempel.se"), timedelta(days=1)) == 1
        assert queries.unconfirmed_since(contact("ja@exempel.se"), timedelta(days=1)) == 0
    forget_unconfirmed.call()
    with organisation_scope(motala.pk):
        assert Follow.objects.count() == 2
    with time_machine.travel(now() + timedelta(days=8)):
        forget_unconfirmed.call()
    with organisation_scope(motala.pk):
        assert [found.pk for found in Follow.objects.all()] == [yes.pk]
        assert queries.by_token(no.token) is None
