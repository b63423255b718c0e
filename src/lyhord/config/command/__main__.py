"""Reads the first word and hands the rest to that command's module."""

import importlib
import sys

from lyhord.config.postgres.errors import LauncherError

COMMANDS = {
    "run": "set up everything and serve (--port 8000, --data DIR, --empty)",
    "test": "run the tests (--all adds Chromium and real peers; other arguments go to pytest)",
    "check": "format, lint, types, import contracts, migrations, translations",
    "bench": "measure against floors ([NAME], --json)",
    "conformance": "each requirement and how its tests went (--json)",
    "manage": "Django's commands: create_organisation, migrate, shell, …",
}


def usage() -> str:
    """The list of commands."""
    lines = [f"  ./lyhord {name:<12} {meaning}" for name, meaning in COMMANDS.items()]
    return "\n".join(["Lyhörd. Commands:", *lines])


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status."""
    name = arguments[0] if arguments else ""
    if name in {"", "help", "-h", "--help"}:
        print(usage())
        return 0 if name else 2
    if name not in COMMANDS:
        print(f"Okänt kommando: {name} / Unknown command: {name}\n\n{usage()}", file=sys.stderr)
        return 2
    module = importlib.import_module(f"lyhord.config.command.{name}")
    try:
        return int(module.main(arguments[1:]))
    except LauncherError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
