"""What a killed run left behind. Its programs are told to end with it, but may be too busy, and hold its port."""

import contextlib
import os
import signal
import time
from pathlib import Path

_MARK = "LYHORD_RUN"
_PATIENCE = 3.0


def marked(folder: Path) -> dict[str, str]:
    """Our environment, with a mark for programs that a run on the folder starts."""
    return {**os.environ, _MARK: str(folder)}


def end(folder: Path, patience: float = _PATIENCE) -> bool:
    """End every program with the folder's mark: ask, and insist after ``patience`` seconds (Linux).

    Says whether there were any. What they listened on may be taken a moment longer: Linux forgets a program's
    environment before it closes its sockets.

    Call it only while holding the folder's lock: whoever started them is dead then, and mostly so is their database.
    """
    found = bool(_left(folder))
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        for pid in _left(folder):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        until = time.monotonic() + seconds
        while _left(folder):
            if time.monotonic() >= until:
                break
            time.sleep(0.05)
    return found


def _left(folder: Path) -> list[int]:
    mark = os.fsencode(f"{_MARK}={folder}")
    return [pid for pid in _numbers() if pid != os.getpid() and mark in _environment(pid)]


def _numbers() -> list[int]:
    """Of all processes; none where they are not to be read from /proc."""
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return []


def _environment(pid: int) -> list[bytes]:
    """What it was started with; nothing for those of others, and for those that have ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
