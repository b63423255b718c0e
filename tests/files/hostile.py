"""Tasks for the sandbox that do what a taken-over parser would try. Loaded in the child; needs no Django."""

import _thread
import ctypes
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lyhord.files._wire import Refused


def echo(data: bytes) -> bytes:
    return data


_SEEN: list[bytes] = []


def remember(data: bytes) -> bytes:
    _SEEN.append(data)
    return b"".join(_SEEN)


def say_no(data: bytes) -> bytes:
    raise Refused("because")


def fail(data: bytes) -> bytes:
    raise RuntimeError("no")


def spin(data: bytes) -> bytes:
    while True:
        pass


def spin_deaf(data: bytes) -> bytes:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return spin(data)


def sleep(data: bytes) -> bytes:
    time.sleep(3600)
    return data


def sleep_without_pipes(data: bytes) -> bytes:
    for descriptor in range(4):
        os.close(descriptor)
    return sleep(data)


def allocate(data: bytes) -> bytes:
    return bytes(len(bytearray(4 << 30)) and 1)


def allocate_slowly(data: bytes) -> bytes:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def segfault(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return data


def be_killed(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return data


def flood(data: bytes) -> bytes:
    return b"x" * 50_000_000


def flood_errors(data: bytes) -> bytes:
    while True:
        os.write(2, b"x" * 65536)


def talk(data: bytes) -> bytes:
    os.write(1, b"a library prints")
    return data


def forge(data: bytes) -> bytes:
    os.write(3, b"\xff" * 40)
    os._exit(0)


def attempts(data: bytes) -> bytes:
    """What came of each thing that must not work: "done", or the name of the error."""
    target = data.decode()
    tries: dict[str, Callable[[], object]] = {
        "write": lambda: Path(target).write_bytes(b"x"),
        "read": lambda: Path("/etc/passwd").read_bytes(),
        "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "fork": os.fork,
        "thread": lambda: _thread.start_new_thread(time.sleep, (0,)),
        "raise_memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "raise_files": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        "become_root": lambda: os.setuid(0) if os.getuid() else None,
    }
    outcome = {}
    for name, attempt in tries.items():
        try:
            if attempt() == 0 and name == "fork":
                os._exit(0)
            outcome[name] = "done"
        except Exception as error:  # the name of whatever it is
            outcome[name] = type(error).__name__
    return json.dumps(outcome).encode()


def surroundings(data: bytes) -> bytes:
    libc = ctypes.CDLL(None)
    return json.dumps(
        {
            "environment": dict(os.environ),
            "modules": sorted(sys.modules),
            "user": os.getuid(),
            "group": libc.getpgrp(),
            "pid": os.getpid(),
            "folder": str(Path.cwd()),
            "files": resource.getrlimit(resource.RLIMIT_FSIZE),
            "core": resource.getrlimit(resource.RLIMIT_CORE),
        }
    ).encode()
