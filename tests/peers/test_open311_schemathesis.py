"""Schemathesis over the Open311 routes, by our own description of them: no fault of ours, no answer untold of."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.house import SmallHouse
from tests.peers.conftest import MOTALA_HOST, SHARED_HOST
from tests.peers.test_api_schemathesis import CHECKS

pytestmark = pytest.mark.requirement("N9", "0.9", "P27")

HERE = Path(__file__).parent


@pytest.mark.parametrize("host", [MOTALA_HOST, SHARED_HOST])
def test_nothing_it_tries_breaks_anything(served: SmallHouse, host: str, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed: uv sync --group all")
    served.ask("/open311/v2/services.json", host=MOTALA_HOST)
    published = (
        "select c.number from cases_case c join organisations_organisation o on o.id = c.organisation_id "
        "where o.slug = 'motala' and c.publication_state = 'published' order by c.id limit 5"
    )
    numbers = ", ".join(f'"{number}"' for (number,) in served.rows(published))
    description = tmp_path / "open311.yaml"
    description.write_text((HERE / "open311.yaml").read_text(encoding="utf-8").replace("PUBLISHED", numbers))
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(description)),
            *("--url", f"http://127.0.0.1:{served.port}/open311/v2"),
            *("--header", f"Host: {host}:{served.port}"),
            *("--checks", f"{CHECKS},plain_xml"),
            *("--max-examples", "15"),
            *("--request-timeout", "60"),
            *("--phases", "examples,coverage,fuzzing"),
            *("--seed", "1"),
            "--no-color",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "SCHEMATHESIS_HOOKS": str(HERE / "open311_checks.py")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert int(re.findall(r"(\d+) generated", run.stdout)[-1]) > 500, run.stdout[-2_000:]
