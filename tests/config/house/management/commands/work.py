"""The small project's worker: says that it works, and waits."""

import os
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Waits for a signal."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Leave a note with our number."""
        Path(os.environ["LYHORD_DATA"], "worker").write_text(str(os.getpid()))
        signal.pause()
