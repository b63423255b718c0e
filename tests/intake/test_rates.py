"""Limits hold whoever counts: steps of time, connections, processes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from lyhord.core.clock import pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import RecentUse
from lyhord.intake.rates import HOUR, MINUTE, STEPS, Rate, forget_old, forget_taken, wait_for, wait_for_read
from lyhord.organisations.models import Organisation
from tests import factories
from tests.jobs.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X12", "P27")]

WHO = b"somebody" * 2
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def asked(rate: Rate, at: datetime = NOON, digest: bytes = WHO) -> int:
    with pretend(at):
        return wait_for(rate, purpose="test", digest=digest)


def test_so_many_and_no_more(cast: Any) -> None:
    rate = Rate(3, HOUR)
    with organisation_scope(cast.motala.pk):
        assert [asked(rate) for _one in range(5)] == [0, 0, 0, 3600, 3600]
        assert asked(rate, digest=b"another" * 2) == 0
        assert wait_for(rate, purpose="other", digest=WHO) == 0
        assert RecentUse.objects.get(purpose="test", digest=WHO).count == 3  # what is refused is not counted
    with organisation_scope(cast.mjolby.pk):
        assert asked(rate) == 0


def test_who_waits_as_long_as_told_gets_through(motala: Organisation) -> None:
    rate = Rate(3, HOUR)
    with organisation_scope(motala.pk):
        for minute in (5, 25, 55):
            assert asked(rate, NOON + timedelta(minutes=minute)) == 0
        at = NOON + timedelta(minutes=57)
        wait = asked(rate, at)
        assert wait == 3 * 60  # the first step began at noon
        assert asked(rate, at + timedelta(seconds=wait - 1)) == 1
        assert asked(rate, at + timedelta(seconds=wait)) == 0
        assert asked(rate, at + timedelta(seconds=wait)) > 0


@limits(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=1800), max_size=40), st.integers(min_value=1, max_value=5))
def test_no_window_ever_holds_more(motala: Organisation, pauses: list[int], most: int) -> None:
    """However asked: within the window less one step there are never more than the rate."""
    through, at = [], NOON
    with organisation_scope(motala.pk):
        RecentUse.objects.all().delete()
        for pause in pauses:
            at += timedelta(seconds=pause)
            if asked(Rate(most, HOUR), at) == 0:
                through.append(at)
    for first in through:
        assert sum(first <= other < first + HOUR - HOUR / STEPS for other in through) <= most


def test_what_counts_no_longer_is_forgotten(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        asked(Rate(3, HOUR))
        asked(Rate(3, MINUTE), digest=b"another" * 2)
        with pretend(NOON + timedelta(minutes=59)):
            assert forget_old() == 1
        with pretend(NOON + timedelta(minutes=60)):
            assert forget_old() == 1
        assert not RecentUse.objects.exists()


def test_the_table_needs_no_disk(motala: Organisation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where oid = 'intake_recentuse'::regclass")
        assert cursor.fetchone() == ("u",)


def test_reads_ask_the_database_now_and_then(motala: Organisation, django_assert_num_queries: Any) -> None:
    rate = Rate(100, MINUTE)
    with organisation_scope(motala.pk), pretend(NOON), django_assert_num_queries(51):
        for _one in range(100):
            assert wait_for_read(rate, purpose="read", digest=WHO) == 0
        assert wait_for_read(rate, purpose="read", digest=WHO) == 60


def test_what_a_process_took_is_gone_for_the_others(motala: Organisation) -> None:
    rate = Rate(100, MINUTE)
    with organisation_scope(motala.pk), pretend(NOON):
        through = 0
        for _process in range(200):
            forget_taken()
            through += wait_for_read(rate, purpose="read", digest=WHO) == 0
        assert through == 50  # each took two and used one: never too many, at worst too few
    with organisation_scope(motala.pk), pretend(NOON + timedelta(minutes=1)):
        assert wait_for_read(rate, purpose="read", digest=WHO) == 0


@pytest.mark.django_db(transaction=True)
def test_connections_count_together_and_wait_for_nobody() -> None:
    """Each asks once more while the others' transactions are still open: nobody is held up by their rows."""
    motala = factories.make_organisation("motala")
    rate = Rate(20, HOUR)

    def ask(_one: int) -> int:
        try:
            with organisation_scope(motala.pk):
                return asked(rate)
        finally:
            connection.close()

    with organisation_scope(motala.pk):
        asked(rate)  # not committed, and its row is locked by us until we are done
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, range(15), timeout=60))
        assert answers == [0] * 15
    with ThreadPoolExecutor(1) as threads:
        assert [bool(wait) for wait in threads.map(ask, range(6))] == [False] * 4 + [True] * 2


SCRIPT = """
import django; django.setup()
from datetime import timedelta
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.rates import HOUR, Rate, wait_for_read
through = 0
for _ in range(40):
    with organisation_scope(ORGANISATION):
        through += wait_for_read(Rate(60, HOUR), purpose="read", digest=b"somebody" * 2) == 0
print(through)
"""


@pytest.mark.all
@pytest.mark.django_db(transaction=True)
def test_processes_count_together() -> None:
    motala = factories.make_organisation("motala")
    settings = connection.settings_dict
    name, user, host = (quote(settings[key], safe="") for key in ("NAME", "USER", "HOST"))
    url = f"postgresql://{user}@/{name}?host={host}&port={settings['PORT']}"
    environment = os.environ | {"LYHORD_DATABASE_URL": url, "LYHORD_OWNER_DATABASE_URL": url}
    command = [sys.executable, "-c", SCRIPT.replace("ORGANISATION", str(motala.pk))]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _one in range(3)]
    through = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sum(through) <= 60 + 2  # as many too many as asked at the same moment
    assert sum(through) >= 58
