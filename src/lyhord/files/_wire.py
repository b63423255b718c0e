"""How the limited process and its parent speak: parts with a length before each, nothing that can run.

Imported by both sides, so it needs only the standard library. Never pickle: what comes from the child is hostile.
"""

import struct
from collections.abc import Sequence

_LENGTH = struct.Struct(">I")

READY = b"R"
"""The first byte from the child: its own code is loaded, so a death after this is about the data."""

OK, REFUSED, MEMORY = b"ok", b"refused", b"memory"
"""How a task ended: its answer follows, its reason follows, or the memory was not enough."""


class Refused(Exception):
    """Raised inside a task in the child: the data cannot be used. `code` is short ASCII."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def pack(*parts: bytes) -> bytes:
    """The parts as one string of bytes, each after its length as 4 bytes, big end first."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unpack(data: bytes, count: int) -> Sequence[bytes]:
    """Exactly `count` parts that fill all of `data`. Raises ValueError for anything else."""
    parts: list[bytes] = []
    at = 0
    for _ in range(count):
        if at + _LENGTH.size > len(data):
            raise ValueError("a length is missing")
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if at + length > len(data):
            raise ValueError("a part is shorter than its length says")
        parts.append(data[at : at + length])
        at += length
    if at != len(data):
        raise ValueError("something follows the last part")
    return parts
