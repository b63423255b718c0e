"""The measurement of what queues for case systems: it runs, and all arrives once and in order."""

import subprocess
import sys
from pathlib import Path

import pytest

from lyhord.config.command import ROOT


@pytest.mark.all  # starts a database, workers and a peer of its own
@pytest.mark.requirement("0.9", "N9")
def test_everything_arrives_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also beside a system that never answers. Its rates are not looked at: `--quick` says nothing of speed."""
    monkeypatch.setenv("LYHORD_BENCH", str(tmp_path))
    command = [sys.executable, "-m", "bench.exchange", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "80 updates came, 80 different ones, 0 out of order." in done.stdout, done.stderr[-2000:]
