"""The keepers of this process (`_keeper`), one for each module of tasks, and the children that they fork.

A fresh Python with a parser loaded costs 80 to 300 ms of CPU, as much as most files take to read; a fork costs a few.
"""

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from lyhord.files._keeper import DEAD, LENGTH

_PACKAGES = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path += sys.argv[3:]; from lyhord.files._keeper import main; main(sys.argv[1], int(sys.argv[2]))"
)
_START_SECONDS = 30
"""For a keeper that has just been started on a busy machine to load its code and fork."""


@dataclass
class Child:
    """A process that is not ours but its keeper's: `stdin`, `stdout` and `stderr` are our ends of its pipes."""

    pid: int
    stdin: int
    stdout: int
    stderr: int
    _told: int
    returncode: int | None = None

    def wait(self, seconds: float) -> int:
        """Its return code, negative for a signal, as `subprocess` has it. Raises TimeoutError."""
        if self.returncode is None:
            self.returncode = _hear(self._told, seconds)
        return self.returncode

    def close(self, *ends: int) -> None:
        """Let go of pipes, once."""
        for name in ("stdin", "stdout", "stderr", "_told"):
            end = getattr(self, name)
            if end in ends and end >= 0:
                os.close(end)
                setattr(self, name, -1)

    def end(self) -> None:
        """Leave nothing behind: no process, no open pipe. Its keeper buries it."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with contextlib.suppress(TimeoutError, ConnectionError):
                self.wait(_START_SECONDS)
        self.close(self.stdin, self.stdout, self.stderr, self._told)


@dataclass
class _Keeper:
    process: "subprocess.Popen[bytes]"
    control: socket.socket
    owner: int = field(default_factory=os.getpid)

    def ask(self, order: bytes, ends: list[int]) -> None:
        socket.send_fds(self.control, [LENGTH.pack(len(order))], ends)
        self.control.sendall(order)

    def close(self) -> None:
        self.control.close()
        if self.owner == os.getpid():
            self.process.kill()  # one that hangs must not keep us waiting, with everybody who has a file to be read
            self.process.wait()


_keepers: dict[str, _Keeper] = {}
_asking = threading.Lock()


def fork(task: str, order: str) -> Child:
    """A child that is about to do the order. Raises OSError when none could be had."""
    for _ in range(2):  # a keeper may end at the very moment that it is asked
        child = _fork(task.partition(":")[0], order.encode())
        if child:
            return child
    raise ConnectionError("no process for hostile files could be started")


def _fork(code: str, order: bytes) -> Child | None:
    ours, theirs = _pipes()
    child = Child(-1, *ours)
    try:
        with _asking:
            keeper = _keepers.get(code)
            if keeper is None or keeper.owner != os.getpid():
                keeper = _keepers[code] = _start(code)
            try:
                keeper.ask(order, theirs)
            except OSError:
                _forget(code, keeper)
                raise
    except OSError:
        child.close(*ours)
        return None
    finally:
        for end in theirs:
            os.close(end)
    try:
        child.pid = _hear(ours[3], _START_SECONDS)
    except (TimeoutError, ConnectionError):
        with _asking:
            _forget(code, keeper)
        child.close(*ours)
        return None
    return child


def _forget(code: str, keeper: _Keeper) -> None:
    if _keepers.get(code) is keeper:
        del _keepers[code]
        keeper.close()


@atexit.register
def let_go() -> None:
    """Let all keepers of this process end, and see that they have; the next file gets a new one."""
    with _asking:
        for code, keeper in list(_keepers.items()):
            _forget(code, keeper)


def _pipes() -> tuple[list[int], list[int]]:
    """Ends for us and for the child: data, answer, complaints, and how it ended."""
    ours, theirs = [], []
    for number in range(4):
        reads, writes = os.pipe()
        ours.append(writes if number == 0 else reads)
        theirs.append(reads if number == 0 else writes)
    return ours, theirs


def _hear(told: int, seconds: float) -> int:
    """The next number that a keeper tells. Raises TimeoutError, and ConnectionError if the keeper is no more."""
    poll = select.poll()
    poll.register(told, select.POLLIN)
    if not poll.poll(max(0.0, seconds) * 1000):
        raise TimeoutError
    said = os.read(told, DEAD.size)
    if len(said) < DEAD.size:
        raise ConnectionError("the keeper has ended")
    return int(DEAD.unpack(said)[0])


def _start(code: str) -> _Keeper:
    paths = [str(_PACKAGES), *(path for path in sys.path if path)]
    environment = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    if "LD_LIBRARY_PATH" in os.environ:  # some Pythons do not start without it
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, code, str(theirs.fileno()), *paths],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            pass_fds=[theirs.fileno()],
            process_group=0,
        )
    return _Keeper(process, ours)
