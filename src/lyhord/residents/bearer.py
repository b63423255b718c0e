"""Who a resident's program comes for: a token (JWT) that somebody who vouches for residents has signed for programs.

As for those who work here (accounts/tokens.py) nothing is fetched while somebody waits; a key that is not here is asked
for. The account is the one that its owner logs in to on the pages, if the provider calls them the same to both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from lyhord.accounts.tokens import ALGORITHMS, LEEWAY, signing_key
from lyhord.core.actor import Actor
from lyhord.residents.models import Account, Protocol, Provider
from lyhord.residents.oidc import subject_of
from lyhord.residents.provider_actions import miss_key

_LONGEST = 8_000
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who it is: who says so, and what they are kept under (never the provider's own name for them)."""

    issuer: str
    subject: str

    def account(self) -> Account | None:
        """Their account, with its contact; None for somebody who has none yet."""
        found = Account.objects.select_related("contact").filter(issuer=self.issuer, subject=self.subject)
        return found.first()


def bearer_of(token: str, *, by: Actor) -> Bearer | None:
    """Whose token it is; None for one that is not right in every respect."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= _LONGEST else {}
        said = jwt.decode(token, options={"verify_signature": False}) if header else {}
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    provider = _provider(said.get("iss"))
    if provider is None or header.get("alg") not in ALGORITHMS:
        return None
    key = signing_key(provider.keys, header.get("kid"), as_of=provider.fetched_at)
    if key is None:
        miss_key(provider_id=provider.pk, by=by)
        return None
    claims = _verified(token, key, provider)
    if claims is None or (provider.levels and claims.get("acr") not in provider.levels.split()):
        return None
    return Bearer(provider.issuer, subject_of(claims))


def _provider(issuer: object) -> Provider | None:
    """Who is said to have signed it, if residents' programs may come with their tokens."""
    if not isinstance(issuer, str) or not 0 < len(issuer) <= 300 or "\x00" in issuer:
        return None
    open_to = Provider.objects.filter(issuer=issuer, active=True, protocol=Protocol.OIDC)
    return open_to.exclude(audience="").first()


def _verified(token: str, key: jwt.PyJWK, provider: Provider) -> Mapping[str, Any] | None:
    """What is signed, for programs, of late."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.audience,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    subject = claims["sub"]
    return claims if isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT else None
