"""kill -9, of any process of a running Lyhörd, at any moment."""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.browser.house import WholeHouse, eventually

WEB_SERVER, WEB_WORKER, JOB_WORKER = "web server", "web worker", "job worker"
PICTURE, KEEPER = "process that reads a picture", "process that such are forked from"
DATABASE, CONNECTION, OTHER = "database", "database's process for one connection", "another process of the database"
SORTS = (WEB_SERVER, WEB_WORKER, JOB_WORKER, PICTURE, KEEPER, DATABASE, CONNECTION, OTHER)
PATIENCE = 300.0  # seconds until life goes on; on a machine with nothing else to do, it takes a tenth


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
        if pid != ancestor and _is_under(pid, ancestor, parents) and (sort := _sort(line, lines.get(parents[pid], ""))):
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
    if "become.py" in line:  # about to become one of those below
        return ""
    if "/bin/postgres -D" in line:
        return OTHER if "/bin/postgres -D" in parent else DATABASE
    if " -m granian " in line:
        return WEB_WORKER if " -m granian " in parent else WEB_SERVER
    if "lyhord.files._keeper" in line:
        return PICTURE if "lyhord.files._keeper" in parent else KEEPER
    return JOB_WORKER if " manage work" in line else ""


class Killer:
    """Kills as the seed says: most often when ``done``, which counts what people get done, has grown again."""

    def __init__(self, house: WholeHouse, seed: int, done: Callable[[], int]) -> None:
        self.house = house
        self.killed: Counter[str] = Counter()
        self._done = done
        self._dice = random.Random(seed)
        self._began = time.monotonic()

    def kill_each(self) -> None:
        """One of each sort, in any order."""
        for sort in self._dice.sample(SORTS, k=len(SORTS)):
            self._kill_one(sort)

    def kill_some(self, seconds: float) -> None:
        """Whatever comes up, for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._kill_one(self._dice.choice(SORTS))

    def kill_all(self) -> None:
        """The one that looks after the others; Lyhörd is to be started again in the same folder."""
        self._choose_moment()
        self.house.kill()
        self._note("what looks after them")

    def _choose_moment(self) -> None:
        """A fourth of them die while something else is on its way back."""
        if self._dice.random() > 0.25:
            self.see_life(2)
        time.sleep(self._dice.uniform(0, 1))

    def see_life(self, more: int) -> None:
        """Wait until so much more is done: whoever looks after the others has mended what was killed."""
        before = self._done()
        eventually(lambda: self._done() >= before + more, "that life goes on", PATIENCE)

    def _kill_one(self, sort: str) -> None:
        """One of the sort, as soon as there is one."""
        self._choose_moment()
        until = time.monotonic() + PATIENCE
        while not self._end_one_of(family(self.house.pid).get(sort, [])):
            assert time.monotonic() < until, f"no {sort} for {PATIENCE} seconds"
            time.sleep(0.01)
        self._note(sort)

    def _end_one_of(self, pids: list[int]) -> bool:
        for pid in self._dice.sample(pids, k=len(pids)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
        return False

    def _note(self, sort: str) -> None:
        self.killed[sort] += 1
        sys.stdout.write(f"{time.monotonic() - self._began:5.1f} s, {self._done()} done: {sort}\n")
