"""Who a bearer token is: signed by an issuer that the organisation trusts, for this service, and not run out.

Everything is here already: the issuer's keys are fetched by a task (tasks.py). A token signed by a key that is not
here lets nobody in, but has the keys fetched anew, in case the issuer has changed them.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt

from lyhord.accounts.issuer_actions import ask_for_keys
from lyhord.accounts.models import Membership, TokenIssuer, TokenSubject, User
from lyhord.core.errors import Invalid
from lyhord.core.mail_address import mail_address
from lyhord.core.prepared import Prepared

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signed by a private key: never by a shared secret, never unsigned."""
LEEWAY = timedelta(seconds=60)
_LONGEST = 8_000
_LONGEST_SUBJECT = 255

_ISSUERS = Prepared(lambda issuer: TokenIssuer.objects.filter(issuer=issuer, active=True), issuer=str)
_BY_SUBJECT = Prepared(
    lambda issuer_id, subject: TokenSubject.objects.select_related("membership__user").filter(
        issuer=issuer_id, subject=subject, membership__active=True
    ),
    issuer_id=int,
    subject=str,
)
_BY_EMAIL = Prepared(
    lambda email: Membership.objects.select_related("user").filter(user__email=email, active=True), email=str
)


def person_of(token: str) -> User | None:
    """Whose token it is; None for one that is not right in every respect, or nobody's who works here."""
    if len(token) > _LONGEST:
        return None
    try:
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    issuer = _ISSUERS.first(issuer=said["iss"]) if _is_text(said.get("iss"), 300) else None
    if issuer is None or header.get("alg") not in ALGORITHMS:
        return None
    key = _key(issuer, str(header.get("kid", "")))
    if key is None:
        ask_for_keys(issuer_id=issuer.pk)
        return None
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=issuer.audience,
            issuer=issuer.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return _member(issuer, claims)


def _member(issuer: TokenIssuer, claims: dict[str, Any]) -> User | None:
    """By the issuer's own name for them, else by a mail address that the issuer has verified."""
    subject = claims["sub"]
    if _is_text(subject, _LONGEST_SUBJECT):
        known = _BY_SUBJECT.first(issuer_id=issuer.pk, subject=subject)
        if known is not None:
            return known.membership.user
    verified = claims.get("email_verified") is True or issuer.trusts_email
    if not verified or not _is_text(claims.get("email"), 254):
        return None
    try:
        address = mail_address(claims["email"])
    except Invalid:
        return None
    member = _BY_EMAIL.first(email=address.lower())
    return member.user if member else None


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and "\x00" not in value and value.isprintable()


def _key(issuer: TokenIssuer, kid: str) -> jwt.PyJWK | None:
    """The key that the token names; where it names none, the issuer's only one."""
    for key_id, key in _read(issuer.pk, str(issuer.fetched_at), _frozen(issuer.keys)):
        if key_id == kid or (not kid and len(issuer.keys) == 1):
            return key
    return None


def _frozen(keys: list[dict[str, Any]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(sorted((str(name), str(value)) for name, value in key.items())) for key in keys)


@lru_cache(maxsize=200)
def _read(
    issuer_id: int, fetched: str, keys: tuple[tuple[tuple[str, str], ...], ...]
) -> tuple[tuple[str, jwt.PyJWK], ...]:
    """The keys ready for use; reading one costs more than all the rest. What is no key for signing is left out."""
    found = []
    for key in keys:
        data = dict(key)
        if data.get("use", "sig") != "sig" or data.get("kty") not in {"RSA", "EC", "OKP"}:
            continue
        try:
            found.append((data.get("kid", ""), jwt.PyJWK(data)))
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
    return tuple(found)
