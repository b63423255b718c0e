"""Reading the environment: every setting that differs between machines comes from here."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def text(name: str, default: str = "") -> str:
    """The variable LYHORD_<name>."""
    return os.environ.get(f"LYHORD_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    value = text(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """A whole number."""
    return int(text(name) or default)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or blanks."""
    return text(name, default).replace(",", " ").split()


def folder(name: str, default: Path) -> Path:
    """A folder."""
    return Path(text(name) or default).expanduser()


def secret(name: str, fallback: str) -> str:
    """A secret from LYHORD_<name>, or from the file LYHORD_<name>_FILE, or the fallback."""
    if value := text(name):
        return value
    if file := text(f"{name}_FILE"):
        return Path(file).read_text().strip()
    return fallback


def database(url: str) -> dict[str, Any]:
    """Django's settings of a PostgreSQL URL; `?host=/folder` means a Unix socket.

    Statements are prepared when they come again: planning costs the database more than running most of them.
    A pooler that cannot bear that (PgBouncer before 1.22) needs LYHORD_DATABASE_PREPARE=0.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or parts.hostname or ""
    port = query.pop("port", None) or parts.port or ""
    return {
        "ENGINE": "lyhord.core.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "lyhord",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 3 if flag("DATABASE_PREPARE", default=True) else None,
            **query,
        },
    }
