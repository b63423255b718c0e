"""The child's side of `sandbox`: limits first, then code, then a locked door, and only then the data.

Runs in a fork of an isolated Python (`_keeper`). Imports neither Django nor any of our code but the task it is to run.
A task is a function `(bytes) -> bytes` that has imported everything it needs when its module is loaded:
when it gets the data, no file can be opened any more.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from lyhord.files._wire import MEMORY, OK, READY, REFUSED, Refused, pack

_NOBODY = 65534


def run(order: str) -> int:
    """Do the order and say how it went: 0, or 1 and why among the complaints. The caller ends the process with it."""
    try:
        main(order)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main(order: str) -> None:
    """Does what the JSON `order` says: `task` ("module:function") and the numbers of `sandbox.Limits`."""
    numbers = json.loads(order)
    _limit_resources(numbers)
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not reach the answer
    module, _, name = str(numbers["task"]).partition(":")
    task: Callable[[bytes], bytes] = getattr(importlib.import_module(module), name)
    _close_the_door(answer.fileno(), threads=bool(numbers["threads"]))
    answer.write(READY)
    answer.flush()
    data = sys.stdin.buffer.read(numbers["input_bytes"] + 1)
    answer.write(_outcome(task, data))
    answer.flush()


def _outcome(task: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return pack(OK, task(data))
    except Refused as refused:
        return pack(REFUSED, refused.code.encode("ascii"))
    except MemoryError:
        return pack(MEMORY, b"")


def _limit_resources(numbers: Mapping[str, int]) -> None:
    with contextlib.suppress(OSError):  # if the machine runs out of memory, this process goes before the database
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    _limit(resource.RLIMIT_AS, numbers["memory_bytes"])
    # Softly first: SIGXCPU says that it was time, SIGKILL a second later would say nothing.
    _limit(resource.RLIMIT_CPU, numbers["cpu_seconds"], grace=1)
    _limit(resource.RLIMIT_CORE, 0)
    signal.alarm(numbers["wall_seconds"] + 1)  # in case the parent is killed and cannot end us


def _limit(what: int, value: int, *, grace: int = 0) -> None:
    """Sets the limit to `value` and the hard one `grace` above, or to what we were born with if that is less."""
    _, born_with = resource.getrlimit(what)
    hard = value + grace if born_with == resource.RLIM_INFINITY else min(value + grace, born_with)
    try:
        resource.setrlimit(what, (min(value, hard), hard))
    except (ValueError, OSError):
        if sys.platform == "linux":  # macOS refuses a limit on addresses; Linux has no excuse
            raise


def _close_the_door(last_descriptor: int, *, threads: bool) -> None:
    """No files, sockets or processes; if we are root, not root any more."""
    _limit(resource.RLIMIT_FSIZE, 0)  # not before: the first child of all writes the compiled code for the others
    _limit(resource.RLIMIT_NOFILE, last_descriptor + 1)
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container may lack the right to become somebody else
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
    if not threads:  # the kernel counts threads as processes
        _limit(resource.RLIMIT_NPROC, 0)
