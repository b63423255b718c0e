"""`./lyhord test`: pytest, with its results kept for `conformance`."""

import os
import shutil
import subprocess
import sys

from lyhord.config.command import ROOT
from lyhord.config.postgres.errors import LauncherError

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Tests bring their own database; one that the environment names may hold people's data.
_NOT_FOR_TESTS = (
    "LYHORD_DATABASE_URL",
    "LYHORD_OWNER_DATABASE_URL",
    "LYHORD_DATA",
    "LYHORD_DEMO",
    "LYHORD_SECRET_KEY_FILE",
)


def main(arguments: list[str]) -> int:
    """Run the tests; returns pytest's exit status."""
    everything = "--all" in arguments
    rest = [argument for argument in arguments if argument != "--all"]
    env = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_TESTS}
    if everything:
        env["CHROMIUM"] = chromium()
    return subprocess.run(pytest_command(rest, everything=everything), cwd=ROOT, env=env, check=False).returncode


def pytest_command(arguments: list[str], *, everything: bool) -> list[str]:
    """The whole command line: two processes and the marked tests left out, unless the arguments say otherwise."""
    command = [sys.executable, "-m", "pytest", "-p", "lyhord.config.command.results"]
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb", "--collect-only")) for argument in arguments):
        command += ["-n", "2"]
    if everything and not any(argument.startswith("-m") for argument in arguments):
        command += ["-m", ""]  # pyproject.toml leaves out the tests marked `all`
    return command + arguments


def chromium() -> str:
    """Find Chromium; as root on Debian and Ubuntu install it. Raises LauncherError."""
    found = _find_chromium()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Chromium saknas, installerar med apt-get … / installing Chromium …", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], check=False, env=env, stdout=subprocess.DEVNULL)
        found = _find_chromium()
    if not found:
        raise LauncherError(
            "Chromium hittades inte. Installera paketet chromium, eller ange programmet i variabeln CHROMIUM.",
            "Chromium was not found. Install the package chromium, or name the program in the variable CHROMIUM.",
        )
    return found


def _find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else list(_CHROMIUMS)
    return next((path for path in map(shutil.which, candidates) if path), None)
