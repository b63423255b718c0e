"""Web Push: a message that only one browser can read, carried by that browser's own service.

The service (Google's, Mozilla's, Apple's …) sees when something is sent and how long it is, never what: RFC 8291 locks
the message with the browser's key, RFC 8188 is how it is written, and RFC 8292 (VAPID) says who sends. The browser
accepts messages of one sender only, so that sender's key must stay the same: it is made from the installation's secret
key, and so needs no place of its own.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from lyhord.core.clock import now

LONGEST_PAYLOAD = 3000
"""Bytes; every service takes at least so much (RFC 8030 §7.2: 4096 with all that is added)."""
RECORD = 4096
KEY_LENGTH, SECRET_LENGTH = 65, 16
"""Of a browser's public key (an uncompressed P-256 point) and of its shared secret."""
PROOF_HOLDS = timedelta(hours=12)
"""RFC 8292 §2: a day at most."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (FIPS 186-5): private keys are 1 … _ORDER - 1."""

CURVE = ec.SECP256R1()


def unpadded(data: bytes) -> str:
    """base64url as the standards of the web have it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_unpadded(text: str) -> bytes:
    """The bytes behind base64url, padded or not. Raises ValueError."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, UnicodeError) as error:
        raise ValueError("not base64url") from error


def public_key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """A browser's key. Raises ValueError when the bytes are no point of the curve."""
    if len(point) != KEY_LENGTH:
        raise ValueError("not an uncompressed P-256 point")
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def sender_key() -> ec.EllipticCurvePrivateKey:
    """The installation's own key."""
    return _sender_key(settings.SECRET_KEY)


@cache
def _sender_key(secret: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes for a number of 32: what is left after dividing is then as good as evenly spread
    made = HKDF(hashes.SHA256(), 48, None, b"lyhord web push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(made, "big") % (_ORDER - 1) + 1, CURVE)


def application_server_key() -> str:
    """What a browser subscribes with: the public half, base64url."""
    return unpadded(point_of(sender_key().public_key()))


def authorization(endpoint: str, contact: str) -> str:
    """The header that says who sends (RFC 8292). `contact` is a mailto: or https: address for the service's staff."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now() + PROOF_HOLDS).timestamp()), "sub": contact}
    token = jwt.encode(claims, sender_key(), algorithm="ES256")
    return f"vapid t={token}, k={application_server_key()}"


def lock(
    message: bytes,
    *,
    browser_key: bytes,
    browser_secret: bytes,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The message for one browser (RFC 8291 §4), as the body to send with `Content-Encoding: aes128gcm`.

    `own` and `salt` are for one message only, and are given by tests alone. Raises ValueError for a key that is none.
    """
    if len(message) > LONGEST_PAYLOAD:
        raise ValueError("too long for a push message")
    theirs = public_key_of(browser_key)
    own = own or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    point = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, browser_secret, b"WebPush: info\0" + browser_key + point, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return header + AESGCM(key).encrypt(nonce, message + b"\2", None)  # 2: the last record


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
