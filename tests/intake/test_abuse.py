"""Counting senders without knowing them, and those who were told to ring."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.abuse import CODES, FOLLOWS, MOST, REPORTS, too_many
from lyhord.intake.diversions import count_diversion
from lyhord.intake.models import Diversion, RecentUse
from lyhord.intake.rates import forget_old
from lyhord.intake.tasks import forget_senders
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("X12")
def test_each_sender_is_counted_alone_by_purpose_and_organisation(cast: Any) -> None:
    with organisation_scope(cast.motala.pk):
        for _ in range(MOST[REPORTS]):
            assert not too_many(purpose=REPORTS, address="192.0.2.1")
        assert too_many(purpose=REPORTS, address="192.0.2.1")
        assert not too_many(purpose=REPORTS, address="192.0.2.2")
        assert not too_many(purpose=CODES, address="192.0.2.1")
        assert not Event.objects.exclude(subject_type="membership").filter(verb__startswith="intake").exists()
    with organisation_scope(cast.mjolby.pk):
        assert not too_many(purpose=REPORTS, address="192.0.2.1")


@pytest.mark.requirement("X12")
def test_what_is_kept_tells_nothing_and_changes_every_day(motala: Organisation, monkeypatch: Any) -> None:
    digests = []
    for day in (now().date(), now().date() + timedelta(days=1)):
        monkeypatch.setattr("lyhord.intake.abuse.today", lambda day=day: day)
        with organisation_scope(motala.pk):
            too_many(purpose=FOLLOWS, address="192.0.2.1")
            digests.append(bytes(RecentUse.objects.latest("pk").digest))
    assert digests[0] != digests[1]
    assert all(len(digest) == 16 and b"192" not in digest for digest in digests)


@pytest.mark.requirement("X12")
def test_after_an_hour_a_sender_is_a_stranger_again(motala: Organisation) -> None:
    long_ago = now() - timedelta(minutes=61)
    with organisation_scope(motala.pk):
        with pretend(long_ago):
            for _ in range(MOST[REPORTS] + 1):
                too_many(purpose=REPORTS, address="192.0.2.1")
        assert not too_many(purpose=REPORTS, address="192.0.2.1")
        assert forget_old() == 1
    forget_senders.func()
    with organisation_scope(motala.pk):
        assert RecentUse.objects.get().began > long_ago  # the one of just now


@pytest.mark.requirement("P2")
def test_stops_are_counted_by_day_type_and_question(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        counts = [
            count_diversion(case_type_code="gata.hal", question=question, by=Actor.resident())
            for question in ("fara", "fara", "")
        ]
        assert counts == [1, 2, 1]
        assert Event.objects.filter(verb="intake.diverted").count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("P2")
def test_stops_at_the_same_moment_are_all_counted() -> None:
    motala = factories.make_organisation("motala")

    def stop(_: int) -> None:
        try:
            with organisation_scope(motala.pk):
                count_diversion(case_type_code="gata.hal", question="fara", by=Actor.resident())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(stop, range(16)))
    with organisation_scope(motala.pk):
        assert Diversion.objects.get().count == 16
