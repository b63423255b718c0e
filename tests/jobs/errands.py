"""Tasks for the tests. They leave their traces in a file, which works across processes and outlives a kill."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.tasks import TaskContext, task

from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import every


def write(path: str, line: str) -> None:
    """Add a line; whole, however many processes write."""
    with Path(path).open("a") as file:
        file.write(line + "\n")


def lines(path: Path) -> list[str]:
    """What has been written."""
    return path.read_text().split() if path.exists() else []


@task()
def note(path: str, line: str) -> None:
    """Leave a line."""
    write(path, line)


@task()
def wait_for(path: str, name: str, go: str) -> None:
    """Leave a line, wait until the file `go` exists, leave another."""
    write(path, f"{name}-began")
    while not Path(go).exists():
        time.sleep(0.02)
    write(path, f"{name}-ended")


@task()
def kill_own_worker(path: str) -> None:
    """What a crash in a C library does."""
    write(path, "killer")
    os.kill(os.getpid(), signal.SIGKILL)


class RefusedError(Exception):
    """Will never work."""

    permanent = True


def mark(error: str, path: str) -> None:
    """The owner's mark on its own row."""
    write(path, "owner-told:" + error.partition(":")[0])


@task()
@job_options(max_attempts=3, on_dead=mark)
def fail(path: str) -> None:
    """Fail every time."""
    write(path, "tried")
    raise ValueError("the text of the error")


@task()
@job_options(on_dead=mark)
def be_refused(path: str) -> None:
    """Fail for good."""
    write(path, "tried")
    raise RefusedError("no such number")


def fail_to_mark(error: str, path: str) -> None:
    """An owner that cannot be told."""
    write(path, "hook-tried")
    raise RuntimeError("the owner is out")


@task()
@job_options(max_attempts=1, on_dead=fail_to_mark)
def fail_with_broken_hook(path: str) -> None:
    """Fail, and the hook too."""
    write(path, "tried")
    raise ValueError("first reason")


@task()
@job_options(one_waiting=True)
def rebuild(path: str, name: str = "all") -> None:
    """Equal calls join while they wait."""
    write(path, f"rebuilt-{name}")


@task()
@job_options(one_waiting=True)
def fail_once(path: str, go: str) -> None:
    """Equal calls join; the first run waits for `go` and fails."""
    first = not Path(path).exists()
    write(path, "tried")
    while not Path(go).exists():
        time.sleep(0.02)
    if first:
        raise ValueError("once")


@task()
@job_options(time_limit=timedelta(seconds=1))
def hang(path: str, go: str) -> None:
    """Hang, the first time."""
    write(path, "began")
    while not Path(go).exists():
        time.sleep(0.02)
    write(path, "ended")


@task(takes_context=True)
def tell_attempt(context: "TaskContext[Any, Any]", path: str) -> None:
    """Leave the number of the attempt."""
    write(path, f"attempt-{context.attempt}")


@every(minutes=5)
@task()
def often() -> None:
    """Scheduled; does nothing."""
