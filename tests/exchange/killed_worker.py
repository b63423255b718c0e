"""Workers that are killed: `python -m tests.exchange.killed_worker KILLS SEED`, on the database of the environment.

Each is a process of its own that does what a worker does, and kills itself after so many function calls of its jobs,
drawn by lot. At the end one that nobody kills does the rest. Writes how many were killed.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import django
import time_machine

if TYPE_CHECKING:
    from lyhord.jobs.store import Claimed, Cursor

NO_LEASE = timedelta(0)  # whoever was killed is known to be gone at once
FIRST = 12  # jobs by which it is seen how many calls one takes
JOBS = 2  # a worker's death is drawn from so many jobs' calls


class _Calls:
    """Counts function calls, and kills this very process at the last."""

    def __init__(self, last: int = 0) -> None:
        self.last, self.seen = last, 0

    def __call__(self, _frame: object, event: str, _argument: object) -> None:
        if event == "call":
            self.seen += 1
            if self.seen == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def work(most: int, calls: _Calls | None = None, days: float = 0) -> None:
    """Do jobs that were lost or are due, `most` at most."""
    from django.db import connection

    from lyhord.core.clock import now
    from lyhord.jobs import runner, store

    def ask[T](question: Callable[["Cursor"], T]) -> T:
        with connection.cursor() as cursor:
            return question(cursor)

    def take(cursor: "Cursor") -> "list[Claimed]":
        lost = store.claim_lost(cursor, worker=f"w{os.getpid()}", lease=NO_LEASE)
        return lost or store.claim(cursor, worker=f"w{os.getpid()}", limit=1, lease=NO_LEASE, moment=now())

    with time_machine.travel(now() + timedelta(days=days), tick=True):
        for _each in range(most):
            if not (batch := ask(take)):
                return
            sys.setprofile(calls)
            runner.run(batch[0], ask, moment=now())
            sys.setprofile(None)


def dies(last: int) -> bool:
    """Whether a worker that is killed after so many calls finds so much to do."""
    pid = os.fork()
    if not pid:
        work(10_000, _Calls(last))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def main(kills: int, seed: int) -> None:
    """Kill so many, then let one live."""
    django.setup()
    from django.db import connections

    from lyhord.exchange import departure, tasks
    from lyhord.jobs.models import Job

    while Job.objects.filter(priority__gte=0, state="ready").exists():  # they go before those that call others
        work(1)
    calls, dice, killed = _Calls(), random.Random(seed), 0
    usual, tasks.STINT, departure.MOST = (
        (tasks.STINT, departure.MOST),
        0,
        1,
    )  # a change for each job: what does one take
    work(FIRST, calls)
    tasks.STINT, departure.MOST = usual
    connections.close_all()  # each worker makes its own
    while killed < kills and dies(dice.randint(1, JOBS * calls.seen // FIRST)):
        killed += 1
    for quarter in range(12):
        work(10_000, days=quarter / 4)
    sys.stdout.write(str(killed))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
