"""Short secrets kept where others may come across them: sealed with the installation's key, each for one purpose.

Fernet (AES and HMAC, with the time it was sealed). Who has the database but not LYHORD_SECRET_KEY can read nothing.
"""

import base64
import hmac
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str, *, purpose: str) -> str:
    """The text so that only `unseal` with the same purpose reads it: ASCII that fits in a cookie."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, max_age: timedelta | None = None) -> str | None:
    """What was sealed; None for what is not ours, for another purpose, or older than `max_age`."""
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=int(max_age.total_seconds()) if max_age else None).decode()
    except (InvalidToken, UnicodeError):
        return None


def _box(purpose: str) -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), f"lyhord sealed {purpose}".encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
