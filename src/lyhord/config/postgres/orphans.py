"""What an earlier server left behind: a running one whose launcher was killed, or a pid file that means nothing."""

import os
import platform
import signal
import subprocess
import time
from pathlib import Path

_LINUX = platform.system() == "Linux"
# A server that is asked to stop while it mends itself after a crash may never answer (PostgreSQL 18). Ended by force it
# loses nothing: it mends itself when it is started.
_PATIENCE = 10.0


def clear(cluster: Path) -> None:
    """Leave ``cluster`` free to start: stop an orphaned server cleanly, remove a pid file that names another process.

    Call it only while holding the folder's lock. PostgreSQL itself refuses to start when the pid in its file belongs to
    any process of the same user, as easily happens when a container restarts and the same low numbers come back. A dead
    server's own number is enough, for as long as nobody has asked how it ended; in many containers nobody ever does.
    """
    pid_file = cluster / "postmaster.pid"
    pid = _pid_in(pid_file)
    if pid is None:
        return
    if _is_server(pid, cluster):
        stop(pid)
    for leftover in _processes_in(
        cluster
    ):  # Back ends of a postmaster that was killed leave by themselves, unless they are busy.
        stop(leftover)
    if pid != _pid_in(pid_file):
        return
    if _listed(pid) and not _is_server(pid, cluster):
        pid_file.unlink(missing_ok=True)


def stop(pid: int, patience: float = _PATIENCE) -> None:
    """Stop a PostgreSQL process that is not our child: fast, then at once, then by force. ``patience`` in seconds."""
    for how, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not _alive(pid):
                return
            time.sleep(0.02)


def _pid_in(pid_file: Path) -> int | None:
    try:
        return abs(int(pid_file.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _listed(pid: int) -> bool:
    """Tell whether there is such a process, be it one that has ended and that its parent has not asked about."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _alive(pid: int) -> bool:
    if not _listed(pid):
        return False
    if _LINUX:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except (OSError, IndexError):
            return False
    return True


def _is_server(pid: int, cluster: Path) -> bool:
    """Tell whether ``pid`` is a PostgreSQL process working in ``cluster``."""
    if not _alive(pid):
        return False
    if _LINUX:
        return _works_in(pid, cluster)
    listing = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in listing.stdout


def _works_in(pid: int, cluster: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        return (process / "comm").read_text().strip() == "postgres" and (process / "cwd").readlink() == cluster
    except OSError:
        return False


def _processes_in(cluster: Path) -> list[int]:
    """All PostgreSQL processes working in ``cluster`` (Linux; elsewhere none are found)."""
    if not _LINUX:
        return []
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in numbers if _works_in(pid, cluster) and _alive(pid)]
