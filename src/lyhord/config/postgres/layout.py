"""Where the database's files lie.

``DATA/postgres/`` holds ``data`` (PostgreSQL's own folder), ``socket`` and ``server.log``. When PostgreSQL must run as
another user that cannot reach ``DATA`` (root's home is closed to others), ``DATA/postgres`` is a link to a folder under
``/var/lib/lyhord``.
"""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lyhord.config.postgres.binaries import shelter
from lyhord.config.postgres.errors import LauncherError, not_writable
from lyhord.config.postgres.identity import Identity

# The system's limit for a socket's path is 107 bytes (103 on macOS), its ending zero left out.
_LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one data folder's database."""

    base: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder (PGDATA)."""
        return self.base / "data"

    @property
    def unfinished(self) -> Path:
        """Where a new cluster is made before it moves into place, so that an interrupted start leaves no half one."""
        return self.base / "data.new"

    @property
    def log(self) -> Path:
        """What PostgreSQL writes about itself."""
        return self.base / "server.log"

    def version(self) -> int | None:
        """Major version the cluster was made with; None when there is no cluster yet."""
        try:
            return int((self.cluster / "PG_VERSION").read_text().strip())
        except (FileNotFoundError, ValueError):
            return None


def prepare(data: Path, identity: Identity) -> Layout:
    """Make the folders, owned by and reachable for ``identity``. Raises LauncherError when they can't be."""
    place = data / "postgres"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not place.is_symlink():
            place.mkdir(mode=0o700, exist_ok=True)
        else:
            place.resolve().mkdir(mode=0o700, parents=True, exist_ok=True)
        base = place.resolve()
        if not identity.can_enter(str(base.parent)):
            base = _move_to_shelter(place, base, identity)
        _give(base, identity)
    except OSError as problem:
        raise not_writable(data, problem.strerror or problem) from problem
    if not os.access(base, os.W_OK | os.X_OK):
        raise not_writable(base, "Permission denied")
    return Layout(base)


def _move_to_shelter(place: Path, base: Path, identity: Identity) -> Path:
    target = shelter() / f"data-{_name_of(place)}"
    if not identity.can_enter(str(target.parent)):
        raise LauncherError(
            f"Databasens användare når inte {base}. Välj en mapp utanför hemkatalogen med --data.",
            f"The database's user cannot reach {base}. Choose a folder outside the home folder with --data.",
        )
    if base != target:
        if target.exists():  # Left behind by an earlier data folder with the same path, which is gone.
            shutil.rmtree(target)
        shutil.move(base, target)
        place.unlink(missing_ok=True)
        place.symlink_to(target)
    return target


def _name_of(place: Path) -> str:
    facts = place.parent.stat()
    return f"{facts.st_dev:x}-{facts.st_ino:x}"


def _give(base: Path, identity: Identity) -> None:
    """Make everything under ``base`` belong to the identity, when root ran it as somebody else last time."""
    if base.stat().st_uid == identity.uid or os.geteuid() != 0:
        return
    for folder, _folders, files in os.walk(base, topdown=False):  # The base last: it says that all is done.
        os.chown(folder, identity.uid, identity.gid)
        for name in files:
            os.chown(Path(folder) / name, identity.uid, identity.gid, follow_symlinks=False)


def socket_folder(layout: Layout, identity: Identity, earlier: Path | None = None) -> Path:
    """Make the socket's folder: beside the cluster, or a temporary one when that path is too long for a socket.

    ``earlier`` is the folder used before a restart, and is used again. Call it only when no server runs.
    """
    near = layout.base / "socket"
    if earlier is not None and earlier.is_dir():
        folder = earlier
    elif len(os.fsencode(near / SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
        near.mkdir(mode=0o700, exist_ok=True)
        folder = near
    else:
        roots = [tempfile.gettempdir(), "/tmp"]  # noqa: S108  # the folder made in it has a random name and is closed to others
        short = [
            root
            for root in roots
            if len(os.fsencode(root)) <= _LONGEST_SOCKET_PATH - len("/lyhord-12345678/" + SOCKET_NAME)
        ]
        folder = Path(tempfile.mkdtemp(prefix="lyhord-", dir=short[0]))
    for left in folder.iterdir():  # A killed server's lock: its pid may by now be anybody's.
        left.unlink()
    folder.chmod(stat.S_IRWXU)
    if os.geteuid() == 0:
        os.chown(folder, identity.uid, identity.gid)
    return folder
