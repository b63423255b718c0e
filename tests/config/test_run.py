"""`./lyhord run` with the small project in `house`: real processes, from start to every kind of end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lyhord.config.command import ROOT
from tests.ports import free_port

PATIENCE = 180.0
House = Callable[..., subprocess.Popen[str]]


def page(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def eventually[T](ask: Callable[[], T]) -> T:
    """The first true answer; exceptions count as false."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if answer := ask():
                return answer
        except (OSError, ValueError):
            pass
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)


def processes(word: str) -> list[str]:
    """Living processes with the word in their command line or working folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_text().replace("\0", " ") if process.name.isdigit() else ""
        except OSError:
            continue
        if word in line and line:
            found.append(line)
    return found


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")}
    return {
        **kept,
        "LYHORD_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "tests.config.house.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "LYHORD_WEB_WORKERS": "1",
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "lyhord.config.command", *words]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder; the test fails if it leaves a process behind."""
    folder = tmp_path / "data"
    yield folder
    eventually(lambda: not processes(str(folder)))


@pytest.fixture
def house(data: Path) -> Iterator[House]:
    """Starts a house and waits for its last line; stops it after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int, *words: str, wait: bool = True, **extra: str) -> subprocess.Popen[str]:
        run = subprocess.Popen(
            command("run", "--port", str(port), "--data", str(data), *words),
            env=environment(data) | extra,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        started.append(run)
        if wait:
            lines = said(run)
            assert lines[-1] == f"Lyhord ready: http://127.0.0.1:{port}/", lines
        return run

    yield start
    for run in started:
        run.terminate()
        run.communicate(timeout=PATIENCE)


def said(run: subprocess.Popen[str]) -> list[str]:
    """What it prints up to the line that says it is ready."""
    assert run.stdout is not None
    lines = []
    for line in run.stdout:
        lines.append(line.rstrip())
        if line.startswith("Lyhord ready:"):
            break
    return lines


def test_it_serves_a_demo_and_stops_with_status_0(house: House, data: Path) -> None:
    port = free_port()
    first = house(port, wait=False)
    lines = said(first)
    assert lines[-2:] == ["Logga in som Ada", f"Lyhord ready: http://127.0.0.1:{port}/"]
    assert page(port)["organisations"] == ["Motala"]
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    eventually(lambda: processes("manage work") and (data / "worker").exists())
    first.send_signal(signal.SIGINT)
    assert first.wait(PATIENCE) == 0
    assert processes(str(data)) == []

    second = house(port, wait=False)
    assert said(second)[-2] == "Logga in som Ada", "the log-ins are shown at every start"
    assert page(port)["organisations"] == ["Motala"], "the demo is made once"
    second.terminate()
    assert second.wait(PATIENCE) == 0

    shutil.rmtree(data / "postgres")
    house(port)
    assert page(port)["organisations"] == ["Motala"], "a new database gets a demo of its own"


@pytest.mark.all
def test_empty_makes_no_demo_and_a_later_run_respects_what_is_there(house: House) -> None:
    port = free_port()
    house(port, "--empty")
    assert page(port)["organisations"] == []


@pytest.mark.all
def test_a_demo_that_broke_off_is_made_again(house: House, data: Path, tmp_path: Path) -> None:
    port = free_port()
    broken = house(port, wait=False, LYHORD_TEST_BREAK=str(tmp_path / "broke"))
    output, _ = broken.communicate(timeout=PATIENCE)
    assert broken.returncode == 1
    assert "broken off half-way" in output
    assert "Databasen kunde inte göras klar" in output
    again = house(port, wait=False, LYHORD_TEST_BREAK=str(tmp_path / "broke"))
    assert "Logga in som Ada" in said(again)


@pytest.mark.all
def test_what_dies_is_started_again(house: House, data: Path) -> None:
    port = free_port()
    run = house(port)
    web = page(port)["parent"]
    os.kill(web, signal.SIGKILL)
    assert eventually(lambda: (answer := page(port))["parent"] != web and answer)["organisations"] == ["Motala"]
    worker = int(eventually((data / "worker").read_text))
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: int((data / "worker").read_text()) != worker)
    database = json.loads((data / "postgres.json").read_text())["pid"]
    os.kill(database, signal.SIGKILL)
    assert eventually(lambda: json.loads((data / "postgres.json").read_text())["pid"] != database)
    assert eventually(lambda: page(port))["organisations"] == ["Motala"]
    assert run.poll() is None


@pytest.mark.all
@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends children with their parent")
def test_a_killed_run_takes_everything_along_and_the_next_one_starts(house: House, data: Path) -> None:
    port = free_port()
    run = house(port)
    eventually((data / "worker").exists)
    run.kill()
    run.wait()
    eventually(lambda: not processes(str(data)) and not processes(f"--port {port}"))
    house(port)
    assert page(port)["organisations"] == ["Motala"]


@pytest.mark.all
@pytest.mark.requirement("N5")
@pytest.mark.skipif(sys.platform != "linux", reason="Linux shows what belongs to a run")
def test_what_a_killed_run_left_behind_does_not_bar_the_next_one(house: House, data: Path) -> None:
    """Its web server and worker do not hear that they are to end, and the web server holds the port."""
    port = free_port()
    run = house(port)
    deaf = [int(eventually((data / "worker").read_text)), page(port)["parent"], page(port)["pid"]]
    for pid in deaf:
        os.kill(pid, signal.SIGSTOP)
    run.kill()
    run.wait()
    house(port)
    assert page(port)["organisations"] == ["Motala"]
    assert page(port)["pid"] not in deaf


@pytest.mark.all
def test_it_is_not_ready_while_the_first_page_fails(house: House) -> None:
    run = house(free_port(), wait=False, LYHORD_TEST_PAGE_FAILS="1")
    output, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert "svarar med fel" in output
    assert "Lyhord ready" not in output


@pytest.mark.all
def test_others_find_the_running_house(house: House, data: Path) -> None:
    port = free_port()
    first = house(port)
    second = house(free_port(), wait=False)
    output, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert f"process {first.pid}, port {port}" in output
    assert "Traceback" not in output
    question = "from tests.config.house.models import Organisation as o; print(o.objects.using('owner').get().name)"
    answer = subprocess.run(
        command("manage", "shell", "-c", question), env=environment(data), text=True, capture_output=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "Motala"


def test_a_taken_port_is_said_before_anything_is_started(house: House, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = house(port, wait=False)
        output, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert f"Port {port} är upptagen" in output
    assert not (data / "postgres").exists()


@pytest.mark.all
def test_commands_share_a_database_and_the_last_one_stops_it(data: Path) -> None:
    question = (
        "from django.db import connection as c; c.ensure_connection(); import time; time.sleep(1); print('there')"
    )
    together = [
        subprocess.Popen(
            command("manage", "shell", "-c", question), env=environment(data), text=True, stdout=subprocess.PIPE
        )
        for _number in range(3)
    ]
    for one in together:
        output, _ = one.communicate(timeout=PATIENCE)
        assert one.returncode == 0
        assert output.splitlines()[-1] == "there"
