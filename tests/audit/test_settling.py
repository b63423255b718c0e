"""How far changes are settled, seen from another connection while somebody is at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lyhord.audit.settling import changing, settled_until
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("N9")]
NOT_LONG = timedelta(milliseconds=50)
LONG = timedelta(seconds=60)


@contextmanager
def somebody_at_it(organisation: Organisation, change: Callable[[], object] = changing) -> Iterator[Signal]:
    """Another transaction that has begun a change, and commits when the signal is set."""
    begun, commit = Signal(), Signal()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with organisation_scope(organisation.pk):
                change()
                begun.set()
                commit.wait(60)
        except BaseException as error:
            failed.append(error)
        finally:
            begun.set()
            connection.close()

    thread = Thread(target=work)
    thread.start()
    begun.wait(60)
    try:
        yield commit
    finally:
        commit.set()
        thread.join()
    assert not failed


def test_when_nobody_is_at_it_all_is_settled_in_one_question() -> None:
    motala = factories.make_organisation()
    with organisation_scope(motala.pk), CaptureQueriesContext(connection) as asked:
        before = now()
        assert before <= settled_until() <= now()
    assert len(asked) == 1


def test_ones_own_change_holds_nothing_back() -> None:
    motala = factories.make_organisation()
    with organisation_scope(motala.pk):
        changing()
        before = now()
        assert settled_until(patience=NOT_LONG) >= before


def test_what_is_under_way_holds_back_from_the_second_in_which_it_began() -> None:
    motala = factories.make_organisation()
    begun = datetime.now(UTC).replace(microsecond=0)
    with somebody_at_it(motala) as commit, organisation_scope(motala.pk):
        assert begun - timedelta(seconds=1) < settled_until(patience=NOT_LONG) < now()
        earlier = begun - timedelta(seconds=5)
        assert settled_until(earlier, LONG) == earlier  # without a wait
        commit.set()
        before = now()
        assert settled_until(patience=LONG) >= before


def test_another_organisations_changes_do_not_matter() -> None:
    motala, mjolby = factories.make_organisation(), factories.make_organisation("mjolby")
    with somebody_at_it(mjolby), organisation_scope(motala.pk):
        before = now()
        assert settled_until(patience=NOT_LONG) >= before
