"""Becomes another identity and then another program. Run as a script, with nothing imported but the standard library.

Done in a process of its own, after exec: Python must not run between fork and exec in a program with threads.

    become.py PARENT SIGNAL WAY UID GID INNER_UID INNER_GID PROGRAM [ARGUMENTS]

PARENT is the process number of whoever started this; with a SIGNAL other than 0, Linux sends it to the
program when that parent dies.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_CANNOT_BECOME = 126
_CANNOT_RUN = 127


def main(words: list[str]) -> None:
    """Become, then exec: returns only by an exception."""
    parent, with_signal, way = int(words[0]), int(words[1]), words[2]
    uid, gid, inner_uid, inner_gid = (int(word) for word in words[3:7])
    command = words[7:]
    try:
        if way == "nobody":
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        elif way == "mapped":
            _enter_namespace(uid, gid, inner_uid, inner_gid)
    except (OSError, AttributeError) as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(_CANNOT_BECOME)
    if with_signal:  # After the change of user, which would clear it.
        _die_with(parent, with_signal)
    try:
        os.execv(command[0], command)  # noqa: S606  # no shell is wanted
    except OSError as problem:
        sys.stderr.write(f"{command[0]}: {problem}\n")
        sys.exit(_CANNOT_RUN)


def _enter_namespace(uid: int, gid: int, inner_uid: int, inner_gid: int) -> None:
    if sys.platform != "linux":
        raise OSError("user namespaces exist only on Linux")
    os.unshare(os.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{inner_uid} {uid} 1")
    _write("/proc/self/gid_map", f"{inner_gid} {gid} 1")


def _write(path: str, text: str) -> None:
    """In one write and unbuffered, as these files of the kernel demand."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _die_with(parent: int, with_signal: int) -> None:
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:  # It died before we asked.
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
