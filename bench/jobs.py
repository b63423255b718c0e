"""What a job costs: 2,000 that do nothing, queued one transaction each and run by one worker.

Floor and product take turns on one durable server of our own. The floor is the same work in bare psycopg: a table of
three columns, claimed 20 at a time, deleted one by one. Figures are CPU milliseconds a job, user and system;
the database's are those of all its processes.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from lyhord.config.command import ROOT, surroundings
from lyhord.config.postgres import Server

JOBS = 2000
ROUNDS = 3
IDLE_SECONDS = 10
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(prog="bench.jobs", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lyhord-bench-") as folder, Server(Path(folder) / "data") as server:
        answer = measure(server, Path(folder))
    if options.json:
        print(json.dumps(answer, indent=1))
    else:
        for name, value in answer.items():
            print(f"{name:48} {value:10.3f}")


def measure(server: Server, folder: Path) -> dict[str, float]:
    """All figures, the best of the rounds for each (neighbours only ever add)."""
    surroundings.prepare(folder)
    surroundings.use(server)
    _run("migrate", "--verbosity", "0")
    import django

    django.setup()
    from bench._job_tasks import nothing
    from lyhord.jobs.models import Job
    from lyhord.jobs.worker import Worker

    meter = Meter(server)
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        found: dict[str, float] = {}
        with psycopg.connect(server.url("lyhord_owner"), autocommit=True) as connection:
            connection.execute("drop table if exists floor")
            connection.execute("create table floor (id bigserial primary key, state text default 'ready', what text)")
            found |= meter.take("floor: queue", lambda: _floor_queue(connection))
            found |= meter.take("floor: run", lambda: _floor_run(connection))
        found |= meter.take("lyhord: queue", lambda: [nothing.enqueue() for _ in range(JOBS)])
        found |= meter.take("lyhord: run", lambda: Worker().run(until_empty=True))
        assert not Job.objects.exists()
        rounds.append(found)
    best = {key: min(found[key] for found in rounds) for key in rounds[0]}
    for what in ("queue", "run"):
        ours, floor = (
            best[f"{who}: {what}, CPU ms"] + best[f"{who}: {what}, database CPU ms"] for who in ("lyhord", "floor")
        )
        best[f"{what}: CPU of lyhord / floor"] = ours / floor
    return best | _idle(meter)


class Meter:
    """CPU and wall time of this process and of the database."""

    def __init__(self, server: Server) -> None:
        assert server.pid is not None
        self.postmaster = server.pid

    def take(self, name: str, work: Callable[[], Any]) -> dict[str, float]:
        """Milliseconds a job."""
        before = (self._own(), self.database(), time.monotonic())
        work()
        after = (self._own(), self.database(), time.monotonic())
        figures = [(end - begin) * 1000 / JOBS for begin, end in zip(before, after, strict=True)]
        return dict(zip((f"{name}, {what} ms" for what in ("CPU", "database CPU", "wall")), figures, strict=True))

    @staticmethod
    def _own() -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def database(self) -> float:
        """Seconds of all processes under the postmaster, those that have ended included."""
        total = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            pid, fields = int(text.split(" ", 1)[0]), text.rsplit(") ", 1)[1].split()
            if pid == self.postmaster:
                total += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.postmaster:
                total += sum(map(int, fields[11:13]))
        return total / TICK


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True)


def _floor_queue(connection: "psycopg.Connection[Any]") -> None:
    for _ in range(JOBS):
        connection.execute("insert into floor (what) values ('nothing')")


def _floor_run(connection: "psycopg.Connection[Any]") -> None:
    while batch := connection.execute(
        "with due as (select id from floor where state = 'ready' order by id limit 20 for update skip locked)"
        " update floor set state = 'running' from due where floor.id = due.id returning floor.id"
    ).fetchall():
        for (number,) in batch:
            connection.execute("delete from floor where id = %s", [number])


def _idle(meter: Meter) -> dict[str, float]:
    """What a worker costs that has nothing to do: CPU milliseconds a second."""
    with subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT) as worker:
        time.sleep(5)
        before = (_process(worker.pid), meter.database())
        time.sleep(IDLE_SECONDS)
        after = (_process(worker.pid), meter.database())
        told = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait()
        stopped = time.monotonic() - told
    ours, database = ((end - begin) * 1000 / IDLE_SECONDS for begin, end in zip(before, after, strict=True))
    return {"idle, CPU ms/s": ours, "idle, database CPU ms/s": database, "idle, seconds to stop": stopped}


def _process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return sum(map(int, fields[11:13])) / TICK


if __name__ == "__main__":
    main()
