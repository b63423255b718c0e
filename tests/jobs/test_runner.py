"""Failures: tried again, ever later, and dead in the end, with the owner told."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from lyhord.core.clock import now
from lyhord.jobs import store
from lyhord.jobs.inline import run_waiting
from lyhord.jobs.models import Job, JobState
from lyhord.jobs.options import DELAYS, delay
from tests.jobs import errands
from tests.jobs.errands import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@given(st.integers(1, 30))
def test_delays_grow_within_their_spread(attempts: int) -> None:
    seconds = DELAYS[min(attempts, len(DELAYS)) - 1]
    assert 0.8 * seconds <= delay(attempts).total_seconds() <= 1.2 * seconds


def test_a_failure_is_tried_again_later_and_later_and_then_dead(
    out: Path, time_machine: TimeMachineFixture, caplog: pytest.LogCaptureFixture
) -> None:
    errands.fail.enqueue(str(out))
    start = now()
    for attempt, seconds in ((1, 5), (2, 30)):
        time_machine.move_to(start + timedelta(hours=attempt), tick=False)
        assert run_waiting(raise_errors=False) == 1
        job = Job.objects.get()
        assert (job.state, job.attempts, job.worker) == (JobState.READY, attempt, "")
        assert abs((job.run_after - now()).total_seconds() - seconds) <= 0.2 * seconds
        assert run_waiting() == 0
    time_machine.move_to(start + timedelta(days=1))
    caplog.clear()
    with caplog.at_level(logging.WARNING, "lyhord.jobs"):
        run_waiting(raise_errors=False)
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.DEAD, 3)
    assert job.finished_at is not None
    assert job.last_error.startswith("builtins.ValueError: the text of the error\n")
    assert lines(out) == ["tried", "tried", "tried", "owner-told:builtins.ValueError"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "the text of the error" not in caplog.text, "an error's text may name people"
    assert run_waiting() == 0


def test_a_permanent_error_is_dead_at_once(out: Path) -> None:
    errands.be_refused.enqueue(str(out))
    with pytest.raises(errands.RefusedError):
        run_waiting()
    assert Job.objects.get().state == JobState.DEAD
    assert lines(out) == ["tried", "owner-told:tests.jobs.errands.RefusedError"]


def test_an_owner_that_cannot_be_told_is_told_again_without_running_the_job(
    out: Path, time_machine: TimeMachineFixture
) -> None:
    errands.fail_with_broken_hook.enqueue(str(out))
    for _ in range(9):
        run_waiting(raise_errors=False)
        time_machine.move_to(now() + timedelta(days=1))
    job = Job.objects.get()
    assert job.state == JobState.DEAD
    assert "first reason" in job.last_error
    assert lines(out) == ["tried", "hook-tried", "hook-tried", "hook-tried", "hook-tried"]


def test_a_task_that_this_version_does_not_have_is_tried_again(out: Path) -> None:
    Job.objects.create(task="lyhord.jobs.tasks.of_tomorrow")
    Job.objects.create(task="lyhord.jobs.tasks.now")
    run_waiting(raise_errors=False)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.READY}


def test_a_failed_statement_does_not_break_the_callers_transaction(out: Path) -> None:
    Job.objects.create(task="tests.jobs.errands.note", args=[])
    run_waiting(raise_errors=False)
    assert "TypeError" in Job.objects.get().last_error


def claim(worker: str) -> store.Claimed:
    with connection.cursor() as cursor:
        return store.claim(cursor, worker=worker, limit=1, moment=now())[0]


def let_leases_run_out() -> None:
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=now() - timedelta(seconds=1))


@pytest.mark.requirement("N5")
def test_a_worker_that_lost_its_lease_cannot_settle_the_job(out: Path) -> None:
    errands.note.enqueue(str(out), "a")
    first = claim("one")
    let_leases_run_out()
    with connection.cursor() as cursor:
        [second] = store.claim_lost(cursor, worker="two")
        assert second.attempts == 2
        assert not store.finish(cursor, first)
        assert not store.put_off(cursor, first, error="x", wait=timedelta(0))
        assert not store.put_back(cursor, first)
        assert not store.bury(cursor, first, error="x")
        assert store.renew(cursor, worker="one", jobs=[first.id]) == 0
        assert Job.objects.get().worker == "two"
        assert store.finish(cursor, second)


def test_the_same_worker_is_told_apart_from_itself_by_the_attempt(out: Path) -> None:
    errands.note.enqueue(str(out), "a")
    first = claim("one")
    let_leases_run_out()
    with connection.cursor() as cursor:
        store.claim_lost(cursor, worker="one")
        assert not store.finish(cursor, first)


def test_jobs_of_a_lost_batch_come_back_one_by_one(out: Path) -> None:
    """A job that kills its worker must not take its companions' attempts with it."""
    for line in "abc":
        errands.note.enqueue(str(out), line)
    with connection.cursor() as cursor:
        assert len(store.claim(cursor, worker="one", limit=20, moment=now())) == 3
        assert store.claim_lost(cursor, worker="two") == []
        let_leases_run_out()
        assert len(store.claim_lost(cursor, worker="two")) == 1


def test_a_job_that_kills_every_worker_is_dead_in_the_end(out: Path) -> None:
    errands.fail.enqueue(str(out))
    Job.objects.update(attempts=3)
    run_waiting(raise_errors=False)
    job = Job.objects.get()
    assert job.state == JobState.DEAD
    assert "NeverEndedError" in job.last_error
    assert lines(out) == ["owner-told:lyhord.jobs.runner.NeverEndedError"]


def test_what_was_handed_back_has_lost_no_attempt(out: Path) -> None:
    errands.note.enqueue(str(out), "a")
    with connection.cursor() as cursor:
        assert store.put_back(cursor, claim("one"))
    job = Job.objects.get()
    assert (job.state, job.attempts, job.worker, job.lease_until) == (JobState.READY, 0, "", None)
