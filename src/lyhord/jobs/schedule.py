"""Tasks that run by the clock, declared where they are written, in any app's `tasks.py`:

    @daily("03:10")
    @task()
    def tidy() -> None: ...

The table has a row for each with the time it is next due. A worker that finds one due locks the row, queues the
task and moves the time on, all in one transaction: however many workers look, each slot is queued once.
Slots missed while no worker ran are made up for by one run, not by all of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.tasks import Task
from django.utils.module_loading import import_string

from lyhord.core.clock import SWEDEN, now


@dataclass(frozen=True, slots=True)
class Rule:
    """Either every so often, counted from 1970 so that all workers agree, or each day at a time on Swedish clocks."""

    interval: timedelta | None = None
    at: time | None = None

    def after(self, moment: datetime) -> datetime:
        """The first slot later than `moment`, in UTC. A time that a clock change skips comes an hour later that day."""
        if self.interval is not None:
            return datetime.fromtimestamp(0, UTC) + ((moment.timestamp() // self._seconds) + 1) * self.interval
        assert self.at is not None  # noqa: S101  # the decorators make one or the other
        day = moment.astimezone(SWEDEN).date()
        for ahead in range(3):
            slot = datetime.combine(day + timedelta(days=ahead), self.at, SWEDEN).astimezone(UTC)
            if slot > moment:
                return slot
        raise AssertionError("three days without a slot")

    @property
    def _seconds(self) -> float:
        return self.interval.total_seconds() if self.interval else 0

    def __str__(self) -> str:
        return f"every {self.interval}" if self.interval else f"daily {self.at}"


declared: dict[str, Rule] = {}


def every[T: Task[..., Any]](*, minutes: float = 0, hours: float = 0) -> Callable[[T], T]:
    """Run the task that often; it takes no arguments. Goes above `@task()`."""
    interval = timedelta(minutes=minutes, hours=hours)
    if interval < timedelta(seconds=1):
        raise ValueError("a schedule needs an interval of a second or more")
    return _declare(Rule(interval=interval))


def daily[T: Task[..., Any]](at: str) -> Callable[[T], T]:
    """Run the task each day at "HH:MM" by Swedish clocks; it takes no arguments. Goes above `@task()`."""
    if not re.fullmatch(r"\d\d:\d\d", at):
        raise ValueError(f"{at!r} is not a time like 03:10")
    return _declare(Rule(at=time.fromisoformat(at)))


def _declare[T: Task[..., Any]](rule: Rule) -> Callable[[T], T]:
    def declare(task: T) -> T:
        declared[task.module_path] = rule
        return task

    return declare


def prepare() -> None:
    """Bring the table in line with what is declared; every worker does it as it starts.

    Rows that nobody declares are left alone: during an upgrade, older workers may still know them.
    """
    with connection.cursor() as cursor:
        for path, rule in sorted(declared.items()):
            cursor.execute(
                "insert into jobs_schedule (task, rule, next_run_at) values (%s, %s, %s) on conflict (task) do update"
                " set rule = excluded.rule, next_run_at = excluded.next_run_at"
                " where jobs_schedule.rule <> excluded.rule",
                [path, str(rule), rule.after(now())],
            )


def enqueue_due() -> int:
    """Queue every scheduled task that is due and that no other worker is queueing; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select task from jobs_schedule where next_run_at <= %s and task = any(%s) for update skip locked",
            [now(), list(declared)],
        )
        due = [row[0] for row in cursor.fetchall()]
        for path in due:
            import_string(path).enqueue()
            cursor.execute(
                "update jobs_schedule set last_run_at = %s, next_run_at = %s where task = %s",
                [now(), declared[path].after(now()), path],
            )
    return len(due)
