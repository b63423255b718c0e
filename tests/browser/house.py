"""A Lyhörd that runs: web server and worker as real processes, for the browser to visit."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from lyhord.config.command import ROOT
from lyhord.config.command.run import _web_command as web_command
from lyhord.config.postgres.cluster import SUPERUSER
from lyhord.config.postgres.lock import running_socket
from lyhord.config.postgres.urls import socket_url
from tests.ports import free_port

PATIENCE = 180.0
"""Seconds until something must have happened; a machine may have much else to do, and nobody waits who need not."""
PASSWORD = "lyhord-demo"


def eventually[T](ask: Callable[[], T], what: str = "it", patience: float = PATIENCE) -> T:
    """The first true answer; failed connections count as false."""
    until = time.monotonic() + patience
    while True:
        try:
            if answer := ask():
                return answer
        except (OSError, psycopg.OperationalError):
            pass
        assert time.monotonic() < until, f"{what} never happened"
        time.sleep(0.05)


def clean_environment() -> dict[str, str]:
    """The environment without this machine's own Lyhörd, and without what pytest sets for itself."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("LYHORD_", "PYTEST_", "DJANGO_"))}


def word() -> str:
    """One that was never written before, of letters only: digits would look like somebody's number."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijkmnopq"))


class Answer(NamedTuple):
    """What came back: where to go on, if anywhere, and the words."""

    status: int
    location: str
    text: str


class House:
    """What a browser test visits: the addresses, and a look behind them."""

    def __init__(self, port: int, database: str, folder: Path) -> None:
        self.port = port
        self.database = database
        self.folder = folder

    def url(self, path: str = "/", host: str = "motala.localhost") -> str:
        """An address in the house."""
        return f"http://{host}:{self.port}{path}"

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database says, as a superuser: the walls do not hide anything from a test."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def row(self, query: str, *values: Any) -> tuple[Any, ...]:
        """The one row there is."""
        found = self.rows(query, *values)
        assert len(found) == 1, f"{len(found)} rows: {query} {values}"
        return found[0]

    def do(self, query: str, *values: Any) -> None:
        """Change something behind the scenes."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(query.encode(), values or None)

    def case(self, number: str, *columns: str) -> tuple[Any, ...]:
        """Columns of the case with a number, in Motala."""
        return self.row(
            f"select {', '.join(f'c.{column}' for column in columns)} from cases_case c "
            "join organisations_organisation o on o.id = c.organisation_id where o.slug = 'motala' and c.number = %s",
            number,
        )

    def ask(self, path: str, fields: Mapping[str, str] | None = None, host: str = "motala.localhost") -> Answer:
        """What the web server says without a browser: to a GET, or to a form's POST."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"{host}:{self.port}"}
        try:
            if fields is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, urlencode(fields), headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Location", ""), answer.read().decode())
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether the web server does."""
        return self.ask("/healthz").status == http.HTTPStatus.OK


class SmallHouse(House):
    """The web server and the worker alone, on a database that is there already."""

    def __init__(self, *, app: str, owner: str, admin: str, folder: Path) -> None:
        super().__init__(free_port(), admin, folder)
        self.other_port = free_port()
        """Where another machine may listen that this house is to call."""
        self.env = {
            **clean_environment(),
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "lyhord.config.settings",
            "LYHORD_DATABASE_URL": app,
            "LYHORD_OWNER_DATABASE_URL": owner,
            "LYHORD_DATA": str(folder),
            "LYHORD_SECRET_KEY": "browser tests",
            "LYHORD_DEMO": "1",
            "LYHORD_PUBLIC_PORT": str(self.port),
            "LYHORD_WEB_WORKERS": "1",
            "LYHORD_OUTWARD_PORTS": f"80 443 {self.other_port}",
            "LYHORD_OUTWARD_ALLOW": "127.0.0.0/8",
            "PYTHONUNBUFFERED": "1",
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def manage(self, *words: str) -> None:
        """One of Django's commands, to its end."""
        subprocess.run([sys.executable, "-m", "django", *words], env=self.env, check=True, cwd=ROOT)

    def open(self) -> None:
        """Start both and wait for the first answer."""
        self._start("web", web_command(self.port))
        self._start("worker", [sys.executable, "-m", "django", "work"])
        eventually(self.answers, "the web server's answer", 240)

    def close(self) -> None:
        """Stop both."""
        for process in self._running:
            process.send_signal(signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, name: str, command: Sequence[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
                )
            )


class WholeHouse(House):
    """`./lyhord run` as somebody starts it who has just fetched Lyhörd."""

    def __init__(self, folder: Path, **env: str) -> None:
        super().__init__(free_port(), "", folder)
        self.env = clean_environment() | env
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that looks after the others."""
        assert self._process is not None
        return self._process.pid

    def open(self) -> None:
        """Start it and wait for the line that says it is ready."""
        log = self.folder.with_suffix(".log")
        before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [str(ROOT / "lyhord"), "run", "--port", str(self.port), "--data", str(self.folder)],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        line = f"Lyhord ready: http://127.0.0.1:{self.port}/"
        process = self._process

        def ready() -> bool:
            said = log.read_bytes()[before:].decode()
            assert process.poll() is None, said
            return line in said

        eventually(ready, "Lyhord ready", 300)
        place = running_socket(self.folder)
        assert place is not None
        self.database = socket_url(place, SUPERUSER)

    def kill(self) -> None:
        """End the process that looks after the others, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ask it to stop, as Ctrl+C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)
