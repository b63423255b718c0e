"""Runs one function over hostile bytes in a process of its own that may use little and touch nothing.

The child is a fresh Python (`_worker`): no environment, no file descriptors but three pipes, limits on memory, CPU,
files and processes that it sets on itself before it sees the data, and an end after `wall_seconds` whatever it does.
A start costs about 80 ms of CPU. Nothing runs between fork and exec, so it is safe in a web process with threads.
"""

import contextlib
import dataclasses
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lyhord.files._wire import MEMORY, OK, READY, REFUSED, unpack

log = logging.getLogger(__name__)

_PACKAGES = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path += sys.argv[2:]; from lyhord.files._worker import main; main(sys.argv[1])"
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
            _end(child)
    finally:
        _places.release()
    return _answer(child.returncode, output, errors)


def _start(task: str, limits: Limits) -> subprocess.Popen[bytes]:
    order = json.dumps({"task": task, **dataclasses.asdict(limits)})
    paths = [str(_PACKAGES), *(path for path in sys.path if path)]
    environment = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    if "LD_LIBRARY_PATH" in os.environ:  # some Pythons do not start without it
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, order, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            bufsize=0,
            process_group=0,
        )
    except OSError as error:
        log.exception("the process for hostile files could not start")
        raise SandboxFailure("unavailable") from error


def _converse(child: subprocess.Popen[bytes], data: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Writes all of `data` while reading what the child says: (answer, what it wrote as errors)."""
    assert child.stdin and child.stdout and child.stderr  # noqa: S101, PT018 - all three are pipes
    deadline = time.monotonic() + limits.wall_seconds
    room = {child.stdout: limits.output_bytes + _FRAME_BYTES, child.stderr: _ERROR_BYTES}
    said: dict[IO[bytes], bytearray] = {child.stdout: bytearray(), child.stderr: bytearray()}
    unsent = memoryview(data)
    with selectors.DefaultSelector() as selector:
        for pipe in (child.stdin, child.stdout, child.stderr):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_WRITE if pipe is child.stdin else selectors.EVENT_READ)
        while child.stdout in selector.get_map() or child.stderr in selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise SandboxFailure("too_slow", "wall")
            for key, _ in selector.select(left):
                if key.fileobj is child.stdin:
                    unsent = _send(child.stdin, unsent, selector)
                    continue
                pipe = child.stdout if key.fileobj is child.stdout else child.stderr
                _hear(pipe, said[pipe], room[pipe], selector)
    try:
        child.wait(max(0.01, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SandboxFailure("too_slow", "wall") from None
    return bytes(said[child.stdout]), bytes(said[child.stderr])


def _send(pipe: IO[bytes], unsent: memoryview, selector: selectors.BaseSelector) -> memoryview:
    try:
        unsent = unsent[os.write(pipe.fileno(), unsent[:_CHUNK]) :]
    except BlockingIOError:
        return unsent
    except BrokenPipeError:  # it died or did not want the rest: its end tells
        unsent = unsent[:0]
    if not unsent:
        selector.unregister(pipe)
        pipe.close()
    return unsent


def _hear(pipe: IO[bytes], said: bytearray, room: int, selector: selectors.BaseSelector) -> None:
    try:
        part = os.read(pipe.fileno(), _CHUNK)
    except BlockingIOError:
        return
    if not part:
        selector.unregister(pipe)
        return
    said += part
    if len(said) > room:
        log.warning("a process for hostile files said too much and was ended")
        raise SandboxFailure("crashed", "said too much")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Leaves nothing behind: no process, no zombie, no open pipe."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _answer(returncode: int, output: bytes, errors: bytes) -> bytes:
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
