"""The token of a log-in: who has it is logged in, so the database has only its digest."""

import hashlib


def digest_of(token: str) -> bytes:
    """What the database knows a cookie by."""
    return hashlib.sha256(b"lyhord resident log-in" + token.encode()).digest()
