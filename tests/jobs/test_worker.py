"""Real workers, killed, stopped and cut off."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from lyhord.jobs import store, worker
from lyhord.jobs.models import Job, JobState, Schedule
from lyhord.jobs.worker import Worker
from tests.conftest import ADMIN_URL
from tests.jobs import errands
from tests.jobs.conftest import StartWorker, until
from tests.jobs.errands import lines


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_work_comes_back_within_a_minute() -> None:
    """The promise, in figures: what the kill test below does with a short lease holds with the real one."""
    assert store.LEASE.total_seconds() + worker.SWEEP < 60


@pytest.mark.all
@pytest.mark.requirement("N5")
def test_a_killed_workers_jobs_are_done_by_another(start_worker: StartWorker, out: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    errands.wait_for.enqueue(str(out), "slow", str(go))
    errands.note.enqueue(str(out), "companion")
    first = start_worker("--lease", "3")
    until(lambda: lines(out) == ["slow-began"])
    first.kill()
    first.wait()
    assert Job.objects.filter(state=JobState.RUNNING).exists()
    go.touch()
    start_worker("--lease", "3")
    until(lambda: not Job.objects.exists())
    assert Counter(lines(out)) == {"slow-began": 2, "slow-ended": 1, "companion": 1}


@pytest.mark.all
@pytest.mark.requirement("N5")
def test_a_job_that_kills_its_worker_does_not_take_others_with_it(start_worker: StartWorker, out: Path) -> None:
    errands.kill_own_worker.using(priority=1).enqueue(str(out))
    errands.note.enqueue(str(out), "companion")
    assert start_worker("--lease", "1").wait(180) == -signal.SIGKILL
    Job.objects.filter(task__endswith="kill_own_worker").update(attempts=8)
    start_worker("--lease", "1")
    until(lambda: not Job.objects.exclude(state=JobState.DEAD).exists())
    assert Counter(lines(out)) == {"killer": 1, "companion": 1}
    assert Job.objects.get().task.endswith("kill_own_worker")


@pytest.mark.requirement("N5")
def test_two_workers_do_each_job_once(start_worker: StartWorker, out: Path) -> None:
    with transaction.atomic():
        for number in range(500):
            errands.note.enqueue(str(out), f"job-{number}")
    for process in [start_worker("--until-empty", "--threads", "2"), start_worker("--until-empty")]:
        assert process.wait(180) == 0
    assert Counter(lines(out)) == {f"job-{number}": 1 for number in range(500)}
    assert not Job.objects.exists()


@pytest.mark.all
def test_told_to_stop_it_ends_the_job_at_hand_and_hands_back_the_rest(
    start_worker: StartWorker, out: Path, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    errands.wait_for.enqueue(str(out), "slow", str(go))
    errands.note.enqueue(str(out), "not-begun")
    process = start_worker()
    until(lambda: lines(out) == ["slow-began"])
    process.terminate()
    go.touch()
    assert process.wait(180) == 0
    assert lines(out) == ["slow-began", "slow-ended"]
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.READY, 0)


def test_an_idle_worker_stops_when_told(start_worker: StartWorker, out: Path) -> None:
    errands.note.enqueue(str(out), "a")
    process = start_worker()
    until(lambda: not Job.objects.exists())
    process.terminate()
    assert process.wait(180) == 0


@pytest.mark.all
def test_a_hung_job_is_given_to_another_worker(start_worker: StartWorker, out: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    errands.hang.enqueue(str(out), str(go))
    assert start_worker("--lease", "3").wait(180) == worker.HUNG
    go.touch()
    start_worker("--lease", "3")
    until(lambda: not Job.objects.exists())
    assert lines(out) == ["began", "began", "ended"]


def run_in_thread(hired: Worker) -> threading.Thread:
    thread = threading.Thread(target=hired.run)
    thread.start()
    return thread


@pytest.fixture
def admin(transactional_db: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A superuser's connection, which can shut the test's database to others."""
    with psycopg.connect(os.environ[ADMIN_URL], autocommit=True) as connected:
        yield connected
        _shut(connected, shut=False)


def _shut(admin: "psycopg.Connection[tuple[object, ...]]", *, shut: bool) -> None:
    name = sql.Identifier(connection.settings_dict["NAME"])
    admin.execute(sql.SQL("alter database {} allow_connections {}").format(name, sql.Literal(not shut)))


@pytest.mark.requirement("N5")
def test_it_survives_that_the_database_goes_away(
    admin: "psycopg.Connection[tuple[object, ...]]", out: Path, tmp_path: Path
) -> None:
    """As when it restarts, and in the middle of a job: connections break, and for a while none can be made."""
    hired, go = Worker(), tmp_path / "go"
    errands.wait_for.enqueue(str(out), "slow", str(go))
    thread = run_in_thread(hired)
    try:
        until(lambda: lines(out) == ["slow-began"])
        _shut(admin, shut=True)
        own = connection.connection.info.backend_pid
        cut = admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> %s",
            [connection.settings_dict["NAME"], own],
        )
        assert cut.fetchall()
        go.touch()
        until(lambda: "slow-ended" in lines(out))
        errands.note.enqueue(str(out), "after")
        time.sleep(1)  # the worker finds the door shut a few times
        assert Job.objects.count() == 2
        _shut(admin, shut=False)
        until(lambda: not Job.objects.exists())
    finally:
        go.touch()  # whatever went wrong: no job waits for ever
        _shut(admin, shut=False)
        hired.stop.set()
        thread.join()
    assert lines(out) == ["slow-began", "slow-ended", "after"]


@pytest.mark.all
@pytest.mark.requirement("N5")
def test_begun_while_the_database_is_away_it_learns_the_schedule_afterwards(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    hired = Worker()
    _shut(admin, shut=True)
    thread = run_in_thread(hired)
    try:
        time.sleep(1)  # the worker finds the door shut a few times
        _shut(admin, shut=False)
        until(Schedule.objects.exists)
    finally:
        _shut(admin, shut=False)
        hired.stop.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_what_waits_behind_a_slow_job_goes_to_others(out: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    errands.wait_for.enqueue(str(out), "slow", str(go))
    errands.note.enqueue(str(out), "behind")
    first, second = Worker(), Worker()
    threads = [run_in_thread(first)]
    try:
        until(lambda: lines(out) == ["slow-began"])
        threads.append(run_in_thread(second))
        until(lambda: lines(out) == ["slow-began", "behind"])
        until(lambda: Job.objects.count() == 1)  # what is done says so first, and is put away then
        assert Job.objects.get().attempts == 1
        go.touch()
        until(lambda: not Job.objects.exists())
    finally:
        go.touch()
        for hired, thread in zip((first, second), threads, strict=False):
            hired.stop.set()
            thread.join()


@pytest.mark.all
@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease(out: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    errands.wait_for.enqueue(str(out), "slow", str(go))
    hired = Worker()
    hired.lease /= 10
    thread = run_in_thread(hired)
    try:
        until(lambda: lines(out) == ["slow-began"])
        first = Job.objects.get().lease_until
        assert first is not None
        until(lambda: Job.objects.filter(lease_until__gt=first + hired.lease).exists())
        go.touch()
        until(lambda: not Job.objects.exists())
    finally:
        go.touch()
        hired.stop.set()
        thread.join()
    assert lines(out) == ["slow-began", "slow-ended"]


@pytest.mark.django_db(transaction=True)
def test_an_equal_call_committed_while_the_failure_is_written_takes_over(out: Path, tmp_path: Path) -> None:
    hired, go = Worker(), tmp_path / "go"
    errands.fail_once.enqueue(str(out), str(go))
    thread = run_in_thread(hired)
    try:
        until(lambda: lines(out) == ["tried"])
        with transaction.atomic():
            errands.fail_once.enqueue(str(out), str(go))
            go.touch()
            until(_somebody_waits_for_us)
        until(lambda: not Job.objects.exists())
    finally:
        go.touch()
        hired.stop.set()
        thread.join()
    assert lines(out) == ["tried", "tried"]


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
