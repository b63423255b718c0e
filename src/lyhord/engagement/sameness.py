"""When two acts are the same: from one device, by one account, or one form sent twice. Sixteen bytes, no trace back.

What is kept of a device differs from opening to opening, so nobody can read in the database that the same device took
part in two. The device itself holds a number that we signed; one that somebody made up counts as none.
"""

import hmac
from secrets import token_hex

from django.conf import settings

from lyhord.core.signed import genuine, sign
from lyhord.core.tenancy import require_organisation_id

_PURPOSE, _NUMBER = "device", 44


def new_device() -> str:
    """A number for a device that has none, and its signature: 64 letters and digits."""
    number = token_hex(_NUMBER // 2)
    return number + sign(_PURPOSE, number)


def genuine_device(written: str) -> str:
    """What a device says of itself, when it was made here; else ""."""
    known = len(written) == 64 and genuine(written[_NUMBER:], _PURPOSE, written[:_NUMBER])
    return written if known else ""


def key_of(opening_id: int, sort: str, value: str) -> bytes:
    """The key of an act at an opening: `sort` says what `value` is ("device", "form")."""
    said = f"{require_organisation_id()} {opening_id} {sort} {value}"
    secret = hmac.digest(settings.SECRET_KEY.encode(), b"lyhord engagement", "sha256")
    return hmac.digest(secret, said.encode(), "sha256")[:16]
