"""What things cost: CPU milliseconds of the server's processes and their database backends, read from /proc.

On shared cores requests a second lie; CPU milliseconds, and ratios to a floor taken in the same minute, do not.
Run by itself, it measures the floors: raw psycopg 3, a bare WSGI "hello", and Django's.
"""

import os
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bench._client import Errand, send

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one errand, on average. CPU of application and database and waiting in milliseconds; `rate` is a second."""

    app: float
    database: float
    p50: float
    p95: float
    rate: float

    @property
    def cpu(self) -> float:
        """Application and database together."""
        return self.app + self.database

    @classmethod
    def of(cls, waits: list[float], *, app: float, database: float, seconds: float) -> "Cost":
        """From the seconds that each waited, and the CPU seconds and seconds that all took together."""
        cuts = statistics.quantiles(waits, n=20, method="inclusive") if len(waits) > 1 else waits * 19
        each = 1000 / len(waits)
        return cls(app * each, database * each, cuts[9] * 1000, cuts[18] * 1000, len(waits) / seconds)


def median(costs: Iterable[Cost]) -> Cost:
    """The middle of each figure over several rounds."""
    rounds = list(costs)
    return Cost(*(statistics.median(getattr(one, each.name) for one in rounds) for each in fields(Cost)))


class Meter:
    """Reads what processes have used: those under `first` (their children too) and the backends of a database."""

    def __init__(self, first: Iterable[int], postmaster: int | None) -> None:
        self._first = list(first)
        self._postmaster = postmaster

    def cost(self, port: int, errands: Iterable[Errand]) -> Cost:
        """Do the errands and see what they cost."""
        before, began = self.read(), time.monotonic()
        waits = send(port, errands)
        seconds, after = time.monotonic() - began, self.read()
        return Cost.of(waits, app=more(before[0], after[0]), database=more(before[1], after[1]), seconds=seconds)

    def read(self) -> tuple[dict[int, float], dict[int, float]]:
        """CPU seconds by process number, of the application and of the backends."""
        return tree(self._first), backends(self._postmaster) if self._postmaster else {}


def more(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """CPU seconds used between two readings; a process that ended in between is not counted."""
    return sum(spent - before.get(pid, 0.0) for pid, spent in after.items())


def tree(first: Iterable[int]) -> dict[int, float]:
    """CPU seconds of processes and everything below them."""
    stats = _all()
    found, todo = dict[int, float](), list(first)
    while todo:
        pid = todo.pop()
        if pid in stats:
            found[pid] = stats[pid][1]
            todo += [child for child, (parent, _) in stats.items() if parent == pid]
    return found


def backends(postmaster: int) -> dict[int, float]:
    """CPU seconds of the processes that serve clients; upkeep (checkpoints, vacuum) is another matter."""
    return {
        pid: spent
        for pid, (parent, spent) in _all().items()
        if parent == postmaster and b"postgres: lyhord_" in _title(pid)
    }


def _title(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _all() -> dict[int, tuple[int, float]]:
    """Parent and CPU seconds (user and system) of every process."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        words = text.rsplit(") ", 1)[1].split()
        found[int(stat.parent.name)] = int(words[1]), (int(words[11]) + int(words[12])) / TICK
    return found


def main() -> None:
    """Measure the floors."""
    from bench import _floors

    _floors.main()


if __name__ == "__main__":
    main()
