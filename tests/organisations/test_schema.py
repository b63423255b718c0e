"""The schema in one file is what the migrations make, step by step.

After a change of migrations that were there when the file was written, or when many have come since, write it anew:
`LYHORD_WRITE_SCHEMA=1 ./lyhord test --all tests/organisations/test_schema.py`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lyhord.config.postgres import Server
from lyhord.config.postgres.binaries import find
from lyhord.config.postgres.identity import choose
from lyhord.organisations.schema import SCHEMA

pytestmark = pytest.mark.all
LEFT_OUT = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\(un)?restrict|CREATE EXTEN|COMMENT ON EXTEN|--|$)")
"""What is the session's, what the launcher has done, and what says nothing."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("schema") / "postgres", durable=False) as server:
        yield server


def migrated(server: Server, name: str, *arguments: str) -> str:
    """The URL of a new database that has been migrated."""
    server.create_database(name)
    urls = {
        "LYHORD_DATABASE_URL": server.url("lyhord_app", name),
        "LYHORD_OWNER_DATABASE_URL": server.url("lyhord_owner", name),
    }
    command = [sys.executable, "-m", "lyhord.config.command", "manage", "migrate", "-v0", *arguments]
    subprocess.run(command, env={**os.environ, **urls}, check=True)
    return server.url("lyhord_owner", name)


def dump(url: str, *options: str) -> str:
    """The schema as PostgreSQL writes it."""
    program = find(choose()).program("pg_dump")
    written = subprocess.run(
        [program, "--schema-only", "--no-owner", *options, url], check=True, capture_output=True, text=True
    )
    return "".join(line for line in written.stdout.splitlines(keepends=True) if not LEFT_OUT.match(line))


def steps(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select app, name from django_migrations order by id").fetchall()


def written_again(server: Server, schema: str) -> str:
    """PostgreSQL writes some conditions otherwise once it has read what it wrote."""
    server.create_database("again")
    url = server.url("lyhord_owner", "again")
    with psycopg.connect(url) as connection:
        connection.execute("set local check_function_bodies = off")
        connection.execute(schema.encode())
    return dump(url, "--no-privileges")


def grants(url: str) -> list[str]:
    return [line for line in dump(url).splitlines() if line.startswith(("GRANT", "REVOKE", "ALTER DEFAULT"))]


def write(url: str) -> None:
    """As `lay` reads it: the tables, and which migrations have made them."""
    known = ",\n".join(f"('{app}', '{name}', now())" for app, name in steps(url))
    rows = f"INSERT INTO public.django_migrations (app, name, applied) VALUES\n{known};\n"
    SCHEMA.write_text(dump(url, "--no-privileges") + rows, encoding="utf-8")


def test_a_new_database_is_what_every_step_makes(server: Server, tmp_path: Path) -> None:
    stepwise = migrated(server, "stepwise", "--step-by-step")
    if os.environ.get("LYHORD_WRITE_SCHEMA"):
        write(stepwise)
    at_once = migrated(server, "at_once")
    assert dump(at_once, "--no-privileges") == written_again(server, dump(stepwise, "--no-privileges"))
    assert grants(at_once) == grants(stepwise)
    assert sorted(steps(at_once)) == sorted(steps(stepwise))  # those newer than the file come last
