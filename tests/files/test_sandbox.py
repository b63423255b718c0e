"""The limits bite: each test runs what a parser in hostile hands would try, in the same runner as photos."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lyhord.files import keepers, sandbox
from lyhord.files.sandbox import Limits, SandboxFailure
from tests.files import hostile


def run(task: Callable[[bytes], bytes], data: bytes = b"", **limits: Any) -> bytes:
    return sandbox.run(f"tests.files.hostile:{task.__name__}", data, Limits(**limits))


def failure(task: Callable[[bytes], bytes], data: bytes = b"", **limits: Any) -> tuple[str, str]:
    with pytest.raises(SandboxFailure) as caught:
        run(task, data, **limits)
    return caught.value.code, caught.value.reason


def children() -> set[int]:
    """The processes that we or our keepers are the parent of, dead ones that nobody buried included."""
    ours = {keeper.process.pid for keeper in keepers._keepers.values()}
    found, parents = set(), {os.getpid(), *ours}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) in parents:
            found.add(int(status.parent.name))
    return found - ours


def descriptors() -> int:
    """Those of our keepers, one each, not among them."""
    return len(list(Path("/proc/self/fd").iterdir())) - len(keepers._keepers)


def kernel_counts_processes() -> bool:
    """Not everywhere: in some containers we are more than our number says, and some kernels do not count."""
    become_nobody = "os.getuid() or os.setuid(65534)"
    probe = f"import os, resource as r; {become_nobody}; r.setrlimit(r.RLIMIT_NPROC, (0, 0)); os.fork()"
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", probe], check=False, capture_output=True)
    return b"BlockingIOError" in ended.stderr


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """After every test: no child, no zombie, no open pipe."""
    before, open_before = children(), descriptors()
    yield
    assert children() <= before
    assert descriptors() <= open_before


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 3_000_000])
def test_data_goes_through_whole(size: int) -> None:
    data = os.urandom(size)
    assert run(hostile.echo, data) == data


def test_more_data_than_allowed_never_reaches_the_child() -> None:
    assert failure(hostile.echo, b"12345", input_bytes=4) == ("refused", "input_bytes")


def test_the_functions_own_no_is_told_apart() -> None:
    assert failure(hostile.say_no) == ("refused", "because")


def test_an_exception_is_a_crash() -> None:
    assert failure(hostile.fail) == ("crashed", "1")


@pytest.mark.requirement("0.4")
def test_endless_work_ends_at_the_cpu_limit() -> None:
    assert failure(hostile.spin, cpu_seconds=1) == ("too_slow", "cpu")


@pytest.mark.requirement("0.4")
def test_work_that_ignores_signals_ends_too() -> None:
    assert failure(hostile.spin_deaf, cpu_seconds=1)[0] in {"memory", "too_slow"}  # SIGKILL does not say why


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize("task", [hostile.sleep, hostile.sleep_without_pipes])
def test_waiting_ends_at_the_wall_limit(task: Callable[[bytes], bytes]) -> None:
    assert failure(task, wall_seconds=1) == ("too_slow", "wall")


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize("task", [hostile.allocate, hostile.allocate_slowly])
def test_memory_is_limited(task: Callable[[bytes], bytes]) -> None:
    assert failure(task, memory_bytes=300 << 20)[0] == "memory"


def test_death_by_signal_is_told_apart() -> None:
    assert failure(hostile.segfault) == ("crashed", "-11")
    assert failure(hostile.be_killed)[0] == "memory"  # what the kernel does when memory runs out


@pytest.mark.parametrize("task", [hostile.flood, hostile.flood_errors])
def test_answers_are_bounded(task: Callable[[bytes], bytes]) -> None:
    assert failure(task, output_bytes=1_000_000) == ("crashed", "said too much")


def test_a_forged_answer_is_no_answer() -> None:
    assert failure(hostile.forge) == ("crashed", "nonsense")


def test_printing_does_not_reach_the_answer() -> None:
    assert run(hostile.talk, b"data") == b"data"


def test_a_child_that_cannot_load_its_code_is_not_the_datas_fault() -> None:
    with pytest.raises(SandboxFailure) as caught:
        sandbox.run("tests.files.nothing_here:nothing", b"data" * 100_000)
    assert caught.value.code == "unavailable"


@pytest.mark.requirement("0.4")
def test_the_child_can_touch_nothing(tmp_path: Path) -> None:
    target = tmp_path / "written"
    outcome = json.loads(run(hostile.attempts, str(target).encode()))
    assert outcome.pop("become_root") in {"PermissionError", "done"}  # "done" where root may not be given up
    if not kernel_counts_processes():
        del outcome["fork"], outcome["thread"]
    assert set(outcome.values()) <= {"OSError", "PermissionError", "BlockingIOError", "RuntimeError", "ValueError"}
    assert not target.exists()


def test_the_child_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYHORD_SECRET", "hemligt")
    found = json.loads(run(hostile.surroundings))
    assert set(found["environment"]) <= {"LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH"}
    assert found["group"] == found["pid"] != os.getpid()
    assert found["user"] != 0 or os.getuid() == 0
    assert (found["folder"], found["files"], found["core"]) == ("/", [0, 0], [0, 0])
    assert not {name.partition(".")[0] for name in found["modules"]} & {"django", "psycopg", "PIL"}


def test_many_threads_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: run(hostile.echo, bytes([number]) * 100_000), range(12)))
    assert answers == [bytes([number]) * 100_000 for number in range(12)]


def test_a_full_house_is_nobodys_fault() -> None:
    places = [sandbox._places.acquire(blocking=False) for _ in range(4)]
    try:
        assert all(places)
        assert failure(hostile.echo, wall_seconds=1)[0] == "unavailable"
    finally:
        for _ in places:
            sandbox._places.release()
    assert run(hostile.echo, b"again") == b"again"


def gone(pid: int) -> bool:
    """Whether a process that ends of itself has ended, within some seconds; one that nobody buried counts as ended."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


class TestKeepers:
    """Who forks the children."""

    def pid(self) -> int:
        run(hostile.echo)
        return keepers._keepers["tests.files.hostile"].process.pid

    def test_one_serves_many_files(self) -> None:
        assert self.pid() == self.pid()
        before = {json.loads(run(hostile.surroundings))["pid"] for _ in range(3)}
        assert len(before) == 3

    def test_what_a_child_does_to_its_own_memory_stays_there(self) -> None:
        assert run(hostile.remember, b"1") == b"1"
        assert run(hostile.remember, b"2") == b"2"

    def test_one_that_was_killed_is_replaced(self) -> None:
        first = self.pid()
        os.kill(first, signal.SIGKILL)
        assert gone(first)
        assert run(hostile.echo, b"again") == b"again"
        assert self.pid() != first

    def test_one_that_dies_with_a_child_at_work_leaves_it_to_us(self) -> None:
        first = self.pid()
        order = json.dumps({"task": "tests.files.hostile:sleep", **dataclasses.asdict(Limits())})
        child = keepers.fork("tests.files.hostile:sleep", order)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(ConnectionError):
            child.wait(20)
        child.end()
        assert gone(child.pid)

    def test_none_outlives_us(self) -> None:
        program = (
            "import os, signal; from lyhord.files import keepers, sandbox;"
            "sandbox.run('tests.files.hostile:echo', b'');"
            "print(keepers._keepers['tests.files.hostile'].process.pid, flush=True);"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {**os.environ, "PYTHONPATH": paths}
        ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, env=environment)
        assert gone(int(ended.stdout))

    def test_all_can_be_let_go(self) -> None:
        first = self.pid()
        keepers.let_go()
        assert gone(first)
        assert run(hostile.echo, b"again") == b"again"
