"""Where measurements happen: a durable server of our own on a data folder that is kept, Django, and the product's
own web server and worker, started as `./lyhord run` starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lyhord.config.command import ROOT, ports, surroundings
from lyhord.config.postgres import Server

FOLDER = Path(os.environ.get("LYHORD_BENCH") or ROOT / ".lyhord" / "bench")
"""Where data folders are kept; a big one may be shared between checkouts, by one at a time."""
PYTHON = [sys.executable, "-P", "-m"]
WORKERS, THREADS = 2, 2
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """A running database with the product's tables. `folder` is its data folder."""

    server: Server
    folder: Path

    @property
    def app_url(self) -> str:
        """As the application connects: walled in."""
        return self.server.url("lyhord_app")

    @property
    def owner_url(self) -> str:
        """As migrations and the generator connect: sees every organisation."""
        return self.server.url("lyhord_owner")


@contextmanager
def house(name: str) -> Iterator[House]:
    """Start the database in `<FOLDER>/<name>`, bring its tables up to the code, set Django up. Once a process."""
    folder = FOLDER / name
    surroundings.prepare(folder)
    os.environ["LYHORD_BEHIND_PROXY"] = "1"  # as in production; and so that every report may come from its own sender
    with Server(folder, durable=True) as server:
        surroundings.use(server)
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        yield House(server, folder)


@dataclass(frozen=True, slots=True)
class Running:
    """A web server: the port it answers on and its first process."""

    port: int
    pid: int


@contextmanager
def web(application: str = "lyhord.config.wsgi:application", env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Granian with an application, by the same settings as `run`; ready when it answers."""
    port = _free_port()
    flags = {
        "--interface": "wsgi",
        "--host": ports.HOST,
        "--port": str(port),
        "--workers": str(WORKERS),
        "--blocking-threads": str(THREADS),
        "--log-level": "error",
    }
    words = [*PYTHON, "granian", *(word for pair in flags.items() for word in pair), "--no-ws", application]
    with _child(words, {**python_path(), **(env or {})}) as process:
        until = time.monotonic() + _PATIENCE
        while not ports.answer(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{application} does not answer")
            time.sleep(0.05)
        yield Running(port, process.pid)


@contextmanager
def worker(env: Mapping[str, str] | None = None) -> Iterator[int]:
    """The product's background worker; yields its process number."""
    with _child([sys.executable, "-P", "manage.py", "work"], env or {}) as process:
        time.sleep(2)  # its imports are no part of what is measured
        yield process.pid


@contextmanager
def workers(processes: int, threads: int) -> Iterator[list[int]]:
    """Several, in so many processes; yields their numbers."""
    words = [sys.executable, "-P", "manage.py", "work", "--threads", str(threads)]
    with ExitStack() as children:
        pids = [children.enter_context(_child(words, {})).pid for _each in range(processes)]
        time.sleep(3)  # their imports are no part of what is measured
        yield pids


@contextmanager
def _child(words: list[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(words, cwd=ROOT, env={**os.environ, **env}, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def python_path() -> dict[str, str]:
    """The environment in which programs find the measurements beside the product."""
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ports.HOST, 0))
        port: int = probe.getsockname()[1]
        return port
