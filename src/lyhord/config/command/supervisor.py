"""Keeps child processes running: starts them, starts them again when they die, stops them together with us."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping

from lyhord.config.postgres.identity import plain

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
# A child that has lived this long gets a fresh start: its earlier deaths are forgotten.
_SETTLED_SECONDS = 60.0


class BackOff:
    """How long to wait before the next attempt: doubles from 0.5 to 30 seconds, by a monotonic clock in seconds."""

    def __init__(self) -> None:
        self.deaths = 0
        self._next = 0.0

    def died(self, now: float, lived: float) -> float:
        """Note a death after ``lived`` seconds of life; returns the seconds to wait."""
        self.deaths = 1 if lived >= _SETTLED_SECONDS else self.deaths + 1
        delay = min(_FIRST_DELAY * float(2 ** min(self.deaths - 1, 10)), _LONGEST_DELAY)
        self._next = now + delay
        return delay

    def due(self, now: float) -> bool:
        """Tell whether the next attempt may be made."""
        return now >= self._next


class Child:
    """One program that is to run as long as we do, with its own process group."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str]) -> None:
        self.name = name
        self.command = command
        self.env = dict(env)
        self.back_off = BackOff()
        self.wanted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._born = 0.0

    @property
    def pid(self) -> int | None:
        """Process number, also for a moment after its death."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it. When we are killed it gets SIGTERM (Linux)."""
        self.wanted = True
        self._born = time.monotonic()
        self._process = subprocess.Popen(
            plain().command(self.command, dies_by=signal.SIGTERM),
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def check(self) -> str:
        """Start it again if it has died and its waiting time is over. Returns what happened, in words, or ""."""
        now = time.monotonic()
        if self._process is None:
            if self.back_off.due(now):
                self.start()
            return ""
        status = self._process.poll()
        if status is None:
            return ""
        self._end_group()
        delay = self.back_off.died(now, now - self._born)
        self._process = None
        return f"{self.name} stannade, startar om inom {delay:g} s (stopped, starts again): {describe(status)}"

    def stop(self, patience: float) -> None:
        """Ask it to stop, insist after ``patience`` seconds, and leave nothing of its process group."""
        self.wanted = False
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
        self._process = process
        self._end_group()
        process.wait()
        self._process = None

    def _end_group(self) -> None:
        """End processes that the child left behind: they would hold its port."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def describe(status: int) -> str:
    """An exit status in words: "signal SIGKILL", "status 1"."""
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-status).name}"
    return f"status {status}"
