"""Making a new cluster with initdb."""

import os
import shutil
import signal
import subprocess

from lyhord.config.postgres.binaries import Installation
from lyhord.config.postgres.errors import LauncherError, no_space
from lyhord.config.postgres.identity import Identity
from lyhord.config.postgres.layout import Layout

SUPERUSER = "postgres"

# The first version whose own locale provider needs nothing of the operating system.
_BUILTIN_SINCE = 17


def server_environment() -> dict[str, str]:
    """Environment for PostgreSQL's programs: English messages, since we read some, and no PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def create(layout: Layout, installation: Installation, identity: Identity) -> None:
    """Make ``layout.cluster``. Raises LauncherError; a failed or interrupted attempt leaves nothing behind.

    It is not yet forced to the disk, which can take long: see `write_down`.
    """
    output = ""
    for locale in _locales(installation.version):
        shutil.rmtree(layout.unfinished, ignore_errors=True)
        layout.unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(layout.unfinished, identity.uid, identity.gid)
        done = _initdb(layout, installation, identity, locale)
        if done.returncode == 0:
            layout.unfinished.rename(layout.cluster)
            return
        output = done.stdout + done.stderr
        if "locale" not in output:
            break
    shutil.rmtree(layout.unfinished, ignore_errors=True)
    if "No space left on device" in output:
        raise no_space(layout.base)
    raise LauncherError(
        f"Databasen kunde inte skapas i {layout.base}. PostgreSQL svarade:",
        f"The database could not be created in {layout.base}. PostgreSQL answered:\n{output.strip()[-2000:]}",
    )


def write_down(layout: Layout, installation: Installation, identity: Identity) -> subprocess.Popen[bytes]:
    """Force a new cluster to the disk while it already runs. Returns the process to wait for."""
    words = [installation.program("initdb"), "--sync-only", f"--pgdata={layout.cluster}"]
    return subprocess.Popen(
        identity.command(words, dies_by=signal.SIGTERM),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=layout.base,
        env=server_environment(),
        start_new_session=True,
    )


def _initdb(
    layout: Layout, installation: Installation, identity: Identity, locale: list[str]
) -> subprocess.CompletedProcess[str]:
    words = [
        installation.program("initdb"),
        f"--pgdata={layout.unfinished}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--auth=trust",  # The socket's folder is closed to other users; there is no network listener.
        "--no-instructions",
        "--no-sync",
        *locale,
    ]
    return subprocess.run(
        identity.command(words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        cwd=layout.base,
        env=server_environment(),
    )


def _locales(version: int) -> list[list[str]]:
    """Arguments to try in turn; sorting never depends on them, since the product makes its own sort keys."""
    if version >= _BUILTIN_SINCE:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [[*builtin, "--locale=C.UTF-8"], [*builtin, "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"], ["--locale=C"]]
