"""Changes that have queued for a case system which answers in 20 ms, and eight workers that bring them there.

The floor is the peer's own limit: how fast it answers eight that call it and do nothing else, measured in the same
minute. Then the same again for one organisation while another's system takes the question and never answers.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from bench import _pages
from bench._house import House, house, workers
from bench._peer import peer
from bench._report import Line, show
from bench.cpu import Cost, Meter, more

if TYPE_CHECKING:
    from lyhord.cases.models import Case
    from lyhord.organisations.models import Organisation

CHANGES, CASES, ROUNDS, WORKERS = 10_000, 500, 3, 8
MILLISECONDS = 20.0
LEAST_RATE = 0.8
_PATIENCE = 600.0
_LEFT = (
    "select exists (select from exchange_outgoing o join exchange_link l on l.id = o.link_id"
    " where o.state = 'waiting' and l.system_id = %s)"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A case system and the cases that are in it."""

    organisation: "Organisation"
    system: int
    cases: "list[Case]"


def main() -> None:
    """Measure and print."""
    given = _pages.options("exchange", __doc__, cases=CASES)
    changes, rounds, seconds = (40, 1, 0.5) if given.quick else (CHANGES, ROUNDS, 5.0)
    cases = 8 if given.quick else given.cases
    limits, alone, beside = list[float](), list[Cost](), list[Cost]()
    with ExitStack() as open_things:
        there = open_things.enter_context(peer(MILLISECONDS))
        dead = open_things.enter_context(_silent())
        os.environ["LYHORD_OUTWARD_ALLOW"] = "127.0.0.0/8"
        os.environ["LYHORD_OUTWARD_PORTS"] = f"{there.port},{dead}"
        found = open_things.enter_context(house("exchange"))
        mine, other = _bound(found, "0583", there.port, cases), _bound(found, "0586", dead, cases)
        for _ in range(rounds):
            limits.append(there.limit(seconds))
            alone.append(_drain(found, mine, changes))
            _queue(found, other, changes)
            beside.append(_drain(found, mine, changes, begins_after=other))
            limits.append(there.limit(seconds))
        there.end()
    within = show(_lines(limits, alone, beside), as_json=given.json)
    if not given.json:
        heard = there.heard
        print(f"{heard.came} updates came, {heard.different} different ones, {heard.out_of_order} out of order.")
    sys.exit(0 if within and there.heard.came == there.heard.different and not there.heard.out_of_order else 1)


def _lines(limits: list[float], alone: list[Cost], beside: list[Cost]) -> list[Line]:
    floors = [Cost(0, 0, MILLISECONDS, MILLISECONDS, rate) for rate in limits]
    floor = Line.of(f"floor: {WORKERS} that call the peer and do nothing else", floors)
    return [
        floor,
        Line.of(f"a queue of changes, {WORKERS} workers", alone, floor=floor.cost, least_rate=LEAST_RATE),
        Line.of("the same beside a dead system of another's", beside, floor=floor.cost, least_rate=LEAST_RATE),
    ]


def _drain(found: House, bound: Bound, changes: int, begins_after: Bound | None = None) -> Cost:
    """Queue the changes and see how long the workers take, and what it costs."""
    with workers(2, WORKERS // 2) as pids:
        if begins_after is not None:
            _begin(begins_after)
            time.sleep(1)  # they have met the one that does not answer
        _queue(found, bound, changes)
        meter = Meter(pids, found.server.pid)
        before, began = meter.read(), time.monotonic()
        _begin(bound)
        with psycopg.connect(found.server.admin_url, dbname="lyhord", autocommit=True) as admin:
            while admin.execute(_LEFT, [bound.system]).fetchone() != (False,):
                if time.monotonic() - began > _PATIENCE:
                    raise RuntimeError("changes are left")
                time.sleep(0.05)
            seconds, after = time.monotonic() - began, meter.read()
            admin.execute("delete from jobs_job")
    app, database = (more(*pair) * 1000 / changes for pair in zip(before, after, strict=True))
    return Cost(app, database, 0, 0, changes / seconds)


def _bound(found: House, code: str, port: int, count: int) -> Bound:
    """A municipality with a system, and so many cases."""
    from bench import _towns
    from lyhord.cases.actions import register
    from lyhord.cases.facts import NewCase, NewReporter
    from lyhord.cases.models import Case, CaseType
    from lyhord.core.actor import Actor
    from lyhord.core.tenancy import organisation_scope
    from lyhord.exchange.models import System
    from lyhord.exchange.system_actions import save_system, switch_system
    from lyhord.organisations.models import Organisation

    town = Organisation.objects.get(pk=_towns.made(code).organisation_id)
    with organisation_scope(town.pk):
        System.objects.all().delete()
        case_type = CaseType.objects.select_related("current", "category").filter(kind="fraga").order_by("pk")[0]
        missing = count - Case.objects.count()
        for _each in range(missing):
            new = NewCase(case_type=case_type, text="Hål i gatan.", channel="web", reporter=NewReporter())
            register(organisation=town, new=new, by=Actor.resident())
        system = save_system(
            name="Grannen",
            adapter="open311",
            settings={"url": f"http://127.0.0.1:{port}/"},
            secret="key",
            mapping={"types": {"*": "hål"}},
            by=_towns.BENCH,
        )
        switch_system(system_id=system.pk, active=True, by=_towns.BENCH)
        cases = list(Case.objects.order_by("pk")[:count])
    with psycopg.connect(found.server.admin_url, dbname="lyhord", autocommit=True) as admin:
        admin.execute("delete from jobs_job")
    return Bound(town, system.pk, cases)


def _queue(found: House, bound: Bound, changes: int) -> None:
    """Rows that wait, as many in each case; nobody has begun."""
    from lyhord.cases.models import Message, Side
    from lyhord.core.clock import now
    from lyhord.core.tenancy import organisation_scope
    from lyhord.exchange.models import ChangeKind, Link, Outgoing, System

    at, town = now(), bound.organisation.pk
    with organisation_scope(town):
        Link.objects.filter(system_id=bound.system).delete()
        Message.objects.all().delete()
        System.objects.filter(pk=bound.system).update(failures=0, failing_since=None, rest_until=None, last_error="")
        links, messages = list[Link](), list[Message]()
        for case in bound.cases:
            named = f"R{case.pk}"
            links.append(Link(organisation_id=town, system_id=bound.system, case=case, remote_id=named, created_at=at))
            messages.append(
                Message(organisation_id=town, case=case, side=Side.OFFICE, text="Vi åker ut.", channel="desk", at=at)
            )
        Link.objects.bulk_create(links)
        Message.objects.bulk_create(messages)
        Outgoing.objects.bulk_create(
            Outgoing(
                organisation_id=town,
                link=links[number % len(links)],
                kind=ChangeKind.PUBLIC,
                message_id=messages[number % len(links)].pk,
                happened_at=at,
            )
            for number in range(changes)
        )
    with psycopg.connect(found.server.admin_url, dbname="lyhord", autocommit=True) as admin:
        admin.execute("vacuum analyze exchange_outgoing, exchange_link, cases_message")


def _begin(bound: Bound) -> None:
    """A job for the first change of each case."""
    from django.db.models import Min

    from lyhord.core.tenancy import organisation_scope
    from lyhord.exchange.lanes import Turn
    from lyhord.exchange.models import Outgoing
    from lyhord.exchange.tasks import push_turn

    with organisation_scope(bound.organisation.pk):
        waiting = Outgoing.objects.filter(link__system_id=bound.system, state="waiting")
        firsts = waiting.order_by().values("link_id").annotate(first=Min("pk"))
        push_turn(bound.organisation.pk, [Turn(row["first"]) for row in firsts])


@contextmanager
def _silent() -> Iterator[int]:
    """A port that takes every question and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield server.getsockname()[1]


if __name__ == "__main__":
    main()
