"""Every statement that changes the queue. Each takes a cursor, and is whole in itself: one statement, one step.

Leases are measured by the database's clock, the only one that all workers share. A `moment` replaces it
where jobs are run without a worker (`inline.py`), so that tests can travel in time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

LEASE = timedelta(seconds=30)
ERROR_LENGTH = 2000


class Cursor(Protocol):
    """What a Django cursor and a psycopg cursor have in common."""

    @property
    def rowcount(self) -> int: ...

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Claimed(NamedTuple):
    """A job that is somebody's to run: `worker` and `attempts` are the proof of it."""

    id: int
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    priority: int
    attempts: int
    max_attempts: int
    unique_key: str | None
    last_error: str
    worker: str


TABLE = "jobs_job"
_INSERT = """
insert into jobs_job (task, args, kwargs, queue, priority, run_after, max_attempts, unique_key, organisation_id)
values (%s, %s, %s, %s, %s, coalesce(%s, least(%s, statement_timestamp())), %s, %s, %s)
"""
_INSERT_AS = """
insert into jobs_job (task, args, kwargs, queue, priority, run_after, max_attempts, unique_key, organisation_id, id)
values (%s, %s, %s, %s, %s, coalesce(%s, least(%s, statement_timestamp())), %s, %s, %s, %s)
"""
_INSERT_MANY = """
insert into jobs_job (task, args, kwargs, queue, priority, run_after, max_attempts, unique_key, organisation_id)
select task, args, call::jsonb, queue, priority, run_after, most, key, organisation
from (values (%s::text, %s::jsonb, %s::text, %s::smallint, coalesce(%s::timestamptz, least(%s, statement_timestamp())),
    %s::smallint, %s::text, %s::bigint)) as made (task, args, queue, priority, run_after, most, key, organisation),
    unnest(%s::text[]) as call
"""
# An equal job that waits is touched rather than left alone: that locks it until the caller commits, so no
# worker can run it before it sees what the caller wrote. A job backing off after a failure keeps its time.
_JOIN = """
on conflict (unique_key) where state = 'ready' and unique_key is not null do update set
    run_after = case when jobs_job.attempts = 0 then least(jobs_job.run_after, excluded.run_after)
                     else jobs_job.run_after end,
    priority = greatest(jobs_job.priority, excluded.priority)
"""
_RETURNING = " returning id, enqueued_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A call of a task, to be made. Without `run_after` it is due at once: at `moment`, or by the database's clock if
    that is behind."""

    task: str
    args: Sequence[Any]
    kwargs: dict[str, Any]
    queue: str
    priority: int
    run_after: datetime | None
    moment: datetime
    max_attempts: int
    unique_key: str | None
    organisation_id: int | None

    @property
    def values(self) -> tuple[Any, ...]:
        """As the statements take them."""
        return (
            *(self.task, _json(self.args), _json(self.kwargs), self.queue, self.priority, self.run_after, self.moment),
            *(self.max_attempts, self.unique_key, self.organisation_id),
        )


def insert(cursor: Cursor, job: NewJob) -> tuple[int, datetime]:
    """Add a job in the caller's transaction; returns its id and the time it was added."""
    cursor.execute(_INSERT + (_JOIN if job.unique_key else "") + _RETURNING, job.values)
    job_id, enqueued_at = cursor.fetchall()[0]
    return job_id, enqueued_at


def insert_many(cursor: Cursor, job: NewJob, calls: Sequence[dict[str, Any]]) -> None:
    """Add a job as this one for each set of keyword arguments, in the caller's transaction."""
    task, args, _kwargs, *rest = job.values
    cursor.execute(_INSERT_MANY, (task, args, *rest, list(map(_json, calls))))


def insertion(job: NewJob, job_id: int) -> tuple[str, tuple[Any, ...]]:
    """The statement that adds a job of which it does not matter whether an equal one waits, and its values."""
    return _INSERT_AS, (*job.values, job_id)


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


_TAKE = """
with due as materialized (
    select id from jobs_job where {which}
    order by {order} limit %(limit)s for update skip locked
)
update jobs_job set state = 'running', worker = %(worker)s, attempts = attempts + 1,
    lease_until = statement_timestamp() + %(lease)s, started_at = statement_timestamp()
from due where jobs_job.id = due.id
returning jobs_job.id, task, args, kwargs, priority, attempts, max_attempts, unique_key, last_error, worker
"""
_DUE = _TAKE.format(
    which="state = 'ready' and run_after <= coalesce(%(moment)s, statement_timestamp())"
    " and (%(queues)s::text[] is null or queue = any(%(queues)s))",
    order="priority desc, run_after, id",
)
_LOST = _TAKE.format(
    which="state = 'running' and lease_until < statement_timestamp()"
    " and (%(queues)s::text[] is null or queue = any(%(queues)s))",
    order="lease_until",
)


def claim(
    cursor: Cursor,
    *,
    worker: str,
    limit: int,
    queues: list[str] | None = None,
    lease: timedelta = LEASE,
    moment: datetime | None = None,
) -> list[Claimed]:
    """Take up to `limit` jobs that are due, the most urgent first, then the oldest."""
    values = {"worker": worker, "limit": limit, "queues": queues, "lease": lease, "moment": moment}
    cursor.execute(_DUE, values)
    return sorted(map(_claimed, cursor.fetchall()), key=lambda job: (-job.priority, job.id))


def claim_lost(
    cursor: Cursor, *, worker: str, queues: list[str] | None = None, lease: timedelta = LEASE
) -> list[Claimed]:
    """Take one job whose worker has let its lease run out.

    One and no more: a job that kills its worker must not wear out the attempts of its companions in a batch.
    """
    cursor.execute(_LOST, {"worker": worker, "limit": 1, "queues": queues, "lease": lease})
    return list(map(_claimed, cursor.fetchall()))


def _claimed(row: Sequence[Any]) -> Claimed:
    job_id, task, args, kwargs, *rest = row
    return Claimed(job_id, task, json.loads(args), json.loads(kwargs), *rest)


_DELETE = """
delete from jobs_job
where id = %(id)s and worker = %(worker)s and attempts = %(attempts)s and state = 'running'
"""
_KEEP = """
update jobs_job set state = 'done', finished_at = statement_timestamp(), lease_until = null, last_error = ''
where id = %(id)s and worker = %(worker)s and attempts = %(attempts)s and state = 'running'
"""


def finish(cursor: Cursor, job: Claimed, *, keep: bool = False) -> bool:
    """The job is done: delete it, or keep it to be looked at. False when it is no longer this worker's."""
    cursor.execute(_KEEP if keep else _DELETE, _proof(job))
    return cursor.rowcount == 1


_LEAVE_TO_TWIN = """
delete from jobs_job
where id = %(id)s and worker = %(worker)s and attempts = %(attempts)s and state = 'running'
    and exists (select from jobs_job twin where twin.unique_key = %(key)s and twin.state = 'ready')
"""
_RELEASE = """
update jobs_job set state = 'ready', worker = '', lease_until = null,
    attempts = attempts - %(unused)s, last_error = coalesce(%(error)s, last_error),
    run_after = case when %(wait)s::interval is null then run_after
                     else coalesce(%(moment)s, statement_timestamp()) + %(wait)s end
where id = %(id)s and worker = %(worker)s and attempts = %(attempts)s and state = 'running'
"""


def put_back(cursor: Cursor, job: Claimed) -> bool:
    """Hand back a job that was never begun; the attempt is not counted."""
    return _release(cursor, job, unused=1, error=None, wait=None, moment=None)


def put_off(cursor: Cursor, job: Claimed, *, error: str, wait: timedelta, moment: datetime | None = None) -> bool:
    """The run failed: try again after `wait`. False when the job is no longer this worker's."""
    return _release(cursor, job, unused=0, error=error[:ERROR_LENGTH], wait=wait, moment=moment)


def _release(
    cursor: Cursor, job: Claimed, *, unused: int, error: str | None, wait: timedelta | None, moment: datetime | None
) -> bool:
    values = {**_proof(job), "key": job.unique_key, "unused": unused, "error": error, "wait": wait, "moment": moment}
    if job.unique_key:  # an equal job that came meanwhile will do the work; two may not wait
        cursor.execute(_LEAVE_TO_TWIN, values)
        if cursor.rowcount:
            return True
    cursor.execute(_RELEASE, values)
    return cursor.rowcount == 1


_BURY = """
update jobs_job set state = 'dead', finished_at = statement_timestamp(), lease_until = null, last_error = %(error)s
where id = %(id)s and worker = %(worker)s and attempts = %(attempts)s and state = 'running'
"""


def bury(cursor: Cursor, job: Claimed, *, error: str) -> bool:
    """The job has failed for good and stays to be seen. False when it is no longer this worker's."""
    cursor.execute(_BURY, {**_proof(job), "error": error[:ERROR_LENGTH]})
    return cursor.rowcount == 1


def renew(cursor: Cursor, *, worker: str, jobs: list[int], lease: timedelta = LEASE) -> int:
    """Lengthen the lease of the jobs that are still this worker's; returns how many."""
    cursor.execute(
        "update jobs_job set lease_until = statement_timestamp() + %s"
        " where id = any(%s) and worker = %s and state = 'running'",
        (lease, jobs, worker),
    )
    return cursor.rowcount


def _proof(job: Claimed) -> dict[str, Any]:
    return {"id": job.id, "worker": job.worker, "attempts": job.attempts}
