"""`./lyhord run`: everything on one machine. Database, migrations, demo, web server, worker."""

import argparse
import http
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lyhord.config.command import demo, freshness, leftovers, ports, surroundings
from lyhord.config.command.supervisor import BackOff, Child, describe
from lyhord.config.postgres import LauncherError, Server
from lyhord.config.postgres.lock import FolderLock
from lyhord.config.starting import NOTE

_READY_SECONDS = 60.0
_FAILURES_BEFORE_READY = 3
_WEB_PATIENCE = 15.0
_WORKER_PATIENCE = 15.0
_ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


def main(arguments: list[str]) -> int:
    """Serve until asked to stop; returns 0 then, 1 when something could not start."""
    options = _parse(arguments)
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    for number in _ENDINGS:
        # Under nohup a hang-up is already ignored, and stays so.
        if not (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN):
            signal.signal(number, _stop)
    house = House(options.port, options.data, empty=options.empty)
    try:
        house.open()
        house.keep()
    except Stopped:
        return 0
    finally:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        house.close()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./lyhord run", allow_abbrev=False, description="Set up everything and serve."
    )
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    parser.add_argument("--data", type=Path, help="folder for database, files and keys (~/.local/share/lyhord)")
    parser.add_argument("--empty", action="store_true", help="no demo: start with no organisations")
    return parser.parse_args(arguments)


class House:
    """What `run` keeps alive: the database (unless one is named in the environment), the web server and the worker."""

    def __init__(self, port: int, data: Path | None, *, empty: bool) -> None:
        self.port = port
        self.data = data
        self.empty = empty
        self.server: Server | None = None
        self.web: Child | None = None
        self.worker: Child | None = None
        self._database_back_off = BackOff()
        self._database_born = 0.0
        self._lock: FolderLock | None = None

    def open(self) -> None:
        """Start everything in order and print the address once it answers. Raises LauncherError."""
        folder = surroundings.prepare(self.data)
        if not self.empty:
            os.environ["LYHORD_DEMO"] = "1"
            os.environ.setdefault("LYHORD_PUBLIC_PORT", str(self.port))  # links in messages lead back here
        os.environ |= {"LYHORD_STATIC": str(folder / "static"), "LYHORD_STATIC_HASHED": "1"}
        os.environ["LYHORD_STATIC_FROM_SOURCE"] = "0"
        outside = surroundings.outside_database()
        # Taking the folder comes first: "already running" says more than "the port is taken".
        self._lock = FolderLock(folder)
        self._lock.acquire(self.port)
        ended = leftovers.end(folder)
        ports.demand_free(self.port, patience=3.0 if ended else 0)
        packing = None if freshness.is_prepared(folder) else _pack_static_files(folder)
        if not outside:
            self.server = Server(folder, port=self.port, lock=self._lock)
            self.server.start()
            self._database_born = time.monotonic()
            surroundings.use(self.server)
        starting = folder / "starting"
        starting.unlink(missing_ok=True)
        env = {**leftovers.marked(folder), NOTE: str(starting)}
        self.web = Child("webbservern (web server)", _web_command(self.port), env)
        self.worker = Child("bakgrundsarbetaren (worker)", _worker_command(), leftovers.marked(folder))
        if self.server is not None and self.server.is_new:
            # The web server may load while the database is being filled; who is early is told so (config/starting.py).
            freshness.forget(folder)
            demo.forget(folder)
            starting.touch()
            self._prepare(folder, meanwhile=lambda: self._serve(packing))
            starting.unlink()
        else:
            self._prepare(folder)
            self._serve(packing)
        self._await_answer()
        self.worker.start()  # Not before: three programs that load at once are all slow.
        print(f"Lyhord ready: http://{ports.HOST}:{self.port}/", flush=True)

    def _serve(self, packing: subprocess.Popen[bytes] | None) -> None:
        _wait_for(packing)
        if self.web is not None:
            self.web.start()

    def _prepare(self, folder: Path, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Migrate and seed in a process of its own, to keep this one small; skipped when nothing can have changed."""
        if self.server is not None and freshness.is_prepared(folder):
            demo.print_logins(folder)
            return
        env = leftovers.marked(folder)
        if self.server is not None:
            # All of this can be done again after a loss of power, so it need not wait for the disk.
            env["PGOPTIONS"] = "-c synchronous_commit=off"
        command = _python("lyhord.config.command.prepare")
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=env) as preparing:
            try:
                meanwhile()
                status = preparing.wait()
            except BaseException:  # asked to stop, or something else could not start
                preparing.kill()
                raise
        if status:
            raise LauncherError(
                f"Databasen kunde inte göras klar ({describe(status)}). Felet står ovanför.",
                f"The database could not be made ready ({describe(status)}). The error is above.",
            )
        if self.server is not None:
            self.server.settle()
        freshness.remember(folder)

    def _await_answer(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        failures = 0
        while time.monotonic() < until and failures < _FAILURES_BEFORE_READY:
            self._look_after()
            if self.web is not None and self.web.back_off.deaths >= _FAILURES_BEFORE_READY:
                break
            status = ports.answer(self.port)
            if 0 < status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                return
            failures += bool(status)
            time.sleep(1.0 if status else 0.05)
        raise LauncherError(
            "Webbservern kom inte igång, eller svarar med fel. Felet står ovanför.",
            "The web server did not start, or answers with an error. It is above.",
        )

    def keep(self) -> NoReturn:
        """Look after everything until Stopped is raised by a signal."""
        while True:
            self._look_after()
            time.sleep(0.2)

    def _look_after(self) -> None:
        if self.server is not None:
            self._look_after_database(self.server)
        for child in (self.web, self.worker):
            message = child.check() if child is not None and child.wanted else ""
            if message:
                print(message, file=sys.stderr, flush=True)

    def _look_after_database(self, server: Server) -> None:
        status, now = server.poll(), time.monotonic()
        if status is None or not self._database_back_off.due(now):
            return
        print(f"databasen stannade (database stopped): {describe(status)}", file=sys.stderr, flush=True)
        self._database_back_off.died(now, now - self._database_born)
        try:
            server.start()
        except LauncherError as problem:
            print(problem, file=sys.stderr, flush=True)
        self._database_born = time.monotonic()

    def close(self) -> None:
        """Stop in order: no new requests, then no background work, then the database."""
        if self.web is not None:
            self.web.stop(_WEB_PATIENCE)
        if self.worker is not None:
            self.worker.stop(_WORKER_PATIENCE)
        if self.server is not None:
            self.server.stop()
        if self._lock is not None:
            self._lock.release()


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]


def _pack_static_files(folder: Path) -> subprocess.Popen[bytes]:
    """Collect, name by content and compress, so that browsers fetch little and keep it; beside the rest."""
    command = _python("django", "collectstatic", "--noinput", "--verbosity=0")
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=leftovers.marked(folder))


def _wait_for(packing: subprocess.Popen[bytes] | None) -> None:
    """The web server looks for static files when it starts, so they must be there."""
    if packing is not None and packing.wait():
        raise LauncherError(
            "Stilmallar och bilder kunde inte göras klara. Felet står ovanför.",
            "The static files could not be made ready. The error is above.",
        )


def _worker_command() -> list[str]:
    """Without Django's checks: `_prepare` has made them, and they need a database; a worker waits for one."""
    return _python("lyhord.config.command", "manage", "work", "--skip-checks")


def _web_command(port: int) -> list[str]:
    """The web server: WSGI with few threads, since each holds a database connection."""
    settings = {
        "--interface": "wsgi",
        "--host": ports.HOST,
        "--port": str(port),
        "--workers": os.environ.get("LYHORD_WEB_WORKERS", "2"),
        "--blocking-threads": "2",
        "--workers-kill-timeout": "5",
        "--log-level": "warning",
    }
    flat = [word for pair in settings.items() for word in pair]
    return [*_python("granian"), *flat, "--no-ws", "--respawn-failed-workers", "lyhord.config.wsgi:application"]
