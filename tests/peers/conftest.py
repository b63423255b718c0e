"""Lyhörd as it runs, for programs that others wrote."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lyhord.config.postgres.cluster import SUPERUSER
from lyhord.config.postgres.roles import APP, OWNER, create_database
from tests.browser.house import SmallHouse

SHARED_HOST = "open311.localhost"
MOTALA_HOST = "127.0.0.1"  # which the demo gives to Motala, so that no client needs names


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs what others have made."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.all)


def _urls(name: str) -> dict[str, str]:
    """The three ways into a database of the test server."""
    url = os.environ["LYHORD_TEST_URL"].replace("NAME", name)
    return {way: url.replace("ROLE", role) for way, role in (("app", APP), ("owner", OWNER), ("admin", SUPERUSER))}


@pytest.fixture(scope="session")
def served(worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    """Web server and worker with the two demo municipalities and a few dozen cases."""
    name = f"peers_{worker_name}"
    with psycopg.connect(os.environ["LYHORD_TEST_ADMIN_URL"], autocommit=True) as admin:
        create_database(admin, name)
    with psycopg.connect(_urls(name)["admin"], autocommit=True) as connection:
        connection.execute("create extension if not exists pg_trgm")
    house = SmallHouse(**_urls(name), folder=tmp_path_factory.mktemp("peers"))
    house.env["LYHORD_OPEN311_HOSTS"] = SHARED_HOST
    house.env["LYHORD_WEB_WORKERS"] = "2"  # so that what must hold across processes can be seen to
    house.manage("migrate", "--verbosity", "0")
    house.manage("seed_demo", "--cases", "40", "--later", "0")
    house.open()
    yield house
    house.close()


@pytest.fixture
def root(served: SmallHouse) -> str:
    """Where Open311 clients are told to go."""
    return f"http://{MOTALA_HOST}:{served.port}/open311/v2"
