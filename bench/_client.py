"""A small client: eight kept connections, one thread each."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from lyhord.config.command import ports

AT_ONCE = 8

type Errand = Callable[[http.client.HTTPConnection], None]
"""One thing that a visitor does; may take several requests. Raises when the answer is not what it should be."""

_SEEN = re.compile(rb'name="sett" value="([^"]+)"')


def send(port: int, errands: Iterable[Errand]) -> list[float]:
    """Do the errands, eight at a time; returns the seconds that each took."""
    queue, waits, wrong, lock = iter(errands), list[float](), list[Exception](), threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection(ports.HOST, port, timeout=60)
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


def get(path: str, *, host: str, cookie: str = "") -> Errand:
    """Read a page that is there."""
    headers = {"Host": host, "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    if cookie:
        headers["Cookie"] = cookie

    def errand(connection: http.client.HTTPConnection) -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.headers.get('Location', '')}")

    return errand


def report(path: str, form: dict[str, str], *, host: str, sender: str) -> Errand:
    """Send a report as a browser does, and once more when asked whether somebody was first."""
    headers = {
        "Host": host,
        "X-Forwarded-For": sender,
        "X-Forwarded-Proto": "https",
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def errand(connection: http.client.HTTPConnection) -> None:
        seen: list[str] = []
        for _press in range(3):
            fields = [*form.items(), *(("sett", number) for number in seen)]
            connection.request("POST", path, urlencode(fields), headers)
            answer = connection.getresponse()
            page = answer.read()
            if answer.status == 303:
                return
            seen = [number.decode() for number in _SEEN.findall(page)]
            if answer.status != 200 or not seen:
                raise RuntimeError(f"{path}: {answer.status} {page[:3000].decode(errors='replace')}")
        raise RuntimeError(f"{path}: asked again and again")

    return errand
