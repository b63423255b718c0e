"""Measuring pages: each sort in turn with its floor, round after round, so that neighbours disturb all alike."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bench import _floors
from bench._house import web
from bench._report import Line, show
from bench.cpu import Cost, Meter
from bench.generate import filled

if TYPE_CHECKING:
    from bench._product import Pages

ROUNDS = 3


def options(name: str, doc: str | None, *, cases: int) -> argparse.Namespace:
    """What every measurement understands."""
    parser = argparse.ArgumentParser(prog=f"bench.{name}", description=doc)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", type=int, default=cases, help=f"how many cases there are ({cases})")
    parser.add_argument("--quick", action="store_true", help="only to see that it works")
    return parser.parse_args()


def main(
    given: argparse.Namespace,
    pages_of: Callable[[], Sequence["Pages"]],
    *,
    budget: float,
    most_queries: int,
    requests: int = 400,
) -> None:
    """Measure the pages over a database of the size asked for, print, and exit with 1 when one is over its budget."""
    requests, seconds, rounds = (10, 0.1, 1) if given.quick else (requests, _floors.SECONDS, ROUNDS)
    costs: dict[str, list[Cost]] = {}
    floors: list[Cost] = []
    with filled(given.cases) as found:
        pages = pages_of()
        queries = {each.name: each.queries() for each in pages}
        with web() as running:
            meter = Meter([running.pid], found.server.pid)
            for each in pages:
                meter.cost(running.port, each.errands(min(requests, 80)))  # templates and plans are in place
            url = _floors.prepare(found)
            for _ in range(rounds):
                floors.append(_floors.psycopg_floor(url, "select", seconds))
                for each in pages:
                    costs.setdefault(each.name, []).append(meter.cost(running.port, each.errands(requests)))
    floor = Line.of("floor: psycopg, one row by its key", floors)
    lines = [
        Line.of(
            each.name,
            costs[each.name],
            budget + each.beside[0],
            floor.cost,
            queries=queries[each.name],
            most_queries=most_queries + each.beside[1],
        )
        for each in pages
    ]
    within = show([floor, *lines], as_json=given.json)
    sys.exit(0 if within else 1)
