"""The test database: one embedded PostgreSQL a run, migrated once as the owner, cloned for each worker.

Tests connect as the application's role, so the walls hold in every test as they do in production.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from lyhord.config import environment
from lyhord.config.postgres import Server

FOLDER, URL, ADMIN_URL = "LYHORD_TEST_FOLDER", "LYHORD_TEST_URL", "LYHORD_TEST_ADMIN_URL"


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server that its workers share; it ends with that process."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    folder = Path(tempfile.mkdtemp(prefix="lyhord-test-"))
    server = Server(folder / "postgres", durable=False)
    server.start()
    os.environ[FOLDER] = str(folder)
    os.environ[ADMIN_URL] = server.admin_url
    os.environ[URL] = server.url("ROLE", database="NAME")

    def clean() -> None:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(clean)


def _connect(name: str) -> None:
    """Point Django at a database of the test server."""
    for alias, role in (("default", "lyhord_app"), ("owner", "lyhord_owner")):
        settings = environment.database(os.environ[URL].replace("NAME", name).replace("ROLE", role))
        connections[alias].close()
        for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
            connections[alias].settings_dict[key] = settings[key]


def _prepare_template(folder: Path) -> None:
    """Migrate the template: the first worker that needs a database does it, under a lock."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "migrated").exists():
            return
        _connect("lyhord")
        call_command("migrate", verbosity=0, interactive=False)
        with connections["owner"].cursor() as cursor:  # transactional tests empty the tables
            cursor.execute("grant truncate on all tables in schema public to lyhord_app")
        connections.close_all()
        (folder / "migrated").touch()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_name: str) -> Iterator[None]:
    """A database of its own for each worker, cloned from the template."""
    name = f"test_{worker_name}"
    with django_db_blocker.unblock():
        _prepare_template(Path(os.environ[FOLDER]))
        with psycopg.connect(os.environ[ADMIN_URL], autocommit=True) as admin:
            admin.execute(f'create database "{name}" template lyhord owner lyhord_owner'.encode())
        _connect(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """gw0, gw1 … or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
