"""Remembers that a data folder's database fits the code, so that an ordinary start need not ask Django."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from lyhord.config.command import ROOT

_NOTE = "prepared"


def fingerprint() -> str:
    """Changes with any file of the product, with the list of its packages, and with whether a demo is wanted."""
    digest = hashlib.sha256(os.environ.get("LYHORD_DEMO", "").encode())
    for file in _files():
        facts = file.stat()
        digest.update(f"{file}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    package = ROOT / "src" / "lyhord"
    yield from sorted(package.rglob("*.py"))
    yield from sorted(file for file in (package / "static").rglob("*") if file.is_file())
    lock = ROOT / "uv.lock"
    if lock.exists():
        yield lock


def is_prepared(data: Path) -> bool:
    """Tell whether the database was migrated and seeded by exactly this code, and no command has touched it since."""
    try:
        return (data / _NOTE).read_text() == fingerprint()
    except OSError:
        return False


def remember(data: Path) -> None:
    """Note that the database fits the code."""
    (data / _NOTE).write_text(fingerprint())


def forget(data: Path) -> None:
    """Have the next start look again."""
    (data / _NOTE).unlink(missing_ok=True)
