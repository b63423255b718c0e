"""Runs one function over hostile bytes in a process of its own that may use little and touch nothing.

The child (`_worker`) is forked by a Python that knows the task's code and nothing else (`_keeper`): no environment, no
file descriptors but three pipes, limits on memory, CPU, files and processes that it sets on itself before it sees the
data, and an end after `wall_seconds` whatever it does. The web process itself, which has threads, never forks.
"""

import dataclasses
import json
import logging
import os
import selectors
import signal
import threading
import time
from dataclasses import dataclass

from lyhord.files._wire import MEMORY, OK, READY, REFUSED, unpack
from lyhord.files.keepers import Child, fork

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_FRAME_BYTES = 64
_ERROR_BYTES = 8192

# Each child may use `Limits.memory_bytes`: so many at once in one process, and the rest wait for their turn.
_places = threading.BoundedSemaphore(4)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the child may use. The defaults fit a 50-megapixel photo; a 12-megapixel one takes a tenth."""

    memory_bytes: int = 1200 << 20
    cpu_seconds: int = 20
    wall_seconds: int = 30
    input_bytes: int = 20_000_000
    output_bytes: int = 8_000_000
    threads: bool = False
    """Whether the function's library starts threads. The kernel cannot forbid processes but allow threads."""


class SandboxFailure(Exception):
    """The function gave no answer.

    `code`: "refused" (the function said no, `reason` says why), "too_slow" (`reason` is "cpu" or "wall"), "memory",
    "crashed" (died, or answered nonsense), or "unavailable" (the child could not start or all places were taken:
    not the data's fault).
    """

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason


def run(task: str, data: bytes, limits: Limits | None = None) -> bytes:
    """What the function `task` ("package.module:function", bytes to bytes) answers for `data`.

    Raises SandboxFailure. The answer is at most `limits.output_bytes` long, and is as hostile as the data was:
    whoever calls must check it.
    """
    limits = limits or Limits()
    if len(data) > limits.input_bytes:
        raise SandboxFailure("refused", "input_bytes")
    if not _places.acquire(timeout=limits.wall_seconds):
        log.warning("all places for hostile files were taken for %s seconds", limits.wall_seconds)
        raise SandboxFailure("unavailable")
    try:
        child = _start(task, limits)
        try:
            output, errors = _converse(child, data, limits)
        finally:
            child.end()
    finally:
        _places.release()
    return _answer(child.returncode, output, errors)


def _start(task: str, limits: Limits) -> Child:
    try:
        return fork(task, json.dumps({"task": task, **dataclasses.asdict(limits)}))
    except OSError as error:
        log.exception("the process for hostile files could not start")
        raise SandboxFailure("unavailable") from error


def _converse(child: Child, data: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Writes all of `data` while reading what the child says: (answer, what it wrote as errors)."""
    deadline = time.monotonic() + limits.wall_seconds
    room = {child.stdout: limits.output_bytes + _FRAME_BYTES, child.stderr: _ERROR_BYTES}
    answers, complaints = child.stdout, child.stderr
    said: dict[int, bytearray] = {answers: bytearray(), complaints: bytearray()}
    unsent = memoryview(data)
    with selectors.DefaultSelector() as selector:
        for pipe in (child.stdin, answers, complaints):
            os.set_blocking(pipe, False)
            selector.register(pipe, selectors.EVENT_WRITE if pipe == child.stdin else selectors.EVENT_READ, pipe)
        while {key.data for key in selector.get_map().values()} & {answers, complaints}:
            left = deadline - time.monotonic()
            if left <= 0:
                raise SandboxFailure("too_slow", "wall")
            for key, _ in selector.select(left):
                if key.data == child.stdin:
                    unsent = _send(child, unsent, selector)
                else:
                    _hear(key.data, said[key.data], room[key.data], selector)
    try:
        child.wait(max(0.01, deadline - time.monotonic()))
    except TimeoutError:
        raise SandboxFailure("too_slow", "wall") from None
    except ConnectionError:
        raise SandboxFailure("unavailable") from None
    return bytes(said[answers]), bytes(said[complaints])


def _send(child: Child, unsent: memoryview, selector: selectors.BaseSelector) -> memoryview:
    try:
        unsent = unsent[os.write(child.stdin, unsent[:_CHUNK]) :]
    except BlockingIOError:
        return unsent
    except BrokenPipeError:  # it died or did not want the rest: its end tells
        unsent = unsent[:0]
    if not unsent:
        selector.unregister(child.stdin)
        child.close(child.stdin)
    return unsent


def _hear(pipe: int, said: bytearray, room: int, selector: selectors.BaseSelector) -> None:
    try:
        part = os.read(pipe, _CHUNK)
    except BlockingIOError:
        return
    if not part:
        selector.unregister(pipe)
        return
    said += part
    if len(said) > room:
        log.warning("a process for hostile files said too much and was ended")
        raise SandboxFailure("crashed", "said too much")


def _answer(returncode: int | None, output: bytes, errors: bytes) -> bytes:
    if returncode in (-signal.SIGXCPU, -signal.SIGALRM):
        raise SandboxFailure("too_slow", "cpu" if returncode == -signal.SIGXCPU else "wall")
    if returncode == -signal.SIGKILL:  # not by us: the kernel ran out of memory
        raise SandboxFailure("memory")
    if not output.startswith(READY):
        log.error("the process for hostile files could not begin (%s): %s", returncode, _tail(errors))
        raise SandboxFailure("unavailable")
    if returncode:
        log.warning("a process for hostile files died (%s): %s", returncode, _tail(errors))
        raise SandboxFailure("crashed", str(returncode))
    try:
        status, payload = unpack(output[len(READY) :], 2)
    except ValueError:
        raise SandboxFailure("crashed", "nonsense") from None
    if status == OK:
        return payload
    if status == MEMORY:
        raise SandboxFailure("memory")
    raise SandboxFailure("refused" if status == REFUSED else "crashed", payload[:40].decode("ascii", "replace"))


def _tail(errors: bytes) -> str:
    return errors[-2000:].decode("utf-8", "backslashreplace")
