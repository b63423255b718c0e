"""Addresses in headers, read in linear time. A name in front of an address can say anything, so it is read last."""

import re
from typing import NamedTuple

from lyhord.intake.mail.charsets import header, raw_text

LONGEST = 20_000  # of one header: whoever has more recipients has too many
MOST = 200
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,250}")
_ID = re.compile(r"<([^<>\s]{1,500})>")


class Mailbox(NamedTuple):
    """One name and address; both may be ""."""

    name: str
    address: str


def mailboxes(raw: str) -> list[Mailbox]:
    """Everybody that a From, To or Cc names, in order; groups are opened, comments let go."""
    found = []
    for piece in _pieces(raw[:LONGEST]):
        before, bracket, after = piece.rpartition("<")
        address, name = (after.partition(">")[0], before) if bracket else (piece, "")
        address = "".join(raw_text(address).split()).strip("\"'.").lower()
        match = _ADDRESS.search(address)
        name = " ".join(header(_without_quotes(name)).split()).strip("\"' ")
        if match or name:
            found.append(Mailbox(name, match[0] if match else ""))
        if len(found) >= MOST:
            break
    return found


def _pieces(raw: str) -> list[str]:
    """Cut at commas, semicolons and group names that stand outside quotes, comments and angle brackets."""
    pieces: list[str] = []
    current: list[str] = []
    quoted, bracket, depth, skip = False, False, 0, False
    for char in raw:
        if skip:
            skip = False
            current.append(char)
        elif char == "\\" and (quoted or depth):
            skip = True
        elif quoted:
            quoted = char != '"'
            current.append(char)
        elif char == "(" and not bracket:
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif depth:
            continue
        elif char == '"' and not bracket:
            quoted = True
            current.append(char)
        elif char in ",;" and not bracket:
            pieces.append("".join(current))
            current = []
        elif char == ":" and not bracket:
            current = []
        else:
            bracket = (bracket or char == "<") and char != ">"
            current.append(char)
    pieces.append("".join(current))
    return pieces


def _without_quotes(name: str) -> str:
    name = name.strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def message_ids(raw: str) -> list[str]:
    """The ids between angle brackets, as they stand there; at most MOST, the last ones."""
    return _ID.findall(raw[-LONGEST:])[-MOST:]
