"""Real workers in processes of their own, on the test's database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]

type StartWorker = Callable[..., "subprocess.Popen[bytes]"]


def database_url() -> str:
    """Where another process finds the test's database."""
    settings = connection.settings_dict
    name, user, host = (quote(settings[key], safe="") for key in ("NAME", "USER", "HOST"))
    return f"postgresql://{user}@/{name}?host={host}&port={settings['PORT']}"


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[StartWorker]:
    """Starts `manage work` with the arguments given; whatever still runs is killed afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    url = database_url()

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(ROOT / "manage.py"), "work", *arguments]
        environment = os.environ | {"LYHORD_DATABASE_URL": url, "LYHORD_OWNER_DATABASE_URL": url}
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(condition: Callable[[], object], seconds: float = 180) -> None:
    """Wait for something to become true; generous, since machines are shared."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it never came true")
        time.sleep(0.02)
