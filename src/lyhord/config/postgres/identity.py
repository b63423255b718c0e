"""Who PostgreSQL runs as.

PostgreSQL refuses to run as root, yet people try Lyhörd in containers and on servers where they are root.
Three ways out, in this order:

* ``plain``: an ordinary user runs it as itself;
* ``mapped``: root (or a user without a name, as in some containers) enters a user namespace in which it is an
  ordinary user. Nothing on the machine changes, and files still belong to the one who started it;
* ``nobody``: root hands over to the user *nobody*, where user namespaces are refused (most Docker containers).
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lyhord.config.postgres.errors import LauncherError

Way = Literal["plain", "mapped", "nobody"]

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: importing in a forked child can dead-lock.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """The user PostgreSQL becomes: ``uid``/``gid`` own its files as seen from outside."""

    way: Way
    uid: int
    gid: int
    inner_uid: int
    inner_gid: int

    def become(self) -> None:
        """Turn the calling (freshly forked) process into this identity. Raises OSError where the system refuses."""
        if self.way == "nobody":
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)
        elif self.way == "mapped":
            _enter_namespace(self)

    def before_exec(self, end_with_parent: bool = False) -> Callable[[], None]:
        """Make the function to run in the child between fork and exec.

        With ``end_with_parent`` the child is told to stop (fast shutdown) when its parent dies, however it dies.
        Linux only; must be asked for from the main thread, since Linux counts the forking *thread* as the parent.
        """
        parent = os.getpid()

        def prepare() -> None:
            self.become()
            if end_with_parent:
                die_with_parent(parent, signal.SIGINT)

        return prepare

    def can_enter(self, folder: str) -> bool:
        """Tell whether this identity can reach ``folder``: not so for one under somebody else's closed home."""
        if self.way == "plain":
            return os.access(folder, os.X_OK)
        probe = ["/bin/sh", "-c", 'cd "$1"', "sh", folder]
        return _succeeds(probe, self.before_exec())


def die_with_parent(parent: int, with_signal: signal.Signals) -> None:
    """Ask Linux to send ``with_signal`` to the calling process when its parent thread dies. No-op elsewhere."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if (
        os.getppid() != parent and os.getppid() != 0
    ):  # The parent died before we asked (0: it is outside our PID namespace).
        os.kill(os.getpid(), signal.SIGKILL)


def choose(way: Way | None = None) -> Identity:
    """Pick the identity for this process.

    ``way``, or LYHORD_POSTGRES_AS in the environment, forces one. Raises LauncherError when no way works.
    """
    wanted = way or os.environ.get("LYHORD_POSTGRES_AS") or None
    for identity in _candidates():
        if wanted and identity.way != wanted:
            continue
        if identity.way == "plain" or _succeeds(["/bin/sh", "-c", ":"], identity.before_exec()):
            return identity
    raise LauncherError(
        "PostgreSQL får inte köras som root, och systemet tillåter varken ett eget användarutrymme eller "
        "användaren nobody. Kör som en vanlig användare, eller ange en egen databas med LYHORD_DATABASE_URL.",
        "PostgreSQL refuses to run as root, and this system allows neither a user namespace nor the user nobody. "
        "Run as an ordinary user, or name a database of your own with LYHORD_DATABASE_URL.",
    )


def _candidates() -> list[Identity]:
    uid, gid = os.geteuid(), os.getegid()
    found = []
    if uid != 0 and _named(uid):
        found.append(Identity("plain", uid, gid, uid, gid))
    inner = _somebody()
    if inner is not None and sys.platform == "linux":
        found.append(Identity("mapped", uid, gid, inner.pw_uid, inner.pw_gid))
    if inner is not None and uid == 0:
        found.append(Identity("nobody", inner.pw_uid, inner.pw_gid, inner.pw_uid, inner.pw_gid))
    return found


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _somebody() -> pwd.struct_passwd | None:
    """A user that is not root and has a name, since initdb looks up its own user's name."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next((user for user in pwd.getpwall() if user.pw_uid != 0), None)


def _enter_namespace(identity: Identity) -> None:
    if sys.platform != "linux":
        raise OSError("user namespaces exist only on Linux")
    os.unshare(os.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{identity.inner_uid} {identity.uid} 1")
    _write("/proc/self/gid_map", f"{identity.inner_gid} {identity.gid} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _succeeds(command: list[str], before_exec: Callable[[], None]) -> bool:
    try:
        done = subprocess.run(
            command, preexec_fn=before_exec, stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/"
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
