"""What can be told of a mail before it is read: enough to keep it once and to list it. Cheap and never fails."""

import hashlib
from typing import NamedTuple

from lyhord.core.text import clean_text
from lyhord.intake.mail.addresses import mailboxes, message_ids
from lyhord.intake.mail.charsets import header
from lyhord.intake.mail.part import Part, parsed

_LONGEST = 256_000
_WHOM = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


class Head(NamedTuple):
    """The beginning of a mail."""

    key: str
    """The same for the same mail, whichever way and however often it comes: 64 characters."""
    sender: str
    subject: str
    recipients: tuple[str, ...]
    """Who the mail itself says that it is for."""


def head_of(raw: bytes) -> Head:
    """The head. A mail with an id is known by it, with its sender, date and subject; one without by its body too."""
    begun = raw[:_LONGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if begun.startswith((b"From ", b">From ")):
        begun = begun.partition(b"\n")[2]
    message = parsed(begun.partition(b"\n\n")[0] + b"\n\n")
    known = [_first(message, name) for name in ("message-id", "from", "date", "subject")]
    found = message_ids(known[0])
    said = "\0".join([found[0] if found else "", *known[1:]]).encode("utf-8", "surrogateescape")
    if not found:
        said += b"\0" + hashlib.sha256(raw.partition(b"\n\n")[2] or raw.partition(b"\r\n\r\n")[2] or raw).digest()
    senders = mailboxes(known[1])
    return Head(
        hashlib.sha256(b"email\0" + said).hexdigest(),
        senders[0].address[:254] if senders else "",
        clean_text(header(known[3][:5000]), one_line=True)[:200],
        tuple(
            dict.fromkeys(
                one.address
                for name in _WHOM
                for value in _all(message, name)[:10]
                for one in mailboxes(value)
                if one.address
            )
        )[:200],
    )


def _first(message: Part, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _all(message: Part, name: str) -> list[str]:
    return [str(value)[:20_000] for known, value in message.raw_items() if known.lower() == name]
