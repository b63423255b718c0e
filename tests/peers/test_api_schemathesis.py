"""Schemathesis, which others wrote, reads the OpenAPI document and tries everything that it lets through and more.

Nothing may be a fault of ours (5xx), and no answer may be one that the document does not tell of.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.house import SmallHouse
from tests.peers.conftest import MOTALA_HOST

pytestmark = pytest.mark.requirement("P27", "0.25")

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)


def key_of(served: SmallHouse, *words: str, organisation: str = "motala", client: str = "Schemathesis") -> str:
    """A key without a limit, from the command that gives them."""
    made = subprocess.run(
        [sys.executable, "-m", "django", "create_api_key", organisation, client, "--unthrottled", *words],
        env=served.env,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def email_of(served: SmallHouse, role: str, organisation: str = "motala") -> str:
    """Somebody in the demo with that role."""
    query = (
        "select u.email from accounts_user u join accounts_membership m on m.user_id = u.id "
        "join organisations_organisation o on o.id = m.organisation_id where o.slug = %s and m.role = %s "
        "order by u.id limit 1"
    )
    return str(served.rows(query, organisation, role)[0][0])


@pytest.mark.parametrize("who", ["staff", "nobody in particular"])
def test_nothing_it_tries_breaks_anything(served: SmallHouse, who: str, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed: uv sync --group all")
    words = (
        ["--person", email_of(served, "unit_manager")] if who == "staff" else ["--scope", "write", "--scope", "read"]
    )
    served.ask("/api/v1/openapi.json", host=MOTALA_HOST)  # the first visit takes its time on a busy machine
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            f"http://{MOTALA_HOST}:{served.port}/api/v1/openapi.json",
            *("--url", f"http://{MOTALA_HOST}:{served.port}/api/v1"),
            *("--header", f"X-API-Key: {key_of(served, *words)}"),
            *("--checks", CHECKS),
            *("--max-examples", "15"),
            *("--request-timeout", "60"),
            *("--phases", "examples,coverage,fuzzing"),
            *("--seed", "1"),
            "--no-color",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "SCHEMATHESIS_HOOKS": str(HOOKS)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:]
    assert int(re.findall(r"(\d+) generated", run.stdout)[-1]) > 1000, run.stdout[-2_000:]
