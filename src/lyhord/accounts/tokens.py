"""Who a bearer token is: signed by an issuer that the organisation trusts, for this service, and not run out.

Everything is here already: the issuer's keys are fetched by a task (tasks.py). A token signed by a key that is not
here lets nobody in, but has the keys fetched anew, in case the issuer has changed them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
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


class Why(StrEnum):
    """Why a token lets nobody in."""

    NO_TOKEN = "no_token"  # noqa: S105  # a word for what is none
    UNKNOWN_ISSUER = "unknown_issuer"  # or one that is switched off
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    INCOMPLETE = "incomplete"
    NOBODY = "nobody"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of looking at a token: whose it is, or why nobody's; and what it says, which may be anybody's words."""

    user: User | None = None
    issuer: TokenIssuer | None = None
    why: Why | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def person_of(token: str) -> tuple[User, TokenIssuer] | None:
    """Whose token it is and who says so; None for one that is not right in every respect, or nobody's here."""
    found = examine(token)
    return (found.user, found.issuer) if found.user and found.issuer else None


def examine(token: str) -> Examined:
    """Look at a token, and say what is wrong with it. A key that is not here is asked for, by a task."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= _LONGEST else {}
        said = jwt.decode(token, options={"verify_signature": False}) if header else {}
    except (jwt.PyJWTError, ValueError, TypeError):
        header = said = {}
    if not said:
        return Examined(why=Why.NO_TOKEN)
    issuer = _ISSUERS.first(issuer=said["iss"]) if _is_text(said.get("iss"), 300) else None
    if issuer is None:
        return Examined(why=Why.UNKNOWN_ISSUER, said=said)
    if header.get("alg") not in ALGORITHMS:
        return Examined(issuer=issuer, why=Why.ALGORITHM, said=said)
    key = signing_key(issuer.keys, header.get("kid"), as_of=issuer.fetched_at)
    if key is None:
        ask_for_keys(issuer_id=issuer.pk)
        return Examined(issuer=issuer, why=Why.UNKNOWN_KEY, said=said)
    why = _verified(token, key, issuer)
    user = None
    if why is None:
        user, why = _member(issuer, said)
    return Examined(user, issuer, why, said)


def _verified(token: str, key: jwt.PyJWK, issuer: TokenIssuer) -> Why | None:
    """What is wrong with the signature or with what is signed; None when nothing is."""
    try:
        jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=issuer.audience,
            issuer=issuer.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        return next((why for kind, why in _WRONG.items() if isinstance(error, kind)), Why.SIGNATURE)
    return None


_WRONG: dict[type[Exception], Why] = {
    jwt.InvalidAudienceError: Why.AUDIENCE,
    jwt.ExpiredSignatureError: Why.EXPIRED,
    jwt.ImmatureSignatureError: Why.NOT_YET,
    jwt.MissingRequiredClaimError: Why.INCOMPLETE,
}


def _member(issuer: TokenIssuer, claims: Mapping[str, Any]) -> tuple[User | None, Why | None]:
    """By the issuer's own name for them, else by a mail address that the issuer has verified."""
    subject = claims["sub"]
    if _is_text(subject, _LONGEST_SUBJECT):
        known = _BY_SUBJECT.first(issuer_id=issuer.pk, subject=subject)
        if known is not None:
            return known.membership.user, None
    if not _is_text(claims.get("email"), 254):
        return None, Why.NOBODY
    if claims.get("email_verified") is not True and not issuer.trusts_email:
        return None, Why.UNVERIFIED
    try:
        address = mail_address(claims["email"])
    except Invalid:
        return None, Why.NOBODY
    member = _BY_EMAIL.first(email=address.lower())
    return (member.user, None) if member else (None, Why.NOBODY)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and "\x00" not in value and value.isprintable()


def signing_key(keys: list[dict[str, Any]], kid: object, *, as_of: datetime | None) -> jwt.PyJWK | None:
    """The key that a token names, of those fetched then; where it names none, the only one."""
    named = str(kid or "")
    for key_id, key in _read(str(as_of), _frozen(keys)):
        if key_id == named or (not named and len(keys) == 1):
            return key
    return None


def _frozen(keys: list[dict[str, Any]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(sorted((str(name), str(value)) for name, value in key.items())) for key in keys)


@lru_cache(maxsize=200)
def _read(fetched: str, keys: tuple[tuple[tuple[str, str], ...], ...]) -> tuple[tuple[str, jwt.PyJWK], ...]:
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
