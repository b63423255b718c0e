"""Lighthouse on mobile settings, an optional check: with LYHORD_LIGHTHOUSE=1, where Node and npm are."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.house import SmallHouse

WANTED = os.environ.get("LYHORD_LIGHTHOUSE") == "1" and shutil.which("npx") is not None
LEAST = 0.95
FLAGS = "--headless=new --no-sandbox --host-resolver-rules=MAP\\ *.localhost\\ 127.0.0.1"

pytestmark = pytest.mark.skipif(not WANTED, reason="an optional check: LYHORD_LIGHTHOUSE=1, and Node")


@pytest.mark.requirement("0.2", "2.3")
@pytest.mark.parametrize("path", ["/", "/beratta/felanmalan/", "/arenden/"])
def test_it_is_content_in_every_category(house: SmallHouse, tmp_path: Path, path: str) -> None:
    said = tmp_path / "said.json"
    command = ["npx", "--yes", "lighthouse@12", house.url(path), "--quiet", "--output=json", f"--output-path={said}"]
    env = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    subprocess.run([*command, f"--chrome-flags={FLAGS}"], env=env, check=True)
    found = json.loads(said.read_text())
    assert not found.get("runtimeError"), found["runtimeError"]
    scores = {name: category["score"] for name, category in found["categories"].items()}
    assert min(scores.values()) >= LEAST, scores
