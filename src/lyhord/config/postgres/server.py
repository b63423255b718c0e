"""An embedded PostgreSQL: started, watched and stopped by us, reached over a Unix socket only."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from lyhord.config.postgres import binaries, cluster, layout, orphans, roles
from lyhord.config.postgres.errors import LauncherError, no_space
from lyhord.config.postgres.identity import Way, choose
from lyhord.config.postgres.lock import FolderLock, clear_state, write_state
from lyhord.config.postgres.urls import socket_url

_LARGEST_LOG = 5_000_000
_START_SECONDS = 60.0
_READS_BY_WORKERS = 18
# Parallel queries need shared memory; Docker gives 64 MB unless told otherwise.
_ROOMY_SHARED_MEMORY = 256 * 1024 * 1024


class Server:
    """One PostgreSQL server for one data folder.

    ``durable=False`` switches off every guarantee against loss of power: for tests only. ``port`` is the web server's
    port, named to whoever tries to use the same folder. ``way`` forces how PostgreSQL sheds root's rights (`identity`).
    ``lock`` is the folder's lock when the caller has already taken it. After a start, ``is_new`` tells whether it made
    the cluster.
    """

    def __init__(
        self,
        data_dir: Path | str,
        durable: bool = True,
        *,
        port: int | None = None,
        way: Way | None = None,
        lock: FolderLock | None = None,
    ) -> None:
        self.data = Path(data_dir).expanduser().absolute()
        self.durable = durable
        self.port = port
        self.is_new = False
        self._way = way
        self._lock = lock or FolderLock(self.data)
        self._process: subprocess.Popen[bytes] | None = None
        self._layout: layout.Layout | None = None
        self._socket: Path | None = None
        self._writing_down: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Process number while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def socket(self) -> Path:
        """Folder of the Unix socket, known once the server has started."""
        if self._socket is None:
            raise RuntimeError("the server has not been started")
        return self._socket

    @property
    def admin_url(self) -> str:
        """The superuser's URL, to the maintenance database."""
        return self.url(cluster.SUPERUSER, "postgres")

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """URL for a role ("lyhord_app", "lyhord_owner") to a database."""
        return socket_url(self.socket, role, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database owned by lyhord_owner: with the extensions, or as a copy of an unused ``template``."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            roles.create_database(connection, name, template)
        if template is None:
            roles.add_extensions(self.url(cluster.SUPERUSER, name))

    def settle(self) -> None:
        """Have on the disk what was committed so far, also by those who did not wait for it."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute("SELECT pg_logical_emit_message(true, 'lyhord', '')")  # any commit brings all before it

    def start(self) -> None:
        """Start and wait until it answers; the first time, make the cluster, the roles and the database.

        Raises LauncherError. Also starts a server again that died (`poll` gave a status), with the same URLs, since
        others hold them.
        """
        died = self._process is not None
        if not died:
            self._lock.acquire(self.port)
            clear_state(self.data)
        try:
            self._start(again=died)
        except BaseException as problem:
            if not died:
                self.stop()
            if isinstance(problem, OSError) and "No space left" in str(problem):
                raise no_space(self.data) from problem
            raise

    def _start(self, *, again: bool) -> None:
        identity = choose(self._way)
        place = self._layout = layout.prepare(self.data, identity)
        installation = binaries.find(identity, place.version())
        self.is_new = place.version() is None
        if self.is_new:
            cluster.create(place, installation, identity)
        orphans.clear(place.cluster)
        # A restart keeps the socket where the web server and the worker already look for it.
        self._socket = layout.socket_folder(place, identity, self._socket)
        if place.log.exists() and place.log.stat().st_size > _LARGEST_LOG:
            place.log.unlink()
        with place.log.open("ab") as log:
            words = [installation.program("postgres"), "-D", str(place.cluster), *self._settings(installation)]
            self._process = subprocess.Popen(
                identity.command(words, dies_by=signal.SIGINT if _in_main_thread() else None),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=place.base,
                env=cluster.server_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop things in order.
            )
            began_at = log.tell()
        self._wait_until_ready(place, began_at)
        if not again:  # The second time they are there, and a server that dies once more must not be asked for them.
            roles.prepare(self.admin_url, self.url(cluster.SUPERUSER))
        write_state(self.data, pid=self._process.pid, socket=self._socket, version=installation.version)
        if self.is_new and self.durable:
            self._writing_down = cluster.write_down(place, installation, identity)

    def _settings(self, installation: binaries.Installation) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "shared_buffers": "128MB",
            "max_connections": "60",
            "synchronous_commit": "on",
            "random_page_cost": "1.1",  # no disk has to turn; and what is asked for is mostly in memory
            "jit": "off",  # a page's statements are over before one would be compiled,
            "max_parallel_workers_per_gather": "0",  # and who else asks meanwhile needs the other cores
            "fsync": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "log_line_prefix": "%m [%p] ",
            "logging_collector": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
        if installation.version >= _READS_BY_WORKERS:
            # One of those workers killed while the server mends itself after a crash is not missed: whoever wants to
            # read waits for it for ever.
            settings["io_method"] = "sync"
        if not _roomy_shared_memory():
            settings["dynamic_shared_memory_type"] = "mmap"
        return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]

    def _wait_until_ready(self, place: layout.Layout, log_from: int) -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            if _says_ready(place.cluster / "postmaster.pid", self._process.pid):
                return
            time.sleep(0.01)
        with place.log.open("rb") as log:
            log.seek(log_from)
            answer = log.read().decode(errors="replace").strip()[-2000:]
        if "No space left on device" in answer:
            raise no_space(place.base)
        raise LauncherError(
            f"PostgreSQL startade inte. Hela loggen finns i {place.log}. Den slutar så här:",
            f"PostgreSQL did not start. The whole log is in {place.log}. It ends like this:\n{answer}",
        )

    def poll(self) -> int | None:
        """Exit status of the server process, None while it runs."""
        return None if self._process is None else self._process.poll()

    def stop(self, patience: float = 30.0) -> None:
        """Stop cleanly: disconnect everybody, write everything down, leave no process. ``patience`` is in seconds."""
        if self._writing_down is not None:
            self._writing_down.wait()
            self._writing_down = None
        process, self._process = self._process, None
        if process is not None:
            for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                if process.poll() is not None:
                    break
                process.send_signal(how)
                try:
                    process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
            clear_state(self.data)
        if self._socket is not None and self._layout is not None:
            if self._socket.parent != self._layout.base:
                shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        self._lock.release()


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _says_ready(pid_file: Path, pid: int) -> bool:
    """PostgreSQL writes its pid on the first line of the file and its status on the eighth."""
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _roomy_shared_memory() -> bool:
    try:
        facts = os.statvfs("/dev/shm")  # noqa: S108  # asked for its size, nothing is written
    except OSError:
        return False
    return facts.f_bavail * facts.f_frsize >= _ROOMY_SHARED_MEMORY
