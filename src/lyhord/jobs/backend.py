"""Django's task interface on PostgreSQL.

A job is a row written on the caller's own connection, in the caller's transaction: rolled back with it,
visible to workers when it commits. Nothing is announced by NOTIFY: that takes one lock for the whole cluster until
the commit is on disk, so that every request that queues a job would wait for every other (8 clients: 2,600 to 5,000
commits a second without, 400 to 1,300 with, at three times the CPU), and it does not pass a pooler. Workers ask four
times a second instead, for 5 ms of CPU a second each.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import TaskError
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.module_loading import import_string

from lyhord.core.clock import now
from lyhord.core.rows import under_way
from lyhord.core.tenancy import current_organisation_id
from lyhord.jobs import store
from lyhord.jobs.models import Job, JobState
from lyhord.jobs.options import options_of
from lyhord.jobs.schedule import declared

_STATUS = {
    JobState.READY: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
    JobState.DEAD: TaskResultStatus.FAILED,
}


class PostgresBackend(BaseTaskBackend):
    """The `TASKS` backend. OPTIONS: `KEEP_DONE`, the seconds that jobs done are kept for looking at (0: not at all).

    What a task returns is not stored: a task leaves its result in the tables of its app.
    """

    supports_defer = True
    supports_priority = True
    supports_get_result = True

    def enqueue[**P, R](self, task: "Task[P, R]", args: Sequence[Any], kwargs: dict[str, Any]) -> "TaskResult[P, R]":
        """Add a job for the task in the current transaction; TypeError when the arguments are not JSON."""
        self.validate_task(task)
        options = options_of(task.func)
        one_waiting = options.one_waiting or task.module_path in declared
        organisation_id = kwargs.get("organisation_id", current_organisation_id())
        job_id, enqueued_at = _add(
            store.NewJob(
                task=task.module_path,
                args=args,
                kwargs=kwargs,
                queue=task.queue_name,
                priority=task.priority,
                run_after=task.run_after,
                moment=now(),
                max_attempts=options.max_attempts,
                unique_key=_key(task.module_path, args, kwargs) if one_waiting else None,
                organisation_id=organisation_id,
            )
        )
        return TaskResult(
            task=task,
            id=str(job_id),
            status=TaskResultStatus.READY,
            enqueued_at=enqueued_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

    def get_result(self, result_id: str) -> "TaskResult[..., Any]":
        """How the job stands; TaskResultDoesNotExist once it is done and deleted."""
        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        state = JobState(job.state)
        error = [TaskError(exception_class_path=job.last_error.split(":", 1)[0], traceback=job.last_error)]
        return TaskResult(
            task=import_string(job.task),
            id=str(job.pk),
            status=_STATUS[state],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            last_attempted_at=job.started_at,
            finished_at=job.finished_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=error if job.last_error else [],
            worker_ids=[job.worker] * job.attempts,
        )


def _add(job: store.NewJob) -> tuple[int, datetime]:
    """The job's id, and when it was added. With rows that are on their way, if a key was drawn for it."""
    rows = None if job.unique_key else under_way()
    key = rows.key(store.TABLE) if rows else None
    if rows is not None and key is not None:
        rows.add(*store.insertion(job, key))
        return key, job.moment
    with connection.cursor() as cursor:
        return store.insert(cursor, job)


def _key(task: str, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
    """Equal for equal calls."""
    call = json.dumps([list(args), kwargs], sort_keys=True)
    return f"{task} {hashlib.sha256(call.encode()).hexdigest()[:32]}"
