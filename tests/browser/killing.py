"""kill -9, of any process of a running Lyhörd, at any moment."""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.browser.house import PATIENCE, WholeHouse

WEB_SERVER, WEB_WORKER, JOB_WORKER = "web server", "web worker", "job worker"
PICTURE = "process that reads a picture"
DATABASE, CONNECTION, OTHER = "database", "database's process for one connection", "another process of the database"
SORTS = (WEB_SERVER, WEB_WORKER, JOB_WORKER, PICTURE, DATABASE, CONNECTION, OTHER)
OF_THE_WEB = (WEB_WORKER, PICTURE)


def family(ancestor: int) -> dict[str, list[int]]:
    """The living processes under one, by what they are; those of no sort, such as one that just starts, left out."""
    lines: dict[int, str] = {}
    parents: dict[int, int] = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            state, parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if state != "Z":
            lines[int(process.name)], parents[int(process.name)] = line, int(parent)
    found: dict[str, list[int]] = {}
    for pid, line in lines.items():
        if pid != ancestor and _is_under(pid, ancestor, parents) and (sort := _sort(line, lines[parents[pid]])):
            found.setdefault(sort, []).append(pid)
    return found


def _is_under(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != ancestor:
        pid = parents[pid]
    return pid == ancestor


def _sort(line: str, parent: str) -> str:
    """By its own command line and its parent's."""
    if line.startswith("postgres: "):
        return CONNECTION if "lyhord_app" in line else OTHER
    if "/bin/postgres -D" in line and "become.py" not in line:
        return DATABASE
    if " -m granian " in line and "become.py" not in line:
        return WEB_WORKER if " -m granian " in parent else WEB_SERVER
    if "lyhord.files._worker" in line:
        return PICTURE
    return JOB_WORKER if " manage work" in line and "become.py" not in line else ""


class Killer:
    """Kills as the seed says."""

    def __init__(self, house: WholeHouse, seed: int) -> None:
        self.house = house
        self.killed: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._began = time.monotonic()

    def kill_each(self) -> None:
        """One of each sort, in any order."""
        for sort in self._dice.sample(SORTS, k=len(SORTS)):
            self._wait()
            self._kill_one(sort, PATIENCE)

    def kill_some(self, seconds: float, sorts: Sequence[str] = SORTS) -> None:
        """For so long, whatever of these sorts comes up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._wait()
            self._kill_one(self._dice.choice(sorts), 2.0)

    def _wait(self) -> None:
        time.sleep(self._dice.uniform(0.1, 1.1))

    def end(self) -> None:
        """Kill the one that looks after all others; Lyhörd is to be started again in the same folder."""
        self.house.kill()
        self.killed["what looks after them"] += 1

    def _kill_one(self, sort: str, patience: float) -> None:
        """One of the sort; if there is none, the first one that comes in ``patience`` seconds."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for pid in self._shuffled(family(self.house.pid).get(sort, [])):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                self.killed[sort] += 1
                sys.stdout.write(f"{time.monotonic() - self._began:5.1f} s: {sort}\n")
                return
            time.sleep(0.01)

    def _shuffled(self, pids: list[int]) -> list[int]:
        return self._dice.sample(pids, k=len(pids))
