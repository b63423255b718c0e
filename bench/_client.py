"""A small client: eight kept connections, one thread each.

It runs on the cores that the product is measured on, so it does as little as it can: requests are bytes that were
made before the clock started, and of an answer it reads the status, the length and the body.
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from lyhord.config.command import ports

AT_ONCE = 8
_PATIENCE = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SEEN = re.compile(rb'name="sett" value="([^"]+)"')


class Answer(NamedTuple):
    """What came back: status, the head as it came, and the body."""

    status: int
    head: bytes
    body: bytes


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((ports.HOST, port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer. RuntimeError for an answer that does not tell its length."""
        self._socket.sendall(request)
        held = b""
        while (end := held.find(b"\r\n\r\n")) < 0:
            held += self._more()
        head, body = held[:end], held[end + 4 :]
        status, found = int(head[9:12]), _LENGTH.search(head)
        if found is None and status not in {204, 304}:
            raise RuntimeError(f"an answer without a length: {head.decode(errors='replace')}")
        parts, missing = [body], int(found[1]) - len(body) if found else 0
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return Answer(status, head, b"".join(parts))

    def _more(self) -> bytes:
        got = self._socket.recv(1 << 18)
        if not got:
            raise RuntimeError("the server hung up")
        return got

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


type Errand = Callable[[Connection], None]
"""One thing that a visitor does; may take several requests. Raises when the answer is not what it should be."""


def send(port: int, errands: Iterable[Errand]) -> list[float]:
    """Do the errands, eight at a time; returns the seconds that each took."""
    queue, waits, wrong, lock = iter(errands), list[float](), list[Exception](), threading.Lock()

    def work() -> None:
        connection = Connection(port)
        try:
            while not wrong:
                with lock:
                    errand = next(queue, None)
                if errand is None:
                    break
                began = time.perf_counter()
                errand(connection)
                waits.append(time.perf_counter() - began)
        except Exception as error:  # told by the main thread
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return waits


def request(
    method: str, path: str, *, host: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """A request as it is sent, by a proxy's words from a visitor on https."""
    lines = {"Host": host, "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", **(headers or {})}
    if body is not None:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


def get(path: str, *, host: str, cookie: str = "", encoding: str = "") -> Errand:
    """Read a page that is there."""
    headers = {"Cookie": cookie, "Accept-Encoding": encoding}
    sent = request("GET", path, host=host, headers={name: value for name, value in headers.items() if value})
    return _errand(path, sent, 200)


def post(path: str, body: bytes, kind: str, *, status: int, host: str, headers: Mapping[str, str]) -> Errand:
    """Send something of a content type."""
    sent = request("POST", path, host=host, headers={"Content-Type": kind, **headers}, body=body)
    return _errand(path, sent, status)


def _errand(path: str, sent: bytes, status: int) -> Errand:
    def errand(connection: Connection) -> None:
        answer = connection.ask(sent)
        if answer.status != status:
            raise RuntimeError(f"{path}: {answer.head.decode(errors='replace')}\n{answer.body[:2000]!r}")

    return errand


def fill_in(path: str, form: Mapping[str, str], *, host: str, sender: str) -> Errand:
    """Send a form as a browser does, and once more when asked whether somebody was first."""
    headers = {
        "X-Forwarded-For": sender,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def made(seen: list[str]) -> bytes:
        fields = [*form.items(), *(("sett", number) for number in seen)]
        return request("POST", path, host=host, headers=headers, body=urlencode(fields).encode())

    first = made([])

    def errand(connection: Connection) -> None:
        sent = first
        for _press in range(3):
            answer = connection.ask(sent)
            if answer.status == 303:
                return
            seen = [number.decode() for number in _SEEN.findall(answer.body)]
            if answer.status != 200 or not seen:
                raise RuntimeError(f"{path}: {answer.status} {answer.body[:3000].decode(errors='replace')}")
            sent = made(seen)
        raise RuntimeError(f"{path}: asked again and again")

    return errand
