"""The database's addresses: where the application and the owner of its tables connect."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from lyhord.config.postgres import lock
from lyhord.config.postgres.roles import APP, DATABASE, OWNER

OWNER_URL_MISSING = (
    "LYHORD_OWNER_DATABASE_URL is not set, so the application and the migrations use the same role. If that role owns "
    "the tables, the database does not keep the organisations apart. Make a role that owns nothing for "
    "LYHORD_DATABASE_URL and name the owner in LYHORD_OWNER_DATABASE_URL."
)


def socket_url(folder: Path, role: str, database: str = DATABASE) -> str:
    """URL over the Unix socket in ``folder``. The port is spelt out, or a PGPORT in the environment would change it."""
    return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(folder), safe='/')}&port=5432"


def data_folder(env: Mapping[str, str]) -> Path:
    """The data folder: LYHORD_DATA, else ``lyhord`` under XDG_DATA_HOME, else ``~/.local/share/lyhord``."""
    if env.get("LYHORD_DATA"):
        return Path(env["LYHORD_DATA"]).expanduser().absolute()
    shared = env.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(shared).expanduser().absolute() / "lyhord"


def database_urls(env: Mapping[str, str]) -> tuple[str, str]:
    """The application's URL and the owner's.

    With LYHORD_DATABASE_URL set, the owner's is LYHORD_OWNER_DATABASE_URL or else the same one (OWNER_URL_MISSING).
    Without it they lead to the embedded server of the data folder: the one that runs, else the place where it would be.
    """
    outside = env.get("LYHORD_DATABASE_URL")
    if outside:
        return outside, env.get("LYHORD_OWNER_DATABASE_URL") or outside
    data = data_folder(env)
    folder = lock.running_socket(data) or data / "postgres" / "socket"
    return socket_url(folder, APP), socket_url(folder, OWNER)


def owner_url_missing(env: Mapping[str, str]) -> bool:
    """Tell whether an outside database has no owner of its own (a system check warns with OWNER_URL_MISSING)."""
    outside = env.get("LYHORD_DATABASE_URL")
    return bool(outside) and env.get("LYHORD_OWNER_DATABASE_URL", outside) == outside
