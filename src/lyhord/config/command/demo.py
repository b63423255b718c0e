"""The demo's content: made once for each data folder, with its log-ins shown at every start."""

import io
import json
import os
import sys
from pathlib import Path

_NOTE = "demo.json"
_LOGINS = "demo-logins.txt"


class _Tee(io.StringIO):
    """Writes to the terminal and remembers."""

    def write(self, text: str) -> int:
        sys.stdout.write(text)
        sys.stdout.flush()
        return super().write(text)


def seed_once(data: Path) -> None:
    """Seed the first time: again after an interrupted attempt, never over organisations that somebody else made.

    Needs Django to be set up. What seed_demo prints (the log-ins) is printed again at every later start.
    """
    from django.core.management import call_command

    note = data / _NOTE
    state = json.loads(note.read_text())["state"] if note.exists() else ""
    if state == "done":
        print_logins(data)
        return
    if not state and _has_organisations():
        return
    note.write_text(json.dumps({"state": "started"}))
    output = _Tee()
    call_command("seed_demo", stdout=output)
    (data / _LOGINS).write_text(output.getvalue())
    note.write_text(json.dumps({"state": "done"}))


def forget(data: Path) -> None:
    """The database is new: what the folder says about an earlier one's demo no longer holds."""
    for name in (_NOTE, _LOGINS):
        (data / name).unlink(missing_ok=True)


def print_logins(data: Path) -> None:
    """Print what seed_demo printed when it made this folder's demo."""
    text = data / _LOGINS
    if text.exists() and os.environ.get("LYHORD_DEMO"):
        sys.stdout.write(text.read_text())
        sys.stdout.flush()


def _has_organisations() -> bool:
    from django.apps import apps
    from django.conf import settings

    organisation = apps.get_model("organisations", "Organisation")
    return bool(organisation._default_manager.using(settings.MIGRATION_DATABASE).exists())
