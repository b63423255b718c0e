"""What every command sets up before Django reads its settings."""

import os
import secrets
from pathlib import Path

from lyhord.config.postgres import Server
from lyhord.config.postgres.errors import not_writable
from lyhord.config.postgres.roles import APP, OWNER
from lyhord.config.postgres.urls import data_folder, socket_url


def prepare(data: Path | None = None) -> Path:
    """Make the data folder and its secret key, and name both to Django. Returns the folder."""
    folder = (data.expanduser().absolute() if data else data_folder(os.environ)).resolve()
    try:
        for name in ("files", "static"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if not (os.environ.get("LYHORD_SECRET_KEY") or os.environ.get("LYHORD_SECRET_KEY_FILE")):
            os.environ["LYHORD_SECRET_KEY_FILE"] = str(_secret_key(folder))
    except OSError as problem:
        raise not_writable(folder, problem.strerror or problem) from problem
    os.environ["LYHORD_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lyhord.config.settings")
    return folder


def _secret_key(folder: Path) -> Path:
    """The file with this installation's secret key, made once and closed to other users."""
    file = folder / "secret-key"
    if not (file.exists() and file.stat().st_size):
        unfinished = folder / f"secret-key.{os.getpid()}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as key:
            key.write(secrets.token_urlsafe(50))
        unfinished.replace(file)
    return file


def outside_database() -> bool:
    """Tell whether the environment names a database, so that none is started."""
    return bool(os.environ.get("LYHORD_DATABASE_URL"))


def use(server: Server) -> None:
    """Lead Django to an embedded server."""
    use_socket(server.socket)


def use_socket(folder: Path) -> None:
    """Lead Django to the embedded server whose socket lies in ``folder``."""
    os.environ["LYHORD_DATABASE_URL"] = socket_url(folder, APP)
    os.environ["LYHORD_OWNER_DATABASE_URL"] = socket_url(folder, OWNER)
