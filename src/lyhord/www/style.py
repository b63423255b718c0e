"""The style sheet of every page, in one answer: tokens, components and the organisation's colour.

Three files would be three questions before a page on a bad line shows anything. Browsers keep the answer for good at
its address, which changes with any of the three.
"""

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from lyhord.www.brand import Branded, brand_css

PARTS = ("tokens.css", "components.css")
_FOLDER = Path(settings.BASE) / "static" / "lyhord"


class Sheet(NamedTuple):
    """A style sheet as it is sent: as it is, and packed."""

    version: str
    plain: bytes
    packed: bytes


def sheet_of(organisation: Branded) -> Sheet:
    """The organisation's style sheet; the same object until its colour changes."""
    return _made(_parts() if not settings.DEBUG else _read(), brand_css(organisation))


def sheet_version(organisation: Branded) -> str:
    """Stands in the sheet's address."""
    return sheet_of(organisation).version


def _read() -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in PARTS)


@cache
def _parts() -> str:
    return _read()


@lru_cache(maxsize=512)
def _made(parts: str, brand: str) -> Sheet:
    plain = f"{parts}\n{brand}".encode()
    return Sheet(hashlib.sha256(plain).hexdigest()[:10], plain, gzip.compress(plain, mtime=0))
