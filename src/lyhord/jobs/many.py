"""Many calls of one task at once: one statement, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.tasks import Task

from lyhord.core.clock import now
from lyhord.jobs import store
from lyhord.jobs.options import options_of


def enqueue_many(
    task: "Task[..., Any]",
    calls: Sequence[dict[str, Any]],
    *,
    organisation_id: int,
    priority: int | None = None,
    run_after: datetime | None = None,
) -> None:
    """Add a job for each call. For tasks of which equal calls need not join (`one_waiting`): TypeError for those."""
    options = options_of(task.func)
    if options.one_waiting:
        raise TypeError(f"{task.module_path} joins equal calls")
    if not calls:
        return
    job = store.NewJob(
        task=task.module_path,
        args=[],
        kwargs={},
        queue=task.queue_name,
        priority=task.priority if priority is None else priority,
        run_after=run_after,
        moment=now(),
        max_attempts=options.max_attempts,
        unique_key=None,
        organisation_id=organisation_id,
    )
    with connection.cursor() as cursor:
        store.insert_many(cursor, job, calls)
