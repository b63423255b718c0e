"""One data folder, one launcher: a lock that vanishes with its process, and a note of where the running server is."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any, TextIO

from lyhord.config.postgres.errors import FolderInUseError, not_writable

_LOCK = "lyhord.lock"
_STATE = "postgres.json"


class FolderLock:
    """Holds ``DATA/lyhord.lock`` with flock, so that a killed holder leaves no stale lock."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._file: TextIO | None = None

    def acquire(self, port: int | None = None) -> None:
        """Take the lock and write who has it; nothing when we have it. Raises FolderInUseError, naming pid and port."""
        if self._file is not None:
            return
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.data / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            file = os.fdopen(descriptor, "r+")
        except OSError as problem:
            raise not_writable(self.data, problem.strerror or problem) from problem
        if not _locked(file):
            holder = _read(self.data / _LOCK)
            file.close()
            raise _in_use(self.data, holder)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "port": port}))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go. Safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(file: TextIO) -> bool:
    """Try for a moment: `is_held` in another process holds the lock for an instant."""
    for _attempt in range(5):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _in_use(data: Path, holder: dict[str, Any]) -> FolderInUseError:
    pid, port = holder.get("pid", "?"), holder.get("port")
    swedish_port, english_port = (f", port {port}", f", port {port}") if port else ("", "")
    return FolderInUseError(
        f"Mappen {data} används redan av en annan körning (process {pid}{swedish_port}). "
        "Stoppa den först, eller välj en annan mapp med --data.",
        f"The folder {data} is already used by another run (process {pid}{english_port}). "
        "Stop that one first, or choose another folder with --data.",
    )


def is_held(data: Path) -> bool:
    """Tell whether a living process holds the folder."""
    try:
        with (data / _LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def write_state(data: Path, *, pid: int, socket: Path, version: int) -> None:
    """Note where the running server is, for other commands on the same folder."""
    unfinished = data / f"{_STATE}.new"
    unfinished.write_text(json.dumps({"pid": pid, "socket": str(socket), "version": version}))
    unfinished.replace(data / _STATE)


def clear_state(data: Path) -> None:
    """Forget the running server."""
    (data / _STATE).unlink(missing_ok=True)


def running_socket(data: Path) -> Path | None:
    """The socket folder of the server somebody else runs on this data folder; None when nobody does, or not yet."""
    if not is_held(data):
        return None
    socket = _read(data / _STATE).get("socket")
    return Path(socket) if socket else None


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
