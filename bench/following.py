"""Matching a document of 800 words against many profiles, and storing what is found. Budget: 10 ms at 100,000, 120 ms
at 1,000,000; with storing 40 ms at 100,000; at most 12 times from the one to the other. CPU of client and database.

The profiles are made once and kept in `.lyhord/bench/following-<profiles>`. Each run first checks that the database
finds what the plain loop over all rules finds.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench._house import House, house
from bench.cpu import Meter, more

DOCUMENTS, ROUNDS, PROFILES = 40, 3, 100_000
BUDGET = {100_000: {"match": 10.0, "match and store": 40.0}, 1_000_000: {"match": 120.0}}


def main() -> None:
    """Measure and print; exits with 1 when something is over its budget, or wrong."""
    parser = argparse.ArgumentParser(prog="bench.following", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profiles", type=int, default=PROFILES, help=f"how many there are ({PROFILES})")
    options = parser.parse_args()
    with house(f"following-{options.profiles}") as found:
        organisation_id = _filled(found, options.profiles)
        answer = _measured(found, organisation_id, options.profiles)
    print(
        json.dumps(answer, indent=1)
        if options.json
        else "\n".join(f"{name:40} {value}" for name, value in answer.items())
    )
    budget = BUDGET.get(options.profiles, {})
    sys.exit(
        int(not answer["equal to the plain loop"] or any(answer[f"{n}, CPU ms"] > most for n, most in budget.items()))
    )


def _measured(found: House, organisation_id: int, profiles: int) -> dict[str, Any]:
    from django.db import transaction

    from bench import _interests
    from lyhord.core.clock import now
    from lyhord.core.tenancy import organisation_scope
    from lyhord.following import matching
    from lyhord.following.models import News

    documents = list(_interests.documents(DOCUMENTS))
    answer: dict[str, Any] = {"profiles": profiles}
    with organisation_scope(organisation_id):
        facts, level = documents[0]
        plain = {
            n for n, (rule, least) in enumerate(_interests.rules(profiles), 1) if least <= level and rule.reason(facts)
        }
        answer["equal to the plain loop"] = {hit.profile_id for hit in matching.find(facts, level)} == plain
        answer["matches a document"] = round(statistics.mean(len(matching.find(*one)) for one in documents))

        def store() -> None:
            for number, (facts, level) in enumerate(documents):
                with transaction.atomic():
                    news = News.objects.create(
                        organisation_id=organisation_id,
                        event_id=number,
                        subject_type="matter",
                        subject_id=number,
                        title="",
                        level=level,
                        at=now(),
                        facts=facts.as_json(),
                    )
                    matching.store(news)
                    transaction.set_rollback(True)

        work: dict[str, Callable[[], object]] = {
            "match": lambda: [matching.find(*one) for one in documents],
            "match and store": store,
        }
        for name, do in work.items():
            costs = []
            for _ in range(ROUNDS):
                with _cpu(found) as taken:
                    do()
                costs.append(taken[0] / DOCUMENTS)
            answer[f"{name}, CPU ms"] = round(min(costs), 2)
    return answer


@contextmanager
def _cpu(found: House) -> Iterator[list[float]]:
    """Milliseconds of CPU that we and the database take meanwhile."""
    meter, taken = Meter([os.getpid()], found.server.pid), [0.0]
    before = meter.read()
    yield taken
    taken[0] = 1000 * sum(more(*pair) for pair in zip(before, meter.read(), strict=True))


def _filled(found: House, profiles: int) -> int:
    """The organisation whose profiles there are, made when there are none yet."""
    with psycopg.connect(found.server.admin_url, autocommit=True) as admin:
        admin.execute("grant set on parameter session_replication_role to lyhord_owner")  # COPY past the triggers
    with psycopg.connect(found.owner_url) as connection:
        there = connection.execute("select organisation_id from following_profile limit 1").fetchone()
        if there:
            return int(there[0])
        organisation_id = _organisation(connection)
        _load(connection, organisation_id, profiles)
    with psycopg.connect(found.owner_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return organisation_id


def _organisation(connection: "psycopg.Connection[Any]") -> int:
    from lyhord.organisations.models import Organisation

    found, _new = Organisation.objects.using("owner").get_or_create(slug="motala", defaults={"name": "Motala kommun"})
    return int(found.pk)


def _load(connection: "psycopg.Connection[Any]", organisation_id: int, profiles: int) -> None:
    from uuid import UUID

    from bench import _interests
    from lyhord.core.clock import now
    from lyhord.following.models import Profile
    from lyhord.following.postings import postings

    at = now()
    row = connection.execute(
        "insert into notifications_contact"
        " (organisation_id, sender, address, language, token, created_at, rhythm, quiet, pause_reason)"
        " values (%s, 'email', 'a@b.se', 'sv', gen_random_uuid(), %s, 'day', false, '') returning id",
        [organisation_id, at],
    ).fetchone()
    assert row
    columns = {
        "following_profile": "id organisation_id contact_id name rule level token created_at confirmed_at",
        "following_subjectposting": "organisation_id term level profile_id placed narrowed",
        "following_placeposting": "organisation_id term level profile_id alone narrowed lat lon radius_m",
    }
    connection.execute("set session_replication_role = replica")
    batch = 50_000
    rules = enumerate(_interests.rules(profiles), 1)
    for _ in range(0, profiles, batch):
        rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in columns}
        for number, (rule, level) in (one for one, _n in zip(rules, range(batch), strict=False)):
            profile = Profile(pk=number, organisation_id=organisation_id, level=level)
            rows["following_profile"].append(
                (number, organisation_id, row[0], "hemma", json.dumps(rule.as_json()), level, UUID(int=number), at, at)
            )
            subjects, places = postings(profile, rule)
            for table, made in (("following_subjectposting", subjects), ("following_placeposting", places)):
                rows[table] += [tuple(getattr(one, name) for name in columns[table].split()) for one in made]
        for table, names in columns.items():
            with connection.cursor().copy(f"copy {table} ({', '.join(names.split())}) from stdin") as copy:
                for each in rows[table]:
                    copy.write_row(each)


if __name__ == "__main__":
    main()
