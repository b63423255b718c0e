"""Who PostgreSQL runs as.

PostgreSQL refuses to run as root, yet people try Lyhörd in containers and on servers where they are root.
Three ways out, in this order:

* ``plain``: an ordinary user runs it as itself;
* ``mapped``: root (or a user without a name, as in some containers) enters a user namespace in which it is an
  ordinary user. Nothing on the machine changes, and files still belong to the one who started it;
* ``nobody``: root hands over to the user *nobody*, where user namespaces are refused (most Docker containers).
"""

import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lyhord.config.postgres.errors import LauncherError

Way = Literal["plain", "mapped", "nobody"]

_BECOME = str(Path(__file__).with_name("become.py"))


@dataclass(frozen=True)
class Identity:
    """The user PostgreSQL becomes: ``uid``/``gid`` own its files as seen from outside."""

    way: Way
    uid: int
    gid: int
    inner_uid: int
    inner_gid: int

    def command(self, words: list[str], dies_by: signal.Signals | None = None) -> list[str]:
        """The command line that runs ``words`` (a program's full path and its arguments) as this identity.

        With ``dies_by`` the program gets that signal when we die, however we die. Linux only; ask from the main thread,
        since Linux counts the starting *thread* as the parent.
        """
        if self.way == "plain" and (dies_by is None or sys.platform != "linux"):
            return words
        numbers = [self.uid, self.gid, self.inner_uid, self.inner_gid]
        parent_and_signal = [str(os.getpid()), str(int(dies_by or 0))]
        return [sys.executable, "-I", "-S", _BECOME, *parent_and_signal, self.way, *map(str, numbers), *words]

    def can_enter(self, folder: str) -> bool:
        """Tell whether this identity can reach ``folder``: not so for one under somebody else's closed home."""
        if self.way == "plain":
            return os.access(folder, os.X_OK)
        return _succeeds(self.command(["/bin/sh", "-c", 'cd "$1"', "sh", folder]))


def plain() -> Identity:
    """Whoever we are."""
    uid, gid = os.geteuid(), os.getegid()
    return Identity("plain", uid, gid, uid, gid)


def choose(way: Way | None = None) -> Identity:
    """Pick the identity for this process.

    ``way``, or LYHORD_POSTGRES_AS in the environment, forces one. Raises LauncherError when no way works.
    """
    wanted = way or os.environ.get("LYHORD_POSTGRES_AS") or None
    for identity in _candidates():
        if wanted and identity.way != wanted:
            continue
        if identity.way == "plain" or _succeeds(identity.command(["/bin/sh", "-c", ":"])):
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
        found.append(plain())
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


def _succeeds(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/")
    except OSError:
        return False
    return done.returncode == 0
