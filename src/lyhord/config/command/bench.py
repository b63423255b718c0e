"""`./lyhord bench [NAME] [--json]`: the measurements in `bench/`, each a module with a `main`."""

import json
import subprocess
import sys

from lyhord.config.command import ROOT
from lyhord.config.postgres.errors import LauncherError


def main(arguments: list[str]) -> int:
    """Run one measurement, or all in turn; returns 1 if any failed. With --json all answer as one JSON object."""
    if arguments and not arguments[0].startswith("-"):
        name, *options = arguments
        if name not in names():
            raise LauncherError(
                f"Mätningen {name} finns inte. De som finns: {', '.join(names()) or 'inga'}.",
                f"There is no measurement {name}. There are: {', '.join(names()) or 'none'}.",
            )
        return subprocess.run(_command(name, options), cwd=ROOT, check=False).returncode
    return _all_as_json(arguments) if "--json" in arguments else _all(arguments)


def names() -> list[str]:
    """The measurements there are; modules that begin with an underscore are their tools."""
    folder = ROOT / "bench"
    return sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))


def _command(name: str, options: list[str]) -> list[str]:
    return [sys.executable, "-m", f"bench.{name}", *options]


def _all(options: list[str]) -> int:
    failed = False
    for name in names():
        print(f"\n== {name}", flush=True)
        failed |= subprocess.run(_command(name, options), cwd=ROOT, check=False).returncode != 0
    return int(failed)


def _all_as_json(options: list[str]) -> int:
    answers: dict[str, object] = {}
    failed = False
    for name in names():
        done = subprocess.run(_command(name, options), cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        failed |= done.returncode != 0
        try:
            answers[name] = json.loads(done.stdout)
        except ValueError:
            failed, answers[name] = True, {"error": done.stdout[-2000:]}
    print(json.dumps(answers, indent=1, ensure_ascii=False))
    return int(failed)
