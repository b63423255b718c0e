"""What an issuer says of itself and by which keys it signs (OpenID Connect Discovery 1.0); for jobs only."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from lyhord.core.http import Limits, OutwardError, fetch

_TIMEOUT = 10.0
_LARGEST = 256 * 1024
_MOST_KEYS = 50


_LONGEST_ISSUER = 300
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class KeysError(Exception):
    """An issuer's keys cannot be had; the text is for whoever runs the installation."""


def is_issuer(address: str) -> bool:
    """Whether an issuer may have that address: https, or this very machine."""
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return safe and bool(parts.hostname) and len(address) <= _LONGEST_ISSUER


def keys_of(issuer: str) -> list[dict[str, Any]]:
    """The issuer's public keys (RFC 7517), by OpenID Connect Discovery. Raises KeysError."""
    return keys_at(described(issuer), issuer)


def described(issuer: str) -> Mapping[str, Any]:
    """What an issuer says of itself. Raises KeysError."""
    about = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if about.get("issuer") != issuer:
        raise KeysError(f"the document at {issuer} is about {about.get('issuer')!r}")
    return about


def address_in(about: Mapping[str, Any], name: str, issuer: str) -> str:
    """An address that the issuer says is its own, as safe as the issuer's. Raises KeysError."""
    where = about.get(name)
    if not isinstance(where, str) or urlsplit(where).scheme != urlsplit(issuer).scheme:
        raise KeysError(f"no {name} of the same scheme")
    return where


def keys_at(about: Mapping[str, Any], issuer: str) -> list[dict[str, Any]]:
    """The public keys that its description leads to. Raises KeysError."""
    keys = _fetched(address_in(about, "jwks_uri", issuer)).get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise KeysError("no list of keys")
    return [{str(name): value for name, value in key.items() if isinstance(value, str)} for key in keys[:_MOST_KEYS]]


def _fetched(url: str) -> Mapping[str, Any]:
    """A JSON object from an address; redirects are not followed, and no more is read than a key set needs."""
    try:
        answer = fetch(url, limits=Limits(most_bytes=_LARGEST, seconds=_TIMEOUT))
    except OutwardError as error:
        raise KeysError(f"{url}: {error.code}") from error
    if answer.status != HTTPStatus.OK:
        raise KeysError(f"{url} answered {answer.status}")
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise KeysError(f"{url} is no JSON") from error
    if not isinstance(found, dict):
        raise KeysError(f"{url} is no JSON object")
    return found
