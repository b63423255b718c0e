"""Short signatures that fit into an address: who can make one has seen one made for the very same thing.

100 bits in small letters and digits, since mail servers may change the size of letters and allow 64 characters in
front of the "@". Made from the installation's key, so nothing is stored (as follow codes, ADR 7).
"""

import hmac

from django.conf import settings

LENGTH = 20
PATTERN = r"[0-9a-hjkmnp-tv-z]{20}"
"""What one looks like, as a regular expression."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32, in small letters


def sign(purpose: str, *about: str) -> str:
    """The signature of something for a purpose."""
    said = "\0".join(("lyhord signed", purpose, *about))
    digest = hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256")
    number = int.from_bytes(digest[:13]) >> 4
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def genuine(signature: str, purpose: str, *about: str) -> bool:
    """Whether it was made here for this; how long that takes tells nothing."""
    return hmac.compare_digest(signature.lower().encode(), sign(purpose, *about).encode())
