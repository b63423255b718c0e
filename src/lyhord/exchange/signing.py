"""Signatures as in Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over id, time and body.

The secret is made from the installation's key and the webhook, so it is stored nowhere (as follow codes, ADR 7).
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)  # of clocks, as the standard has it


def secret_for(secret_key: bytes, webhook: UUID, version: int) -> str:
    """The secret that the subscriber checks signatures by: "whsec_" and 32 bytes in base64."""
    made = hmac.digest(secret_key, b"lyhord webhook secret" + webhook.bytes + version.to_bytes(8, "big"), "sha256")
    return PREFIX + base64.b64encode(made).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, as it stands in the header: "v1,<base64>"."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, said, "sha256")).decode()


def headers(message: UUID, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one message, signed by each of the secrets."""
    message_id, timestamp = message_id_of(message), int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets),
    }


def verified(given: Mapping[str, str], body: bytes, secret: str, at: datetime) -> bool:
    """Whether a message that came is signed by the secret, and new. Names of headers in small letters."""
    message_id, sent = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not sent.isdecimal() or len(sent) > 12 or abs(int(sent) - at.timestamp()) > TOLERANCE.total_seconds():
        return False
    try:
        wanted = signature(secret, message_id, int(sent), body)
    except ValueError:  # what we were given as their secret is none
        return False
    return any(same(one, wanted) for one in given.get("webhook-signature", "").split())


def same(one: str, other: str) -> bool:
    """Compared so that the time it takes says nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def message_id_of(message: UUID) -> str:
    """The name that subscribers know a message by."""
    return f"msg_{message.hex}"
