"""Queueing: in the caller's transaction, by Django's interface."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DataError, connection, transaction
from django.tasks import TaskResultStatus, default_task_backend
from django.tasks.exceptions import TaskResultDoesNotExist
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from lyhord.core.clock import now
from lyhord.jobs import store
from lyhord.jobs.inline import run_waiting
from lyhord.jobs.models import Job, JobState
from lyhord.jobs.worker import connect
from tests.jobs import errands
from tests.jobs.errands import lines


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def claim_elsewhere(worker: str = "other", limit: int = 20) -> list[store.Claimed]:
    """Claim as a worker does: on another connection, seeing only what is committed."""
    with connect() as other, other.cursor() as cursor:
        return store.claim(cursor, worker=worker, limit=limit)


@pytest.mark.requirement("N5")
@pytest.mark.django_db(transaction=True)
def test_a_job_is_there_when_its_transaction_is(out: Path) -> None:
    with transaction.atomic():
        errands.note.enqueue(str(out), "a")
        assert claim_elsewhere() == []
    assert [job.args for job in claim_elsewhere()] == [[str(out), "a"]]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_no_job(out: Path) -> None:
    with transaction.atomic():
        errands.note.enqueue(str(out), "a")
        assert Job.objects.exists()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_queueing_is_one_statement(out: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        errands.note.enqueue(str(out), "a")


@pytest.mark.django_db
def test_a_job_done_is_gone_and_its_result_with_it(out: Path) -> None:
    result = errands.note.enqueue(str(out), line="a")
    assert errands.note.get_result(result.id).status == TaskResultStatus.READY
    assert run_waiting() == 1
    assert lines(out) == ["a"]
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(result.id)


@pytest.mark.django_db
def test_jobs_done_can_be_kept(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(default_task_backend.options, "KEEP_DONE", 60)
    result = errands.note.enqueue(str(out), "a")
    run_waiting()
    assert default_task_backend.get_result(result.id).status == TaskResultStatus.SUCCESSFUL


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["", "x", "-1", "1e9", "9" * 30])
def test_an_unknown_result_is_said_to_be_so(nonsense: str) -> None:
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(nonsense)


@pytest.mark.django_db
def test_the_urgent_first_then_the_oldest(out: Path) -> None:
    errands.note.using(priority=-5).enqueue(str(out), "low")
    errands.note.enqueue(str(out), "first")
    errands.note.enqueue(str(out), "second")
    errands.note.using(priority=5).enqueue(str(out), "high")
    run_waiting()
    assert lines(out) == ["high", "first", "second", "low"]


@pytest.mark.django_db
def test_a_batch_is_in_order_too(out: Path) -> None:
    for priority in (0, 3, -3, 3, 0):
        errands.note.using(priority=priority).enqueue(str(out), "x")
    with connection.cursor() as cursor:
        jobs = store.claim(cursor, worker="w", limit=10, moment=now())
    assert [job.priority for job in jobs] == [3, 3, 0, 0, -3]
    assert jobs[0].id < jobs[1].id


@pytest.mark.django_db
def test_a_deferred_job_waits_for_its_time(out: Path, time_machine: TimeMachineFixture) -> None:
    errands.note.using(run_after=now() + timedelta(hours=1)).enqueue(str(out), "later")
    assert run_waiting() == 0
    time_machine.move_to(now() + timedelta(hours=1))
    assert run_waiting() == 1


@pytest.mark.django_db
def test_a_worker_can_keep_to_its_queues(out: Path) -> None:
    errands.note.using(queue_name="mail").enqueue(str(out), "mail")
    errands.note.enqueue(str(out), "other")
    with connection.cursor() as cursor:
        jobs = store.claim(cursor, worker="w", limit=10, queues=["mail"], moment=now())
    assert [job.args[1] for job in jobs] == ["mail"]


@pytest.mark.django_db
def test_the_organisation_is_shown(out: Path) -> None:
    errands.note.enqueue(str(out), "a")
    assert Job.objects.get().organisation_id is None


@pytest.mark.django_db
def test_the_context_knows_the_attempt(out: Path) -> None:
    errands.tell_attempt.enqueue(str(out))
    run_waiting()
    assert lines(out) == ["attempt-1"]


@pytest.mark.django_db
def test_equal_calls_join_while_they_wait(out: Path) -> None:
    first = errands.rebuild.enqueue(str(out))
    assert errands.rebuild.enqueue(str(out)).id == first.id
    errands.rebuild.enqueue(str(out), name="other")
    run_waiting()
    errands.rebuild.enqueue(str(out))
    run_waiting()
    assert sorted(lines(out)) == ["rebuilt-all", "rebuilt-all", "rebuilt-other"]


@pytest.mark.django_db
def test_joining_makes_a_deferred_job_come_sooner(out: Path) -> None:
    errands.rebuild.using(run_after=now() + timedelta(hours=1)).enqueue(str(out))
    errands.rebuild.enqueue(str(out))
    assert run_waiting() == 1


@pytest.mark.requirement("N5")
@pytest.mark.django_db(transaction=True)
def test_a_joined_job_does_not_run_before_the_joiner_commits(out: Path) -> None:
    """Else it could run without seeing what the joiner wrote, and nothing would run after."""
    errands.rebuild.enqueue(str(out))
    with transaction.atomic():
        errands.rebuild.enqueue(str(out))
        assert claim_elsewhere() == []
    assert len(claim_elsewhere()) == 1


@pytest.mark.django_db(transaction=True)
def test_an_equal_call_during_the_run_waits_for_its_own_run(out: Path) -> None:
    errands.rebuild.enqueue(str(out))
    running = claim_elsewhere()[0]
    errands.rebuild.enqueue(str(out))
    assert Job.objects.count() == 2
    with connection.cursor() as cursor:  # the first fails: the second will do its work
        assert store.put_off(cursor, running, error="x", wait=timedelta(0))
    assert Job.objects.get().state == JobState.READY
    assert Job.objects.get().pk != running.id


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_waiting_job(out: Path) -> None:
    def enqueue() -> None:
        errands.rebuild.enqueue(str(out))
        connection.close()

    threads = [threading.Thread(target=enqueue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("argument", [object(), {1, 2}, float("nan"), "a\x00b"])
def test_what_is_not_json_is_refused_at_once(argument: object) -> None:
    with pytest.raises((TypeError, ValueError, DataError)):
        errands.note.enqueue(argument, "x")  # type: ignore[arg-type]  # on purpose
