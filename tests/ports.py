"""Ports for what a test starts: nobody else is given one in the meantime, neither by the kernel nor by another test."""

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from random import SystemRandom
from typing import Any

FIRST, LAST = 20_000, 22_700
"""Below those that the kernel hands out to connections, which would take one between our asking and its use; so is what
lies 10,000 higher, where some servers open another one."""
_held: list[Any] = []
_dice = SystemRandom()
"""Not pytest-randomly's, which throws the same in all processes."""


def free_port() -> int:
    """A port on which nothing listens; this process keeps it for itself to its end."""
    folder = Path(tempfile.gettempdir()) / f"lyhord-test-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for _attempt in range(1000):
        port = _dice.randint(FIRST, LAST)
        lock = (folder / str(port)).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _held.append(lock)
        return port
    raise AssertionError("no port is free")
