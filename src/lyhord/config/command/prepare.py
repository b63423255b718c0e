"""The part of `run` that needs Django, in a process of its own: migrate, and seed the demo the first time."""

import io
import json
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands

_DEMO_NOTE = "demo.json"
_DEMO_TEXT = "demo-logins.txt"


class _Tee(io.StringIO):
    """Writes to the terminal and remembers."""

    def write(self, text: str) -> int:
        sys.stdout.write(text)
        sys.stdout.flush()
        return super().write(text)


def main() -> int:
    """Make the database ready for serving; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lyhord.config.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO and "seed_demo" in get_commands():
        _seed(Path(os.environ["LYHORD_DATA"]))
    return 0


def _seed(data: Path) -> None:
    """Seed once: again after an interrupted attempt, never over organisations that somebody else made.

    What seed_demo printed (the log-ins) is printed again at every later start.
    """
    note, text = data / _DEMO_NOTE, data / _DEMO_TEXT
    state = json.loads(note.read_text())["state"] if note.exists() else ""
    if state == "done":
        sys.stdout.write(text.read_text() if text.exists() else "")
        return
    if not state and _has_organisations():
        return
    note.write_text(json.dumps({"state": "started"}))
    output = _Tee()
    call_command("seed_demo", stdout=output)
    text.write_text(output.getvalue())
    note.write_text(json.dumps({"state": "done"}))


def _has_organisations() -> bool:
    organisation = apps.get_model("organisations", "Organisation")
    return bool(organisation._default_manager.using(settings.MIGRATION_DATABASE).exists())


if __name__ == "__main__":
    sys.exit(main())
