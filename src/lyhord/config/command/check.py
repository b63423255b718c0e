"""`./lyhord check`: everything a machine can say about the code without running its tests."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lyhord.config.command import ROOT
from lyhord.config.postgres import Server
from lyhord.config.postgres.roles import APP, OWNER

_CODE = ("src", "tests", "bench", "manage.py")
_LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


@dataclass(frozen=True)
class Step:
    """One check; ``command`` gives its command line, or None when there is nothing to check here."""

    name: str
    command: Callable[[], list[str] | None]


def main(_arguments: list[str]) -> int:
    """Run every check, even after one has failed; returns 1 if any did."""
    # Django's own checks ask the database for its version; an empty one will do.
    with tempfile.TemporaryDirectory(prefix="lyhord-check-") as folder, Server(folder, durable=False) as server:
        return _run(_environment(server))


def _run(environment: dict[str, str]) -> int:
    outcomes: list[tuple[str, str]] = []
    for step in steps():
        print(f"\n== {step.name}", flush=True)
        command = step.command()
        if command is None:
            outcomes.append((step.name, "skipped"))
            print("nothing to check", flush=True)
            continue
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        outcomes.append((step.name, "failed" if status else "ok"))
    print("\n== summary")
    for name, outcome in outcomes:
        print(f"{outcome:<8} {name}")
    return int(any(outcome == "failed" for _name, outcome in outcomes))


def steps() -> list[Step]:
    """All checks, in order."""
    return [
        Step("format (ruff format)", lambda: _module("ruff", "format", "--check", *_existing(_CODE))),
        Step("lint (ruff check)", lambda: _module("ruff", "check", *_existing(_CODE))),
        Step("templates: format (djlint)", lambda: _templates("--check")),
        Step("templates: lint (djlint)", lambda: _templates("--lint")),
        Step("types (mypy)", lambda: _module("mypy", *_existing(("src/lyhord", "tests", "bench")))),
        Step("imports (import-linter)", lambda: [sys.executable, "-c", _LINT_IMPORTS]),
        Step("migrations", lambda: _manage("makemigrations", "--check", "--dry-run")),
        Step("translations", lambda: _manage("messages", "--check") if _has_command("messages") else None),
        Step("locked packages (uv lock)", _uv_lock),
    ]


def _environment(server: Server) -> dict[str, str]:
    """Nothing of this machine's own settings, so that the checks say the same everywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "lyhord.config.settings",
        "LYHORD_DATABASE_URL": server.url(APP),
        "LYHORD_OWNER_DATABASE_URL": server.url(OWNER),
    }


def _existing(paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if (ROOT / path).exists()]


def _module(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def _manage(*words: str) -> list[str]:
    return [sys.executable, "-m", "django", *words]


def _templates(mode: str) -> list[str] | None:
    folder = ROOT / "src/lyhord/templates"
    return _module("djlint", str(folder), mode, "--quiet") if any(folder.rglob("*.html")) else None


def _has_command(name: str) -> bool:
    return any((ROOT / "src/lyhord").glob(f"*/management/commands/{name}.py"))


def _uv_lock() -> list[str] | None:
    uv = find_uv()
    return [uv, "lock", "--check"] if uv else None


def find_uv() -> str | None:
    """A uv that runs (a pyenv stand-in may not), or None."""
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    candidates = [
        Path("uv"),
        ROOT / ".venv/bin/uv",
        home / ".local/bin/uv",
        home / ".cargo/bin/uv",
        *sorted(pyenv.glob("versions/*/bin/uv")),
        ROOT / ".lyhord/uv/bin/uv",
    ]
    return next((str(path) for path in candidates if _runs(path)), None)


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, cwd=ROOT).returncode == 0
    except OSError:
        return False
