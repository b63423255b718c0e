"""Registering a report: sent to the form as a browser sends it, through the whole of the middleware, until the
background work that it causes is done.

Budget: 12 ms of CPU, application and database, background included; and a quarter of the rate at which bare psycopg
makes three rows durable. Every report comes from a sender of its own; six in ten want an answer and get a mail.
"""

import sys
import time
import uuid
from collections.abc import Iterator
from random import Random

import psycopg

from bench import _floors, _pages
from bench._client import Errand, report
from bench._house import House, web, worker
from bench._post import PostOffice
from bench._report import Line, show
from bench._words import Words
from bench.cpu import Cost, Meter, median, more
from bench.generate import filled

REPORTS = 300
_PATIENCE = 120.0
_LEFT = "select count(*) from jobs_job where state in ('ready', 'running') and run_after < now()"


def main() -> None:
    """Measure and print."""
    given = _pages.options("register", __doc__, cases=20_000)
    count, seconds, rounds = (8, 0.1, 1) if given.quick else (REPORTS, _floors.SECONDS, _pages.ROUNDS)
    floors, fronts, wholes = list[Cost](), list[Cost](), list[Cost]()
    with PostOffice() as post, filled(given.cases) as found:
        mail = {"LYHORD_EMAIL_HOST": post.host, "LYHORD_EMAIL_PORT": str(post.port)}
        url = _floors.prepare(found)
        with web(env=mail) as running, worker(env=mail) as clerk:
            dice = Random()
            front = Meter([running.pid], found.server.pid)
            both = Meter([running.pid, clerk], found.server.pid)
            front.cost(running.port, reports(dice, min(count, 80)))
            _rest(found)
            for _ in range(rounds):
                floors.append(_floors.psycopg_floor(url, "insert", seconds))
                before = both.read()
                fronts.append(front.cost(running.port, reports(dice, count)))
                _rest(found)
                wholes.append(_whole(fronts[-1], before, both.read(), count))
        sent = post.letters
    floor = median(floors)
    lines = [
        Line("floor: psycopg, three rows and a commit", floor),
        Line("report, until the receipt", median(fronts), floor=floor),
        Line("report, background included", median(wholes), budget=12, floor=floor, least_rate=0.25),
    ]
    within = show(lines, as_json=given.json)
    if not given.json:
        print(f"{sent} mails left.")
    sys.exit(0 if within else 1)


type Reading = tuple[dict[int, float], dict[int, float]]


def _whole(front: Cost, before: Reading, after: Reading, count: int) -> Cost:
    """The same reports, as to CPU with what came after; waiting and rate are the visitor's."""
    app, database = (more(*pair) * 1000 / count for pair in zip(before, after, strict=True))
    return Cost(app, database, front.p50, front.p95, front.rate)


def _rest(found: House) -> None:
    """Wait until nothing is left to do in the background."""
    until = time.monotonic() + _PATIENCE
    with psycopg.connect(found.owner_url, autocommit=True) as owner:
        while (row := owner.execute(_LEFT).fetchone()) != (0,):
            if time.monotonic() > until:
                raise RuntimeError(f"{row} jobs are left")
            time.sleep(0.1)


def reports(dice: Random, count: int) -> Iterator[Errand]:
    """So many reports, each from a sender of its own, somewhere in the largest municipality."""
    from bench import _product
    from lyhord.places.demo_streets import demo_streets

    words, streets = Words(dice), list(demo_streets(_product.organisation().code))
    types = ["", "", "ren.skrap", "park.gras", "belysning.slackt", "gata.kantsten", "annat", "snohalka.sand"]
    for _ in range(count):
        street, chosen = dice.choice(streets), dice.choice(types)
        text, _answer = words.report(chosen or "belysning.slackt", "Skräp", street.street)
        name, email = words.person()
        form = {
            "submission_id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            "text": text,
            "place_text": f"{street.street} {street.number}, {street.locality}",
            "lat": f"{street.lat + dice.gauss(0, 0.002):.6f}",
            "lon": f"{street.lon + dice.gauss(0, 0.004):.6f}",
            "accuracy": "12",
            "position_source": "gps",
            "case_type": chosen,
            "asked": chosen,
            "sender_kind": "person",
            "publish": "on",
        }
        if dice.random() < 0.6:
            form |= {"contact": "email", "email": email, "name": name, "wants_feedback": "on"}
        else:
            form["contact"] = "code"
        sender = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
        yield report("/beratta/felanmalan/", form, host=_product.HOST, sender=sender)


if __name__ == "__main__":
    main()
