"""The part of `run` that needs Django, in a process of its own: migrate, and seed the demo the first time."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands

from lyhord.config.command import demo


def main() -> int:
    """Make the database ready for serving; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lyhord.config.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO and "seed_demo" in get_commands():
        demo.seed_once(Path(os.environ["LYHORD_DATA"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
