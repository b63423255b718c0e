"""The test database: one embedded PostgreSQL a run, migrated once as the owner, cloned for each worker.

Tests connect as the application's role, so the walls hold in every test as they do in production.
"""

import fcntl
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import HealthCheck

from lyhord.config.postgres import Server
from tests import planted
from tests.planted import Cast
from tests.stages import Stages, forget, point_to

if TYPE_CHECKING:
    from lyhord.organisations.models import Organisation
    from tests.www.plant import Planted

__all__ = ["Cast"]  # which tests take from here
FOLDER, URL, ADMIN_URL = "LYHORD_TEST_FOLDER", "LYHORD_TEST_URL", "LYHORD_TEST_ADMIN_URL"


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server that its workers share; it ends with that process."""
    hypothesis.settings.register_profile(
        "unhurried",
        deadline=None,
        max_examples=30 if config.option.markexpr else 100,  # other ones each run; with --all many
        suppress_health_check=[HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("unhurried")  # busy machines are no fault of what is tested
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of what is marked `sample` another few each run, drawn by the run's seed; with --all, or named, all of it."""
    if not config.option.markexpr or config.option.keyword or any("::" in name for name in config.args):
        return
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sample"):
            groups.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left: set[pytest.Item] = set()
    for name, group in groups.items():
        marker = group[0].get_closest_marker("sample")
        count: int = marker.args[0] if marker else len(group)
        drawn = random.Random(f"{getattr(config.option, 'randomly_seed', 0)} {name}").sample(
            sorted(group, key=lambda item: item.nodeid), min(count, len(group))
        )
        left |= set(group) - set(drawn)
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def _prepare_template(folder: Path) -> None:
    """Migrate the template: the first worker that needs a database does it, under a lock."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "migrated").exists():
            return
        point_to(os.environ[URL], "lyhord")
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        (folder / "migrated").touch()


STAGES: pytest.StashKey[Stages] = pytest.StashKey()
WANTED: pytest.StashKey[pytest.Item] = pytest.StashKey()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, worker_name: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The databases that this process's tests begin from; pytest-django asks for it before the first of them."""
    config, files = request.config, tmp_path_factory.mktemp("planted")
    with django_db_blocker.unblock():
        _prepare_template(Path(os.environ[FOLDER]))
        stages = Stages(worker_name, url=os.environ[URL], admin_url=os.environ[ADMIN_URL], blocker=django_db_blocker)
        stages.know(planted.world(files), planted.cast(), planted.told(), planted.alone())
    config.stash[STAGES] = stages
    stages.enter_for(config.stash[WANTED])
    yield
    stages.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Enter the database that the test begins from, before anything of the test's own is made."""
    item.config.stash[WANTED] = item
    if STAGES in item.config.stash:
        item.config.stash[STAGES].enter_for(item)


@pytest.fixture
def begun(db: None, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the test's database held from the start, by the fixtures that hand it out; the test's own to change."""
    return request.config.stash[STAGES].held()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """gw0, gw1 … or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Processes keep hosts, areas and the like for some seconds; tests must not see each other's."""
    yield
    forget()


@pytest.fixture(scope="session", autouse=True)
def _kept_however_long_it_takes() -> Iterator[None]:
    """What processes keep for seconds is kept for hours here: queries are counted, and machines that test are busy."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("organisations", "collaboration"):
            patch.setattr(f"lyhord.{module}.queries._KEEP_SECONDS", 3600.0)
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Slow hashing is for attackers; a cast of eight must not wait for it in every test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(begun: dict[str, Any]) -> Cast:
    """Everybody, with the password factories.PASSWORD."""
    return begun.get("cast") or planted.make_cast()


@pytest.fixture
def motala_alone(begun: dict[str, Any]) -> "Organisation":
    """The organisation at motala.localhost, where nobody works."""
    from tests import factories

    return begun.get("motala_alone") or factories.make_organisation("motala")


@pytest.fixture
def planted_files(begun: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    """A folder of the test's own, with the pictures of the world in it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    shutil.copytree(begun["files"], settings.MEDIA_ROOT)


@pytest.fixture
def motala_things(begun: dict[str, Any], planted_files: None) -> "Planted":
    """Something of everything in Motala: the stage "world"."""
    found: Planted = begun["motala_things"]
    return found


@pytest.fixture
def mjolby_things(begun: dict[str, Any], planted_files: None) -> "Planted":
    """Something of everything in Mjölby; no number of theirs is one of ours."""
    found: Planted = begun["mjolby_things"]
    return found


@pytest.fixture
def motala(cast: Cast) -> "Organisation":
    """The organisation at motala.localhost."""
    return cast.motala
