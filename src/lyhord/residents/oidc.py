"""Log-in by OpenID Connect: the authorization code flow with PKCE, state and nonce (OIDC Core 1.0, 3.1; RFC 7636).

Only `openid` is asked for, so that no name and no personal number come, from a Swedish or a foreign e-legitimation
alike (oidc.se). Somebody is whom the issuer means by "sub", and even that is kept as a digest only: a provider may use
the personal number for it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.conf import settings

from lyhord.accounts.tokens import ALGORITHMS, LEEWAY
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.core.sealed import seal, unseal
from lyhord.residents.models import Provider
from lyhord.residents.provider_actions import SECRET

WITHIN = timedelta(minutes=15)
"""How long somebody has to identify themselves."""
PATIENCE = 5.0
"""Seconds that the provider has for its answer, while somebody waits."""
_LONGEST_SUBJECT = 255  # OIDC Core 2
_PURPOSE = "resident log-in begun"


class Why(StrEnum):
    """Why somebody is not let in."""

    DENIED = "denied"  # they said no, or the provider did
    LOST = "lost"  # it was begun elsewhere, or too long ago
    BUSY = "busy"  # too many wait already
    UNREACHABLE = "unreachable"  # no answer, or a no
    WRONG = "wrong"  # what was signed does not hold
    KEY = "key"  # signed by a key that is not here yet
    LEVEL = "level"  # not identified as well as is asked for


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in under way, as the browser carries it, sealed."""

    organisation_id: int
    provider_id: int
    redirect_uri: str
    trial: bool = False
    """Somebody who sets the provider up wants to see what it says; nobody is logged in."""
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def sealed(self) -> str:
        """For a cookie."""
        return seal(json.dumps(asdict(self)), purpose=_PURPOSE)

    def url(self, provider: Provider) -> str:
        """Where the browser goes."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": provider.client_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"acr_values": provider.levels} if provider.levels else {}),
        }
        where = provider.about["authorization_endpoint"]
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def begun(sealed: str) -> Begun | None:
    """What was begun in this browser, of late."""
    text = unseal(sealed, purpose=_PURPOSE, max_age=WITHIN)
    return Begun(**json.loads(text)) if text else None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the signed words of the provider, not looked at yet, or why there are none."""

    begun: Begun | None = None
    why: Why | None = None
    id_token: str = field(default="", repr=False)


def exchange(provider: Provider, given: Begun, code: str) -> Answered:
    """Get the provider's words for the code: one call, outside any organisation's scope, with little patience."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": given.redirect_uri,
        "code_verifier": given.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    secret = unseal(provider.secret, purpose=SECRET) if provider.secret else None
    if secret and provider.about.get("basic", True):
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, **({"client_secret": secret} if secret else {})}
    try:
        answer = fetch(
            provider.about["token_endpoint"],
            limits=Limits(most_bytes=64 * 1024, seconds=PATIENCE),
            method="POST",
            headers=headers,
            content=urlencode(form).encode(),
        )
        token = json.loads(answer.body).get("id_token") if answer.fine else None
    except (OutwardError, ValueError, AttributeError):
        token = None
    return Answered(given, None, token) if isinstance(token, str) else Answered(given, Why.UNREACHABLE)


def claims_of(provider: Provider, answered: Answered) -> Mapping[str, Any] | Why:
    """What the provider says, when every part of it holds (OIDC Core 3.1.3.7); else why not."""
    given = answered.begun
    if given is None or answered.why is not None:
        return answered.why or Why.LOST
    claims = _signed(provider, answered.id_token)
    if isinstance(claims, Why):
        return claims
    audience, subject = claims["aud"], claims["sub"]
    several = isinstance(audience, list) and len(audience) > 1
    for_another = (several or "azp" in claims) and claims.get("azp") != provider.client_id
    named = isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT
    same = hmac.compare_digest(str(claims.get("nonce", "")).encode(), given.nonce.encode())
    if for_another or not named or not same:
        return Why.WRONG
    if provider.levels and claims.get("acr") not in provider.levels.split():
        return Why.LEVEL
    return claims


def _signed(provider: Provider, id_token: str) -> Mapping[str, Any] | Why:
    """What is in a token that the provider signed, for us, of late."""
    try:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            return Why.WRONG
        key = _key(provider, str(header.get("kid", "")))
        if key is None:
            return Why.KEY
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return Why.WRONG
    return claims


def subject_of(claims: Mapping[str, Any]) -> str:
    """What the account is kept under: nobody reads a personal number out of it, should the provider's "sub" be one."""
    said = f"lyhord resident subject {claims['iss']} {claims['sub']}"
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256").hex()


def _key(provider: Provider, kid: str) -> jwt.PyJWK | None:
    """The key that the token names; where it names none, the only one."""
    fitting = [
        key for key in provider.keys if key.get("use", "sig") == "sig" and key.get("kty") in {"RSA", "EC", "OKP"}
    ]
    for key in fitting:
        if key.get("kid", "") == kid or (not kid and len(fitting) == 1):
            return jwt.PyJWK(key)
    return None
