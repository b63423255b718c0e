"""Loads cases by COPY: 20,000, 200,000 or 1,000,000 of them in twenty municipalities, with all that belongs to them.

They are made once and kept in `.lyhord/bench/<cases>`, or under the folder that LYHORD_BENCH names. Rows are loaded
as the owner, without checking foreign keys (they are right by the way they are made; the smoke test checks them);
indexes that no constraint needs are built afterwards.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench._facts import Town
from bench._house import House, house
from bench._rows import COLUMNS, Rows, now, stretches

STRETCH = 20_000
VERSION = 3
"""Of what is generated: a kept folder of another version is refused."""


def main() -> None:
    """Make one size, or say how long ago it was made."""
    parser = argparse.ArgumentParser(prog="bench.generate", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    with filled(options.cases) as found:
        answer = {"cases": options.cases, "seconds": round(time.monotonic() - began, 1), **_sizes(found)}
    print(json.dumps(answer) if options.json else "\n".join(f"{name:24} {value}" for name, value in answer.items()))


# What measurements have added: a case that is published makes the next report near it ask whether it is the same.
_ADDED = {
    "cases_photo": "case_id > %s",
    "intake_linkedphoto": "case_id > %s",
    "cases_publication": "case_id > %s",
    "cases_reporter": "case_id > %s",
    "cases_message": "case_id > %s",
    "notifications_notice": "subject_type = 'case' and subject_id > %s",
    "following_follow": "subject_type = 'case' and subject_id > %s",
    "notifications_contact": "id > %s",
    "intake_reception": "case_id > %s",
    "cases_case": "id > %s",
    "audit_event": "subject_type = 'case' and subject_id > %s",
    "jobs_job": "%s > 0",
}


def forget_added(found: House, cases: int) -> None:
    """Bring the house back to the cases that were generated; the series of numbers go on."""
    with psycopg.connect(found.owner_url, autocommit=True) as owner:
        for table, condition in _ADDED.items():
            owner.execute(f"delete from {table} where {condition}".encode(), [cases])
        for table in _ADDED:
            owner.execute(f"vacuum (analyze) {table}".encode())


@contextmanager
def filled(cases: int) -> Iterator[House]:
    """A house with that many cases, made now if they are not there."""
    with house(str(cases)) as found:
        _fill(found, cases)
        yield found


def _fill(found: House, cases: int) -> None:
    note = found.folder / "loaded.json"
    whole = {"cases": cases, "version": VERSION}
    if note.exists():
        if json.loads(note.read_text()) != whole:  # another version, or stopped half-way, when indexes were missing
            raise SystemExit(f"{found.folder} is of no use: remove it and run this again.")
        return
    note.write_text("{}")
    from bench._towns import make_towns

    towns = make_towns()
    with psycopg.connect(found.server.admin_url, autocommit=True) as admin:
        for setting in ("max_wal_size = '8GB'", "autovacuum = off"):
            admin.execute(f"alter system set {setting}".encode())
        admin.execute("select pg_reload_conf()")
        admin.execute("grant set on parameter session_replication_role to lyhord_owner")
    _load(found, towns, cases)
    _count_maps(towns)
    with psycopg.connect(found.owner_url, autocommit=True) as owner:
        owner.execute("vacuum (analyze)")
    with psycopg.connect(found.server.admin_url, autocommit=True) as admin:
        admin.execute("alter system reset all")
        admin.execute("select pg_reload_conf()")
        admin.execute("checkpoint")
    note.write_text(json.dumps(whole))


def _count_maps(towns: list[Town]) -> None:
    """COPY went past the triggers."""
    from lyhord.cases.actions.map_counts import rebuild_map_counts
    from lyhord.core.tenancy import organisation_scope

    for town in towns:
        with organisation_scope(town.organisation_id):
            rebuild_map_counts()


def _load(found: House, towns: list[Town], cases: int) -> None:
    until, tables = now(), list(COLUMNS)
    with psycopg.connect(found.owner_url) as owner:
        owner.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
    rows = Rows(towns, total=cases, until=until, key=_key())
    with _without_indexes(found.owner_url, tables), ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs = [pool.submit(_copy, found.owner_url, rows, *stretch) for stretch in stretches(cases, STRETCH)]
        for job in jobs:
            job.result()
    with psycopg.connect(found.owner_url) as owner:
        for table in ("cases_case", "notifications_contact"):
            owner.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, cases])
        for town in towns:
            series = sql.Identifier(f"case_number_{town.organisation_id}_{until.year}")
            owner.execute(sql.SQL("create sequence if not exists {} start {}").format(series, cases + 1))


def _key() -> bytes:
    from django.conf import settings

    return settings.SECRET_KEY.encode()


def _copy(url: str, rows: Rows, low: int, high: int) -> None:
    """Make and load one stretch of cases, in a process of its own."""
    made = rows.make(low, high)
    with psycopg.connect(url, options="-c session_replication_role=replica -c synchronous_commit=off") as connection:
        for table, lines in made.items():
            columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
            statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
            with connection.cursor().copy(statement) as copy:
                for start in range(0, len(lines), 500):
                    copy.write("".join(lines[start : start + 500]))


_LOOSE = """
select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any(%s::regclass[]) and not i.indisprimary
    and not exists (select from pg_constraint where conindid = i.indexrelid)
"""


@contextmanager
def _without_indexes(url: str, tables: list[str]) -> Iterator[None]:
    """Drop the indexes that no constraint leans on, and build them again afterwards: many at once is cheaper."""
    with psycopg.connect(url) as owner:
        loose: list[tuple[str, str]] = owner.execute(_LOOSE, [tables]).fetchall()
        for name, _definition in loose:
            owner.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("set maintenance_work_mem = '512MB'")
            for _name, definition in loose:
                owner.execute(definition.encode())


def _sizes(found: House) -> dict[str, Any]:
    with psycopg.connect(found.owner_url) as owner:
        rows = owner.execute(
            "select c.relname, c.reltuples::bigint, pg_table_size(c.oid) / 1000000, pg_indexes_size(c.oid) / 1000000"
            " from pg_class c where c.relname = any(%s)",
            [list(COLUMNS)],
        ).fetchall()
    return {name: f"{count} rows, {table} MB, indexes {index} MB" for name, count, table, index in rows}


if __name__ == "__main__":
    main()
