"""Registering a report by each way in, through the whole of the middleware, and the background work that it causes.

Budget: 12 ms of CPU, application and database, background included; and by the API a quarter of the rate at which bare
psycopg makes three rows durable. Every report comes from a sender of its own; six in ten want an answer and get a mail.

The worker rests while reports come in, and then does all that they have caused; both are counted. So the rate is that
of taking in, as the floor's is.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from bench import _floors, _pages
from bench._client import Errand
from bench._house import House, web, worker
from bench._post import PostOffice
from bench._report import Line, show
from bench.cpu import Cost, Meter, more
from bench.generate import filled, forget_added

REPORTS = 400
ROUNDS = 5
BUDGET, LEAST_RATE = 12.0, 0.25
_WARM_UP = 160  # two processes of two threads, each of which prepares a statement when it comes the fifth time
_PATIENCE = 120.0
_LEFT = "select count(*) from jobs_job where state in ('ready', 'running') and run_after < now()"
# Its job fetches a picture from a machine that is not there; cleaning one is the sandbox's cost, not the report's.
_DROP_PICTURES = "delete from jobs_job where task = 'lyhord.intake.tasks.fetch_photo'"


@dataclass(slots=True)
class Way:
    """A way in, and what its rounds have cost: until the receipt, and with the background."""

    name: str
    errands: Callable[[int], Iterable[Errand]]
    counts_background: bool = True
    least_rate: float | None = None
    fronts: list[Cost] = field(default_factory=list)
    wholes: list[Cost] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    given = _pages.options("register", __doc__, cases=20_000)
    count, seconds, rounds = (8, 0.1, 1) if given.quick else (REPORTS, _floors.SECONDS, ROUNDS)
    floors = list[Cost]()
    with PostOffice() as post, filled(given.cases) as found:
        forget_added(found, given.cases)
        ways = _ways()
        mail = {"LYHORD_EMAIL_HOST": post.host, "LYHORD_EMAIL_PORT": str(post.port)}
        url = _floors.prepare(found)
        with web(env=mail) as running, worker(env=mail) as clerk, _Desk(found, clerk) as desk:
            meter = Meter([running.pid, clerk], found.server.pid)
            for way in ways:
                _take_in(way, min(count, _WARM_UP), running.port, meter, desk)
                way.fronts.clear()
                way.wholes.clear()
            for _ in range(rounds):
                floors.append(_floors.psycopg_floor(url, "insert", seconds))
                for way in ways:
                    _take_in(way, count, running.port, meter, desk)
        sent = post.letters
    within = show(_lines(ways, floors), as_json=given.json)
    if not given.json:
        print(f"{sent} mails left.")
    sys.exit(0 if within else 1)


def _ways() -> list[Way]:
    from bench._reports import Reports

    made = Reports()
    return [
        Way("API", made.by_api, least_rate=LEAST_RATE),
        Way("form", made.by_form),
        Way("Open311", made.by_open311),
        Way("Open311, published at once", lambda count: made.by_open311(count, at_once=True)),
        Way("Open311, picture by address", lambda count: made.by_open311(count, picture=True), counts_background=False),
    ]


def _take_in(way: Way, count: int, port: int, meter: Meter, desk: "_Desk") -> None:
    """One round of a way in: reports while the worker rests, then the worker until nothing is left."""
    errands = list(way.errands(count))
    before = meter.read()
    with desk.resting():
        front = meter.cost(port, errands)
    way.fronts.append(front)
    desk.finish()
    app, database = (more(*pair) * 1000 / count for pair in zip(before, meter.read(), strict=True))
    way.wholes.append(Cost(app, database, front.p50, front.p95, front.rate))


def _lines(ways: Iterable[Way], floors: list[Cost]) -> list[Line]:
    lines = [floor := Line.of("floor: psycopg, three rows and a commit", floors)]
    for way in ways:
        budget = None if way.counts_background else BUDGET
        lines.append(
            Line.of(f"{way.name}, until the receipt", way.fronts, budget, floor.cost, least_rate=way.least_rate)
        )
        if way.counts_background:
            lines.append(Line.of(f"{way.name}, background included", way.wholes, BUDGET, floor.cost))
    return lines


class _Desk:
    """The worker of the measurement and its queue, seen as the administrator: no backend of the product's is used."""

    def __init__(self, found: House, clerk: int) -> None:
        self._clerk = clerk
        self._connection = psycopg.connect(found.server.admin_url, dbname="lyhord", autocommit=True)

    def __enter__(self) -> "_Desk":
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """The worker stands still, and pictures that are asked for meanwhile are forgotten."""
        os.kill(self._clerk, signal.SIGSTOP)
        try:
            yield
        finally:
            self._connection.execute(_DROP_PICTURES)
            os.kill(self._clerk, signal.SIGCONT)

    def finish(self) -> None:
        """Wait until nothing is left to do in the background."""
        until = time.monotonic() + _PATIENCE
        while (row := self._connection.execute(_LEFT).fetchone()) != (0,):
            if time.monotonic() > until:
                raise RuntimeError(f"{row} jobs are left")
            time.sleep(0.1)


if __name__ == "__main__":
    main()
