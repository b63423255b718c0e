"""`./lyhord manage …`: Django's commands, with the database at hand."""

import fcntl
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from lyhord.config.command import freshness, surroundings
from lyhord.config.postgres import FolderInUseError, Server
from lyhord.config.postgres.lock import running_socket

_PATIENCE = 20.0
_NEED_NO_DATABASE = {
    "",
    "help",
    "--help",
    "-h",
    "--version",
    "version",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "makemessages",
}


TRY_LATER = 75
_FOR_THE_MAIL_SERVER = "receive_mail"


def main(arguments: list[str]) -> int:
    """Run one of Django's commands; returns 0, or raises SystemExit as Django does."""
    if (arguments or [""])[0] != _FOR_THE_MAIL_SERVER:
        return _main(arguments)
    try:
        return _main(arguments)
    except Exception as problem:  # before the command has begun: a mail server would send the mail back for it
        print(problem, file=sys.stderr)
        return TRY_LATER


def _main(arguments: list[str]) -> int:
    folder = surroundings.prepare()
    signal.signal(signal.SIGTERM, _terminated)
    if surroundings.outside_database() or (arguments or [""])[0] in _NEED_NO_DATABASE:
        return _execute(arguments)
    freshness.forget(folder)  # Whatever the command does, the next `run` looks at the database again.
    with _database(folder):
        return _execute(arguments)


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./lyhord manage", *arguments])
    return 0


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


@contextmanager
def _database(folder: Path) -> Iterator[None]:
    """Use the embedded server that runs on the folder, or run one ourselves for as long as any command needs it."""
    with (folder / "commands.lock").open("a") as users:
        # Shared: several commands may use one server. Whoever started it waits for the others before stopping it.
        fcntl.flock(users, fcntl.LOCK_SH)
        server = _join_or_start(folder)
        try:
            yield
        finally:
            sys.stdout.flush()
            if server is not None:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX)
                finally:
                    server.stop()


def _join_or_start(folder: Path) -> Server | None:
    """Lead Django to the running server (returns None), or to one that we start (returns it)."""
    until = time.monotonic() + _PATIENCE
    while True:
        socket = running_socket(folder)
        if socket is not None:
            surroundings.use_socket(socket)
            return None
        server = Server(folder)
        try:
            server.start()
        except FolderInUseError:  # Another command was faster; its server answers in a moment.
            if time.monotonic() >= until:
                raise
            time.sleep(0.1)
            continue
        surroundings.use(server)
        return server
