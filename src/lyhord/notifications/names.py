"""The names that a notice leaves with: its Message-ID, and the address where it comes back when it cannot be delivered.

Both hold a signature that only the installation can make: who knows one has had the notice, or a report about it.
"""

import re

from lyhord.core.signed import PATTERN, genuine, sign

_PURPOSE = "notice"
_MESSAGE_ID = re.compile(rf"notice-(\d{{1,18}})\.({PATTERN})@.+", re.IGNORECASE)
_RETURN = re.compile(rf"[^+@]+\+n(\d{{1,18}})-({PATTERN})@.+", re.IGNORECASE)


def message_id(notice_id: int, host: str) -> str:
    """The Message-ID, with its brackets; the same each time the notice is sent."""
    return f"<notice-{notice_id}.{sign(_PURPOSE, str(notice_id))}@{host}>"


def return_address(notice_id: int, mailbox: str) -> str:
    """The envelope's sender: what comes back there is about this notice."""
    local, _at, domain = mailbox.partition("@")
    return f"{local}+n{notice_id}-{sign(_PURPOSE, str(notice_id))}@{domain}"


def notice_of(name: str) -> int | None:
    """The id of the notice that a Message-ID (without brackets) or a return address is of; None for all others'."""
    found = _MESSAGE_ID.fullmatch(name) or _RETURN.fullmatch(name)
    if found is None or not genuine(found[2], _PURPOSE, found[1]):
        return None
    return int(found[1])
