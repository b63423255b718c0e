"""One claimed job: run it, and write down how it went."""

import logging
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar, copy_context
from datetime import datetime
from typing import Any, Protocol

from django.db import close_old_connections, connection, transaction
from django.tasks import Task, TaskContext, task_backends
from django.utils.module_loading import import_string

from lyhord.jobs import store
from lyhord.jobs.options import JobOptions, delay, options_of
from lyhord.jobs.store import Claimed

logger = logging.getLogger(__name__)

HOOK_ATTEMPTS = 3
current_job: ContextVar[int] = ContextVar("current_job", default=0)
"""The job that is being run: the same number when it is run again because its worker is gone."""


class Ask(Protocol):
    """Puts a question to the queue, on whichever connection the caller keeps for it."""

    def __call__[T](self, question: Callable[[store.Cursor], T]) -> T: ...


class NeverEndedError(RuntimeError):
    """Every run was begun and none ended: the job may be what kills its worker."""


def task_of(job: Claimed) -> "Task[..., Any]":
    """The task that the job calls; ImportError or TypeError when this version of the code does not have it."""
    task = import_string(job.task)
    if not isinstance(task, Task):
        raise TypeError(f"{job.task} is no task")
    return task


def options_for(job: Claimed) -> JobOptions:
    """The options of the job's task, or the usual ones when this version of the code does not have it."""
    try:
        return options_of(task_of(job).func)
    except (ImportError, TypeError):
        return JobOptions()


def run(job: Claimed, ask: Ask, *, moment: datetime | None = None, savepoint: bool = False) -> BaseException | None:
    """Run the job and settle it; returns its error, which is already dealt with.

    There is no transaction around it, unless the caller has one open: then a `savepoint` keeps that usable.

    The job runs in a context of its own, so that a language or an organisation it sets stays behind.
    """
    try:
        if job.attempts > job.max_attempts:
            raise NeverEndedError(f"{job.attempts - 1} runs begun, none ended")
        with transaction.atomic() if savepoint else nullcontext():
            copy_context().run(_call, job)
    except (Exception, SystemExit) as error:
        _mend_connection()
        _failed(job, error, ask, moment)
        return error
    if not ask(lambda cursor: store.finish(cursor, job, keep=_keeps_done(job))):
        logger.warning("Job %s (%s) was done, but its lease had been lost", job.id, job.task)
    return None


def _mend_connection() -> None:
    """Drop the jobs' connection if it broke under this one, or the next would fail too."""
    if not connection.in_atomic_block:
        close_old_connections()


def _keeps_done(job: Claimed) -> bool:
    return bool(task_backends[task_of(job).backend].options.get("KEEP_DONE"))


def _call(job: Claimed) -> None:
    current_job.set(job.id)
    task = task_of(job)
    if task.takes_context:
        context = TaskContext(task_result=task.get_backend().get_result(str(job.id)))
        task.call(context, *job.args, **job.kwargs)
    else:
        task.call(*job.args, **job.kwargs)


def _failed(job: Claimed, error: BaseException, ask: Ask, moment: datetime | None) -> None:
    """Try again later, or bury. The log names the error's class and place, not its text, which may name people."""
    # a job whose runs were used up before this one failed of what was written down then
    text = (job.attempts > job.max_attempts and job.last_error) or describe(error)
    if job.attempts < job.max_attempts and not getattr(error, "permanent", False):
        wait = delay(job.attempts)
        logger.warning(
            "Job %s (%s) failed, run %s of %s, next in %.0f s: %s",
            *(job.id, job.task, job.attempts, job.max_attempts, wait.total_seconds(), place(error)),
        )
        ask(lambda cursor: store.put_off(cursor, job, error=text, wait=wait, moment=moment))
        return
    try:
        _tell_owner(job, text)
    except Exception as hook_error:
        _mend_connection()
        logger.error("Job %s (%s): on_dead failed: %s", job.id, job.task, place(hook_error))
        if job.attempts < job.max_attempts + HOOK_ATTEMPTS:  # the owner must learn of it: once more, later
            ask(lambda cursor: store.put_off(cursor, job, error=text, wait=delay(job.attempts), moment=moment))
            return
    logger.error("Job %s (%s) is dead after %s runs: %s", job.id, job.task, job.attempts, place(error))
    ask(lambda cursor: store.bury(cursor, job, error=text))


def _tell_owner(job: Claimed, text: str) -> None:
    """Call the task's `on_dead` before the job is marked dead, so that a crash in between calls it again."""
    on_dead = options_for(job).on_dead
    if on_dead is not None:
        copy_context().run(_call_owner, on_dead, text, job)


def _call_owner(on_dead: Callable[..., None], text: str, job: Claimed) -> None:
    current_job.set(job.id)
    on_dead(text, *job.args, **job.kwargs)


def describe(error: BaseException) -> str:
    """The error as staff see it: class, text and the last places in the code."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = traceback.format_tb(error.__traceback__)[-3:]
    return f"{kind}: {str(error)[: store.ERROR_LENGTH // 2]}\n{''.join(frames)}"


def place(error: BaseException) -> str:
    """The error's class and where it was raised, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
