"""The small project's demo: fails the first time when the variable LYHORD_TEST_BREAK names a file that is not there."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tests.config.house.models import Organisation


class Command(BaseCommand):
    """Makes one organisation."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a log-in, as the product's demo does."""
        Organisation._default_manager.using("owner").get_or_create(name="Motala")
        breaks = os.environ.get("LYHORD_TEST_BREAK")
        if breaks and not Path(breaks).exists():
            Path(breaks).touch()
            raise CommandError("broken off half-way")
        self.stdout.write("Logga in som Ada")
