"""A case system by Open311 that answers after so many milliseconds, and whoever calls it as fast as it can.

`python -m bench._peer serve MILLISECONDS` prints its port; its standard input says when to end, and then it prints
how many updates came, how many were different, and how many came out of their order.
`python -m bench._peer call PORT SECONDS` is one of the two processes, four threads each, that find its limit.
"""

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench._house import PYTHON, python_path
from lyhord.config.command import ROOT

PROCESSES, THREADS = 2, 4
_UPDATE = re.compile(rb"service_request_id=([^&]*)&update_id=lyhord-([^&]*)-(\d+)&")
_ANSWER = b'[{"update_id": "1", "service_request_id": "1"}]'
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the peer counted."""

    came: int
    different: int
    out_of_order: int


class Peer:
    """One that runs. `heard` is there when it has ended."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process, self.port, self.heard = process, port, Heard(0, 0, 0)

    def limit(self, seconds: float) -> float:
        """Answers a second to eight that call it and do nothing else."""
        words = [*PYTHON, "bench._peer", "call", str(self.port), str(seconds)]
        running = [
            subprocess.Popen(words, cwd=ROOT, env={**os.environ, **python_path()}, stdout=subprocess.PIPE, text=True)
            for _each in range(PROCESSES)
        ]
        return sum(float(one.communicate()[0]) for one in running)

    def end(self) -> None:
        """Let it go."""
        said, _errors = self._process.communicate("\n")
        self.heard = Heard(**json.loads(said))


@contextmanager
def peer(milliseconds: float) -> Iterator[Peer]:
    """A process of its own: a peer's work is none of ours."""
    words = [*PYTHON, "bench._peer", "serve", str(milliseconds)]
    process = subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, **python_path()}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    one = Peer(process, int(process.stdout.readline()))
    try:
        yield one
    finally:
        if process.poll() is None:
            one.end()


async def _serve(milliseconds: float) -> None:
    came, last, out_of_order = set[bytes](), dict[bytes, int](), 0
    count = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count, out_of_order
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(found[1]) if (found := re.search(rb"(?i)content-length: (\d+)", head)) else 0
        body = await reader.readexactly(length)
        await asyncio.sleep(milliseconds / 1000)
        if told := _UPDATE.search(body):
            count += 1
            came.add(told[0])
            out_of_order += int(told[3]) < last.get(told[1], 0)
            last[told[1]] = int(told[3])
        writer.write(_HEAD % len(_ANSWER) + _ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    print(json.dumps({"came": count, "different": len(came), "out_of_order": out_of_order}), flush=True)
    server.close()


def _call(port: int, seconds: float) -> None:
    end, done = time.monotonic() + seconds, [0] * THREADS

    def call(number: int) -> None:
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("POST", "/servicerequestupdates.json", "description=Hej", _FORM)
            connection.getresponse().read()
            connection.close()
            done[number] += 1

    threads = [threading.Thread(target=call, args=(number,)) for number in range(THREADS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(done) / (time.monotonic() - began))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(_serve(float(sys.argv[2])))
    else:
        _call(int(sys.argv[2]), float(sys.argv[3]))
