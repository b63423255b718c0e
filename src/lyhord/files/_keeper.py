"""Between `sandbox` and `_worker`: a Python that has loaded a module of tasks once and forks a child for each file.

It never sees the data, only the orders and the ends of the pipes. It is alone in its process (no threads), so to fork
is safe, and what a child does to itself stays in the child. Imports neither Django nor any of our code but that module.
"""

import contextlib
import importlib
import os
import selectors
import signal
import socket
import struct
import time

from lyhord.files import _worker

LENGTH = struct.Struct(">I")
"""Before each order, which is JSON."""
PIPES = 4
"""What comes with an order: where the child reads its data, answers and complains, and where its end is told."""
IDLE_SECONDS = 300
"""It ends when it has had nothing to do for so long."""
DEAD = struct.Struct(">i")
"""What is told first is the child's number, then its return code, as `subprocess` counts them."""


def main(code: str, descriptor: int) -> None:
    """Serve until the other end is closed, which it is when the parent ends, however it does."""
    with contextlib.suppress(Exception):  # the child meets the same error, and its parent hears of it
        importlib.import_module(code)
    waiting: dict[int, int] = {}
    control = socket.socket(fileno=descriptor)
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        last = time.monotonic()
        while waiting or time.monotonic() - last < IDLE_SECONDS:
            for key, _ in selector.select(IDLE_SECONDS):
                if key.fileobj is not control:
                    os.read(woken, 512)
                    _bury(waiting)
                    continue
                order, pipes = _order(control)
                if not order:
                    return
                last = time.monotonic()
                _serve(order, pipes, waiting)


def _order(control: socket.socket) -> tuple[str, list[int]]:
    """The next one; "" when there is nobody any more."""
    head, pipes, _flags, _address = socket.recv_fds(control, LENGTH.size, PIPES)
    if len(head) < LENGTH.size or len(pipes) != PIPES:
        return "", []
    (length,) = LENGTH.unpack(head)
    order = b""
    while len(order) < length:
        part = control.recv(length - len(order))
        if not part:
            return "", []
        order += part
    return order.decode(), pipes


def _serve(order: str, pipes: list[int], waiting: dict[int, int]) -> None:
    """Fork the child, and tell its number."""
    pid = os.fork()
    if pid == 0:
        _become_child(order, pipes)
    *ends, told = pipes
    for end in ends:
        os.close(end)
    waiting[pid] = told
    _tell(told, pid)


def _become_child(order: str, pipes: list[int]) -> None:
    """Never returns: what is above us on the stack is the keeper's."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for place, end in enumerate(pipes[:3]):
            os.dup2(end, place)
        os.closerange(3, max(256, *pipes) + 1)
        code = _worker.run(order)
    finally:
        os._exit(code)


def _bury(waiting: dict[int, int]) -> None:
    while waiting:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        told = waiting.pop(pid)
        _tell(told, os.waitstatus_to_exitcode(status))
        os.close(told)


def _tell(told: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # whoever asked has given up
        os.write(told, DEAD.pack(number))
