"""A worker: claims a few jobs at a time and runs them one by one.

It keeps a connection of its own for the queue, apart from the one that jobs use, so nothing a job does can
disturb the book-keeping, and no transaction is open while a job talks to the network. A second thread, the
pulse, renews leases, hands back what waits behind a slow job, and ends the process when a job hangs.
"""

import logging
import os
import random
import secrets
import socket
import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any, Self

import django.db
import psycopg
from django.db import close_old_connections, connections

from lyhord.jobs import runner, schedule, store
from lyhord.jobs.store import Claimed

logger = logging.getLogger(__name__)

BATCH = 20
IDLE = 0.25  # seconds between questions when there is nothing to do: a job waits half of it on average
PATIENCE = 1.0  # seconds after which the rest of a batch goes back to the queue
SWEEP = 5.0  # seconds between looks at the schedule and for jobs whose worker is gone
HUNG = 75  # exit code, "temporary failure": whoever supervises should start a new worker
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)


class Worker:
    """Runs jobs until `stop` is set; several may share a process, each in a thread of its own."""

    def __init__(
        self,
        *,
        queues: list[str] | None = None,
        lease: timedelta = store.LEASE,
        stop: threading.Event | None = None,
    ) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.queues = queues
        self.lease = lease
        self.stop = stop or threading.Event()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._rest: deque[Claimed] = deque()  # claimed, not begun
        self._current: tuple[Claimed, float] | None = None  # the job being run, and since when
        self._size = BATCH
        self._leased = 0.0  # when the leases were last known to be ours
        self._swept: float | None = None
        self._knows_schedule = False

    def run(self, *, until_empty: bool = False) -> None:
        """Work until told to stop, or with `until_empty` until nothing is due."""
        pulse = threading.Thread(target=self._pulse, name=f"pulse of {self.name}", daemon=True)
        pulse.start()
        try:
            while not self.stop.is_set():
                batch = self._claim()
                if batch:
                    self._work(batch)
                elif until_empty:
                    break
                else:
                    self.stop.wait(IDLE * random.uniform(0.8, 1.2))  # noqa: S311  # keeps workers out of step
        except _LOST:
            if not self.stop.is_set():
                raise
            logger.warning("Stopped without a database; what was claimed returns when its lease runs out")
        finally:
            self._over.set()
            pulse.join()
            if self._connection is not None:
                self._connection.close()
            connections.close_all()

    def _claim(self) -> list[Claimed]:
        close_old_connections()  # makes Django test the jobs' connection, once a batch
        claim = {"worker": self.name, "queues": self.queues, "lease": self.lease}
        self._leased = monotonic()
        if self._swept is None or self._leased - self._swept > SWEEP:
            self._keep_schedule()
            lost = self.ask(lambda cursor: store.claim_lost(cursor, **claim))  # type: ignore[arg-type]  # a table of mixed values, right by its names
            if lost:
                return lost  # and look again at once: there may be more
            self._swept = monotonic()
        return self.ask(lambda cursor: store.claim(cursor, limit=self._size, **claim))  # type: ignore[arg-type]  # a table of mixed values, right by its names

    def _keep_schedule(self) -> None:
        try:
            if not self._knows_schedule:
                schedule.prepare()
                self._knows_schedule = True
            schedule.enqueue_due()
        except (django.db.OperationalError, django.db.InterfaceError):
            logger.warning("The schedule could not be read")
            close_old_connections()

    def _work(self, batch: list[Claimed]) -> None:
        """Run the jobs in order; those not begun when it is time to stop, or after PATIENCE, go back."""
        begun, done = monotonic(), 0
        self._rest.extend(batch)
        while self._rest and not self.stop.is_set():
            if monotonic() - self._leased > self.lease.total_seconds():
                self._rest.clear()  # this process slept through its lease: the jobs are somebody else's now
                break
            try:
                job = self._rest.popleft()
            except IndexError:  # the pulse was quicker
                break
            self._current = (job, monotonic())
            try:
                runner.run(job, self.ask)
            finally:
                self._current = None
            done += monotonic() - begun < PATIENCE
        self._size = min(BATCH, max(1, 2 * done))
        self._put_back(self.ask)

    def _put_back(self, ask: runner.Ask) -> None:
        while self._rest:
            try:
                job = self._rest.pop()
            except IndexError:
                return
            ask(lambda cursor, job=job: store.put_back(cursor, job))  # type: ignore[misc]  # bound as it is now

    def _pulse(self) -> None:
        """Beats once a PATIENCE, while jobs run. A beat that fails is missed: the leases bear that."""
        while not self._over.wait(PATIENCE):
            current = self._current
            if current is None:
                continue
            job, since = current
            try:
                if monotonic() - since > runner.options_for(job).time_limit.total_seconds():
                    logger.critical("Job %s (%s) hangs; this worker ends so that another can try", job.id, job.task)
                    os._exit(HUNG)
                if monotonic() - self._leased > PATIENCE:
                    self._put_back(self._ask_once)
                if monotonic() - self._leased > self.lease.total_seconds() / 3:
                    at = monotonic()
                    if self._ask_once(lambda cursor, job=job: self._renew(cursor, job)):  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                        self._leased = at
            except psycopg.Error as error:
                logger.warning("A beat of the pulse was missed: %s", runner.place(error))

    def _renew(self, cursor: store.Cursor, job: Claimed) -> int:
        return store.renew(cursor, worker=self.name, jobs=[job.id], lease=self.lease)

    def ask[T](self, question: Callable[[store.Cursor], T]) -> T:
        """Put a question to the queue; while the database is away, try again, ever more slowly."""
        pause = 0.1
        while True:
            try:
                return self._ask_once(question)
            except psycopg.errors.UniqueViolation:
                continue  # an equal job came in this very moment; the second try sees it, and leaves the work to it
            except _LOST as error:
                if self.stop.is_set():
                    raise
                logger.warning("The database is away, next try in %.1f s: %s", pause, runner.place(error))
                self.stop.wait(pause)
                pause = min(2 * pause, 2)

    def _ask_once[T](self, question: Callable[[store.Cursor], T]) -> T:
        with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection = connect()
            with self._connection.cursor() as cursor:
                return question(cursor)


class QuickCursor(psycopg.ClientCursor[Any]):
    """Sends two settings ahead of each statement, in the same message and for that statement only.

    No waiting for the disk: if the database loses its last moments, a job runs once more, which every task must
    bear anyway. And no sorting: the queue grows faster than its statistics, and a planner that takes it for small
    sorts all of it for every claim instead of reading the index in order (0.35 ms a job at 16,000 jobs, not 0.15).
    Set like this they also hold behind a pooler, and do not leak into other sessions.
    """

    _AHEAD = "select set_config('synchronous_commit', 'off', true), set_config('enable_sort', 'off', true); "

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        super().execute(self._AHEAD + query, params, **options)
        self.nextset()
        return self


def connect() -> "psycopg.Connection[Any]":
    """A connection of the worker's own to Django's database, on which every statement commits by itself."""
    options = connections["default"].get_connection_params()
    options["cursor_factory"] = QuickCursor
    # a database host that falls silent is noticed well within a lease
    return psycopg.connect(**{"connect_timeout": 5, "tcp_user_timeout": 10_000} | options, autocommit=True)
