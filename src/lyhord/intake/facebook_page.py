"""What Facebook must know to be believed: its token, and how its calls are signed."""

import hmac

from lyhord.core.sealed import unseal
from lyhord.intake.models import FacebookPage

SECRET, TOKEN = "facebook secret", "facebook token"  # what the sealed texts are for


def token_of(row: FacebookPage) -> str:
    """What Facebook is to say when the address is tied to the page."""
    return unseal(row.token, purpose=TOKEN) or ""


def is_token(row: FacebookPage, given: str) -> bool:
    """Whether it said so; how long that takes tells nothing."""
    known = token_of(row)
    return bool(known) and hmac.compare_digest(known.encode(), given.encode())


def is_signed(row: FacebookPage, body: bytes, signature: str) -> bool:
    """Whether the call was signed with the app's secret (X-Hub-Signature-256)."""
    secret = unseal(row.secret, purpose=SECRET) or ""
    kind, _equals, given = signature.partition("=")
    right = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return bool(secret) and kind == "sha256" and hmac.compare_digest(right.encode(), given.lower().encode())
