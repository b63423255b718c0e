"""Follow codes: 128 bits that let anybody who has them read one case and write in it, without a name.

The code is made from a key and the case, so it is stored nowhere: the database keeps a digest to find the case by.
A new `version` makes a new code and the old one worthless. The alphabet is Crockford's base32, which has no letter
that looks like a digit and forgives those who read one as the other.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_ALLOWED = frozenset(ALPHABET)


def new_code_key() -> bytes:
    """A secret to make codes with: 32 random bytes."""
    return secrets.token_bytes(32)


def code_for(secret_key: bytes, case_uid: UUID, version: int) -> str:
    """The code of one version of one case's follow link: 26 characters."""
    said = b"lyhord follow code" + case_uid.bytes + version.to_bytes(8, "big")
    return _base32(hmac.digest(secret_key, said, "sha256")[:16])


def digest(code: str) -> bytes:
    """What the database finds the case by: 32 bytes that do not give the code away. Takes a code in any shape."""
    return hashlib.sha256(b"lyhord follow digest" + normalise(code).encode()).digest()


def normalise(written: str) -> str:
    """The code in what somebody wrote, pasted or read aloud: "k7pm-4xtd …" or a whole link; never raises.

    What is left may be no code at all: ask `is_code`.
    """
    last = written.strip().rstrip("/").rpartition("/")[2]
    return "".join(char for char in last.upper().translate(_LOOKS_LIKE) if char in _ALLOWED)


def is_code(written: str) -> bool:
    """Whether it has the shape of a code; whether the code exists only the database knows."""
    return len(normalise(written)) == LENGTH


def pretty(code: str) -> str:
    """In groups of four, as it stands on receipts."""
    plain = normalise(code)
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _base32(data: bytes) -> str:
    """16 bytes as 26 characters: 130 bits, the first two always zero."""
    number = int.from_bytes(data, "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
