"""A browser, and a house for it to visit: one of its own for each test process."""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright

from lyhord.config.command.test import chromium
from lyhord.config.postgres.cluster import SUPERUSER
from lyhord.config.postgres.roles import APP, OWNER, create_database
from tests.browser.house import House, SmallHouse, WholeHouse, word

PHONE = (360, 740)
DESKTOP = (1280, 900)
Visit = Callable[..., Page]

expect.set_options(timeout=60_000)  # machines that test are busy; nothing here is about speed

SEEDED = "browser"
"""The database that is migrated and seeded once a run; each process takes a copy."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.all)


def _urls(name: str) -> dict[str, str]:
    """The three ways into a database of the test server."""
    url = os.environ["LYHORD_TEST_URL"].replace("NAME", name)
    return {way: url.replace("ROLE", role) for way, role in (("app", APP), ("owner", OWNER), ("admin", SUPERUSER))}


def _seed(folder: Path) -> None:
    """Make the database that others are copied from, with few cases in it."""
    with psycopg.connect(os.environ["LYHORD_TEST_ADMIN_URL"], autocommit=True) as admin:
        create_database(admin, SEEDED)
    with psycopg.connect(_urls(SEEDED)["admin"], autocommit=True) as connection:
        connection.execute("create extension if not exists pg_trgm")
    house = SmallHouse(**_urls(SEEDED), folder=folder)
    house.manage("migrate", "--verbosity", "0")
    house.manage("seed_demo", "--cases", "12", "--later", "0")


@pytest.fixture(scope="session")
def house(worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    """A small Lyhörd with the two demo municipalities and a dozen cases; what a test does stays for the next one."""
    shared = Path(os.environ["LYHORD_TEST_FOLDER"])
    folder = tmp_path_factory.mktemp("house")
    with (shared / "browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "browser.seeded").exists():
            _seed(folder)
            (shared / "browser.seeded").touch()
        name = f"{SEEDED}_{worker_name}"
        with psycopg.connect(os.environ["LYHORD_TEST_ADMIN_URL"], autocommit=True) as admin:
            create_database(admin, name, SEEDED)
    found = SmallHouse(**_urls(name), folder=folder)
    found.open()
    yield found
    found.close()


@pytest.fixture(scope="module")
def whole_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    """`./lyhord run` in an empty folder."""
    found = WholeHouse(tmp_path_factory.mktemp("whole") / "data")
    try:
        found.open()
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with the module: its event loop must not run while other tests use the database."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield running
        running.close()


class Listener:
    """Notes what must not happen on any page: errors in scripts, what the content policy stopped, broken answers."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        """Begin."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes a line for every answer that is no success; `_response` judges those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        answered = response.request.resource_type in {"document", "fetch"}  # may say no, in words
        if response.status >= (500 if answered else 400):
            self.heard.append(f"{response.status}: {response.url}")


@pytest.fixture
def listener() -> Iterator[Listener]:
    """What the pages of this test complained about: nothing."""
    heard = Listener()
    yield heard
    assert heard.heard == []


FAILED: pytest.StashKey[bool] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let the fixture below know that the test failed."""
    report: pytest.TestReport = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def visit(browser: Browser, listener: Listener, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visit]:
    """A new visitor with a browser of their own: visit(width=…, js=…, **what playwright's new_context takes)."""
    contexts: list[BrowserContext] = []

    def come(*, size: tuple[int, int] = PHONE, js: bool = True, **options: Any) -> Page:
        options = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", **options}
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=js, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        context.on("page", listener.listen)
        return context.new_page()

    yield come
    for number, context in enumerate(contexts):
        for page in context.pages if request.node.stash.get(FAILED, False) else ():
            file = tmp_path / f"{number}.png"
            page.screenshot(path=file, full_page=True)
            sys.stdout.write(f"{page.url} looked like {file}\n")
        context.close()


@pytest.fixture(autouse=True)
def _nobody_was_here(request: pytest.FixtureRequest) -> None:
    """All tests come from one address; nobody is to be asked to press again for what the test before did."""
    for name in ("house", "whole_house"):
        if name in request.fixturenames:
            found: House = request.getfixturevalue(name)
            found.do("delete from intake_recentuse")


@pytest.fixture
def unique() -> str:
    """A word that no other test writes, of letters only: digits would look like somebody's number."""
    return word()[:8]
