"""A real HTTP server on 127.0.0.1 that says what a test tells it to: the other machine."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import time_machine
from django.db import connection

from lyhord.core.clock import now
from lyhord.jobs import runner, store


@dataclass
class Reply:
    """One answer. `raw` is sent instead of all else; `drip` waits so long between its bytes; `wait` before anything."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drip: float = 0
    wait: float = 0


@dataclass
class Heard:
    """One question as it came."""

    method: str
    path: str
    headers: dict[str, str]
    """By name in small letters."""
    body: bytes


class FarEnd:
    """Answers with `replies` in order, then with `usual`. `on_question` is called before each answer."""

    def __init__(self, port: int = 0) -> None:
        self.heard: list[Heard] = []
        self.replies: list[Reply] = []
        self.usual = Reply()
        self.on_question: Callable[[Heard], object] = lambda _heard: None
        self._over = threading.Event()
        self._server = _make_server(self, port)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Nobody answers any more."""
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Hear one question, and answer it."""
        length = int(handler.headers.get("Content-Length") or 0)
        heard = Heard(
            handler.command,
            handler.path,
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        self.heard.append(heard)
        reply = self.replies.pop(0) if self.replies else self.usual
        self.on_question(heard)
        self._over.wait(reply.wait)
        raw = reply.raw if reply.raw is not None else _written(reply)
        try:
            for part in (raw[at : at + 1] for at in range(len(raw))) if reply.drip else (raw,):
                handler.wfile.write(part)
                handler.wfile.flush()
                if reply.drip and self._over.wait(reply.drip):
                    return
        except OSError:
            return  # they hung up


def _written(reply: Reply) -> bytes:
    headers = {"Content-Type": "text/plain", "Content-Length": str(len(reply.body)), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body


def _make_server(far_end: FarEnd, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            far_end.answer(self)

        do_POST = do_GET  # noqa: N815  # the base class calls it so

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            pass

    return Server(("127.0.0.1", port), Handler)


@contextmanager
def listening(settings: Any) -> Iterator[FarEnd]:
    """A far end that the settings allow us to call."""
    far_end = FarEnd()
    settings.OUTWARD_PORTS = [far_end.port]
    settings.OUTWARD_ALLOW = ["127.0.0.0/8"]
    try:
        yield far_end
    finally:
        far_end.close()


def until(condition: Callable[[], object], seconds: float = 180) -> None:
    """Wait for something to become true; generous, since machines are shared."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def next_second() -> None:
    """Wait for it: others write whole seconds only, and ours stands when both changed in the same one."""
    time.sleep(1 - time.time() % 1 + 0.01)


def work(days: float = 0, most: int = 10_000) -> int:
    """Run the jobs that are due now, or will be after some days; what fails waits for its time, as with a worker.

    Without a transaction of their own around them, since no other machine may be called inside one.
    """

    def ask[T](question: Callable[[store.Cursor], T]) -> T:
        with connection.cursor() as cursor:
            return question(cursor)

    done = 0
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        while done < most and (batch := ask(lambda cursor: store.claim(cursor, worker="test", limit=1, moment=now()))):
            runner.run(batch[0], ask, moment=now())
            done += 1
    return done
