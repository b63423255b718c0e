"""A folder on disk as the file storage: what has been taken in is on the disk itself, and survives a power cut."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Disk(FileSystemStorage):
    """Django's own, which leaves it to the system when files reach the disk; a picture is acknowledged before that."""

    def _save(self, name: str, content: Any) -> str:
        """Write the file, then wait until it and the folders that lead to it are on the disk."""
        saved: str = super()._save(name, content)  # type: ignore[misc]  # Django's stubs leave it out
        top, place = Path(self.location), Path(self.path(saved))
        _sync(place)
        for folder in place.parents:
            _sync(folder)
            if folder == top:
                break
        return saved


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
