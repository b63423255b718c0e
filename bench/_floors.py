"""Floors: the least that the same work can cost on this machine. Bare psycopg 3, bare WSGI, bare Django.

`python -m bench._floors insert|select URL SECONDS` is one of the two processes, four threads each, that drive psycopg.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench._client import get
from bench._house import PYTHON, House, house, python_path, web
from bench._report import Line, show
from bench.cpu import Cost, Meter, tree
from lyhord.config.command import ROOT

PROCESSES, THREADS = 2, 4
SECONDS = 2.0
ROUNDS = 3
ROWS = 20_000
DATABASE = "floor"

_TABLES = """
create table report (
    id bigint generated always as identity primary key, tenant int not null, uid uuid unique default gen_random_uuid(),
    status text not null, cell bigint not null, lat float, lon float, title text, body text, place text, at timestamptz
);
create index on report (tenant, cell);
create index on report (tenant, status, id desc);
create table event (id bigint generated always as identity primary key, report bigint, verb text, at timestamptz);
create table outbox (id bigint generated always as identity primary key, report bigint, address text, body text);
insert into report (tenant, status, cell, title, body)
    select i % 20, 'open', i, 'Hål i gatan', repeat('ord ', 45) from generate_series(1, %s) as i;
"""
_REPORT = (
    "insert into report (tenant, status, cell, lat, lon, title, body, place, at)"
    " values (%s, 'open', %s, 58.5, 15.0, 'Hål i gatan', %s, 'Storgatan 1', now()) returning id"
)
_TEXT = "Det är ett stort hål i gatan utanför skolan. " * 4


def insert(connection: "psycopg.Connection[Any]", dice: random.Random) -> None:
    """A report, its log row and its message, made durable."""
    tenant, cell = dice.randrange(20), dice.randrange(1 << 60)
    row = connection.execute(_REPORT, [tenant, cell, _TEXT]).fetchone()
    assert row
    connection.execute("insert into event (report, verb, at) values (%s, 'registered', now())", row)
    connection.execute("insert into outbox (report, address, body) values (%s, 'a@b.se', %s)", [*row, _TEXT])
    connection.commit()


def select(connection: "psycopg.Connection[Any]", dice: random.Random) -> None:
    """One row by its key."""
    connection.execute("select * from report where id = %s", [dice.randrange(1, ROWS)]).fetchall()


WORK: dict[str, Callable[["psycopg.Connection[Any]", random.Random], None]] = {"insert": insert, "select": select}


def prepare(found: House) -> str:
    """The floor's own database beside the product's, and its URL."""
    with psycopg.connect(found.server.admin_url, autocommit=True) as admin:
        there = admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
    url = found.server.url("lyhord_owner", DATABASE)
    if not there:
        found.server.create_database(DATABASE)
        with psycopg.connect(url) as connection:
            connection.execute(_TABLES.replace("%s", str(ROWS)).encode())
    return url


def psycopg_floor(url: str, work: str, seconds: float = SECONDS) -> Cost:
    """What the work costs with two processes of four threads, each with a connection."""
    words = [*PYTHON, "bench._floors", work, url, str(seconds)]
    env = {**os.environ, **python_path()}
    running = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) for _ in range(PROCESSES)]
    answers = [json.loads(process.communicate()[0]) for process in running]
    waits = [wait for answer in answers for wait in answer["waits"]]
    app, database = (sum(answer[name] for answer in answers) for name in ("app", "database"))
    return Cost.of(waits, app=app, database=database, seconds=seconds)


def _drive(work: str, url: str, seconds: float) -> None:
    """One process of four threads: works for some seconds and prints what each piece waited, and the CPU of all."""
    waits: list[float] = []
    database: list[float] = []

    def run() -> None:
        dice = random.Random()
        with psycopg.connect(url, autocommit=work == "select") as connection:
            WORK[work](connection, dice)
            pid = connection.info.backend_pid
            ready.wait()
            before, until = _spent(pid), time.monotonic() + seconds
            while (began := time.perf_counter()) and time.monotonic() < until:
                WORK[work](connection, dice)
                waits.append(time.perf_counter() - began)
            database.append(_spent(pid) - before)

    ready = threading.Barrier(THREADS, action=lambda: usage.append(_own()))
    usage: list[float] = []
    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"waits": waits, "app": _own() - usage[0], "database": sum(database)}))


def _own() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _spent(pid: int) -> float:
    return tree([pid]).get(pid, 0.0)


@contextmanager
def hello(application: str) -> Iterator[Callable[[int], Cost]]:
    """A server that says hello, and what so many requests to it cost: "wsgi" is bare, "django" has no middleware."""
    with web(f"bench._hello:{application}") as running:
        meter = Meter([running.pid], None)

        def measure(requests: int) -> Cost:
            return meter.cost(running.port, [get("/", host="localhost")] * requests)

        measure(200)
        yield measure


def main() -> None:
    """Measure all floors and print them."""
    parser = argparse.ArgumentParser(prog="bench.cpu", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="only to see that it works")
    options = parser.parse_args()
    seconds, requests, rounds = (0.2, 50, 1) if options.quick else (SECONDS, 2000, ROUNDS)
    costs: dict[str, list[Cost]] = {}
    with house("floors") as found, hello("wsgi") as wsgi, hello("django") as django:
        url = prepare(found)
        for _ in range(rounds):
            for work in WORK:
                costs.setdefault(f"psycopg: {work}", []).append(psycopg_floor(url, work, seconds))
            costs.setdefault("granian: bare WSGI", []).append(wsgi(requests))
            costs.setdefault("granian: Django", []).append(django(requests))
    show([Line.of(name, found) for name, found in costs.items()], as_json=options.json)


if __name__ == "__main__":
    _drive(sys.argv[1], sys.argv[2], float(sys.argv[3]))
