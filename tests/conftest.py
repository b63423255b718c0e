"""The test database: one embedded PostgreSQL a run, migrated once as the owner, cloned for each worker.

Tests connect as the application's role, so the walls hold in every test as they do in production.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from lyhord.config import environment
from lyhord.config.postgres import Server

if TYPE_CHECKING:
    from lyhord.accounts.models import User
    from lyhord.organisations.models import Organisation

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
        connections.close_all()
        (folder / "migrated").touch()


def _empty_as_owner(sql_list: Iterable[str]) -> None:
    """Transactional tests empty the tables afterwards, which the application's role has no right to."""
    name = str(connections["default"].settings_dict["NAME"])
    url = os.environ[URL].replace("NAME", name).replace("ROLE", "lyhord_owner")
    with psycopg.connect(url) as owner:
        for statement in sql_list:
            owner.execute(statement.encode())


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_name: str) -> Iterator[None]:
    """A database of its own for each worker, cloned from the template."""
    name = f"test_{worker_name}"
    with django_db_blocker.unblock():
        _prepare_template(Path(os.environ[FOLDER]))
        with psycopg.connect(os.environ[ADMIN_URL], autocommit=True) as admin:
            admin.execute(f'create database "{name}" template lyhord owner lyhord_owner'.encode())
        _connect(name)
        connections["default"].ops.execute_sql_flush = _empty_as_owner  # type: ignore[method-assign]  # see there
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """gw0, gw1 … or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Processes keep hosts, areas and the like for some seconds; tests must not see each other's."""
    yield
    from lyhord.cases.type_guess import forget_guesses
    from lyhord.collaboration.queries import forget_groups
    from lyhord.intake.rates import forget_taken
    from lyhord.organisations.queries import forget_hosts
    from lyhord.places.queries import forget_areas

    forget_groups()
    forget_hosts()
    forget_taken()
    forget_areas()
    forget_guesses()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Slow hashing is for attackers; a cast of eight must not wait for it in every test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Cast:
    """The people that tests are about: two organisations, and who works where."""

    motala: "Organisation"
    mjolby: "Organisation"
    sara: "User"  # case officer, Gata och park
    amir: "User"  # her colleague
    maria: "User"  # manager of Tekniska
    kim: "User"  # contact centre
    nils: "User"  # preschool, confidential
    admin: "User"
    auditor: "User"
    outsider: "User"  # case officer in Mjölby


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, with the password factories.PASSWORD."""
    from tests import factories

    motala, mjolby = factories.make_organisation("motala"), factories.make_organisation("mjolby")
    member = factories.make_member
    return Cast(
        motala=motala,
        mjolby=mjolby,
        sara=member(motala, "sara@motala.example", "Sara Ek", "case_officer", "gata-park"),
        amir=member(motala, "amir@motala.example", "Amir Holm", "case_officer", "gata-park"),
        maria=member(motala, "maria@motala.example", "Maria Lund", "unit_manager", "tekniska"),
        kim=member(motala, "kim@motala.example", "Kim Berg", "contact_centre", "kundcenter"),
        nils=member(motala, "nils@motala.example", "Nils Ask", "case_officer", "forskola"),
        admin=member(motala, "admin@motala.example", "Ada Min", "administrator"),
        auditor=member(motala, "auditor@motala.example", "Rut Visor", "auditor"),
        outsider=member(mjolby, "olle@mjolby.example", "Olle Ut", "case_officer", "gata-park"),
    )


@pytest.fixture
def motala(cast: Cast) -> "Organisation":
    """The organisation at motala.localhost."""
    return cast.motala
