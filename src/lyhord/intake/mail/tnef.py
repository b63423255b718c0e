"""winmail.dat: what Outlook packs a mail and its files in when it takes us for Outlook (MS-OXTNEF).

A signature, a key, and then attributes: level, id, length, data, checksum. The files' names and contents are plain
attributes; long names are among the properties in "attAttachment".
"""

import struct
from collections.abc import Iterator

from lyhord.intake.mail.charsets import decoded

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_FILES = 100

_BODY, _TITLE, _DATA, _RENDER, _PROPERTIES = 0x0002800C, 0x00018010, 0x0006800F, 0x00069002, 0x00069005
_LONG_NAME = b"\x1f\x00\x07\x37"  # PT_UNICODE, PR_ATTACH_LONG_FILENAME, little end first
_LONG_NAME_8 = b"\x1e\x00\x07\x37"


def opened(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The plain body, or "", and (name, data) of each file. ValueError when it is no TNEF; what is cut is let go."""
    if not data.startswith(SIGNATURE):
        raise ValueError("no TNEF")
    body = ""
    files: list[list[object]] = []
    for kind, value in _attributes(data):
        if kind == _BODY:
            body = decoded(value.rstrip(b"\x00"))
        elif kind == _RENDER:
            files.append(["", b""])
        elif files and kind == _TITLE:
            files[-1][0] = files[-1][0] or decoded(value.rstrip(b"\x00"))
        elif files and kind == _DATA:
            files[-1][1] = value
        elif files and kind == _PROPERTIES:
            files[-1][0] = _long_name(value) or files[-1][0]
        if len(files) > MOST_FILES:
            break
    return body, [(str(name), bytes(content)) for name, content in files if isinstance(content, bytes) and content]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _level, kind, length = struct.unpack_from("<BII", data, at)
        at += 9
        if at + length > len(data):
            return
        yield kind, data[at : at + length]
        at += length + 2


def _long_name(properties: bytes) -> str:
    """Count, length and text after the property's tag. One value is all there ever is."""
    for tag, charset in ((_LONG_NAME, "utf-16-le"), (_LONG_NAME_8, "")):
        at = properties.find(tag)
        if at < 0 or at + 12 > len(properties):
            continue
        _count, length = struct.unpack_from("<II", properties, at + 4)
        if 0 < length <= 1000:
            return decoded(properties[at + 12 : at + 12 + length], charset).rstrip("\x00")
    return ""
