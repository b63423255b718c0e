"""What a task may say about its own running, beyond Django's `@task`.

    @task()
    @job_options(max_attempts=5, on_dead=mark_failed)
    def send_notice(organisation_id: int, notice_id: int) -> None: ...

The options stand on the function, so that the task stays a plain Django task under any other backend.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DELAYS = (5, 30, 120, 600, 3600, 6 * 3600)  # seconds; the last one repeats
MAX_ATTEMPTS = 8  # with these delays about 14 hours: a night's outage is survived
TIME_LIMIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class JobOptions:
    """The options of one task; see `job_options`."""

    max_attempts: int = MAX_ATTEMPTS
    on_dead: Callable[..., None] | None = None
    one_waiting: bool = False
    time_limit: timedelta = TIME_LIMIT


def job_options[**P, R](
    *,
    max_attempts: int = MAX_ATTEMPTS,
    on_dead: Callable[..., None] | None = None,
    one_waiting: bool = False,
    time_limit: timedelta = TIME_LIMIT,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Set the options of a task's function; goes under `@task()`.

    `max_attempts` runs are tried before the job is dead. `on_dead` is then called as
    `on_dead(error_text, *args, **kwargs)`, so that the owner can mark its own row; it must be safe to call twice.
    With `one_waiting`, a call equal to one that already waits joins it instead of adding a job.
    A worker whose job has run for longer than `time_limit` takes it for hung and ends, and the job is tried again.
    """
    options = JobOptions(max_attempts, on_dead, one_waiting, time_limit)

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        function.job_options = options  # type: ignore[attr-defined]  # functions take attributes
        return function

    return mark


def options_of(function: Callable[..., Any]) -> JobOptions:
    """The options of a task's function."""
    options = getattr(function, "job_options", None)
    return options if isinstance(options, JobOptions) else JobOptions()


def delay(attempts: int) -> timedelta:
    """How long to wait after that many failed runs: growing, and spread so that failures do not march in step."""
    seconds = DELAYS[min(max(attempts, 1), len(DELAYS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load, guards nothing
