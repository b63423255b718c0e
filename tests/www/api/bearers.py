"""Programs of residents: somebody who vouches for them, whose key the tests hold, and tokens signed with it."""

import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.residents.models import Provider
from lyhord.residents.provider_actions import keep_description, set_provider
from tests import factories
from tests.www.api.conftest import Program

ISSUER, FOR_PROGRAMS = "https://id.exempel.se", "motala-appen"
KEY = ec.generate_private_key(ec.SECP256R1())
JWK = {**jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig"}


def vouching(organisation: Organisation, **values: Any) -> Provider:
    """Somebody who vouches for residents, by whose tokens programs may come."""
    given = {"label": "Prov-ID", "client_id": "lyhord", "secret": "", "levels": "", "active": True, **values}
    with organisation_scope(organisation.pk):
        row = set_provider(provider_id=None, issuer=ISSUER, by=factories.TEST, **{"audience": FOR_PROGRAMS, **given})
        about = {"authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t", "basic": True}
        keep_description(provider_id=row.pk, about=about, keys=[JWK], by=factories.TEST)
        row.refresh_from_db()
    return row


def token(sub: str = "DE/SE/aa8cbe71", *, key: Any = KEY, algorithm: str = "ES256", **claims: Any) -> str:
    """A token of somebody's; a claim that is None is left out."""
    at = int(time.time())
    said = {"iss": ISSUER, "aud": FOR_PROGRAMS, "sub": sub, "iat": at, "exp": at + 300, **claims}
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": "one"})


def program_of(sub: str = "DE/SE/aa8cbe71", *, host: str = "motala.localhost", **claims: Any) -> Program:
    """A program that comes for somebody."""
    return Program(host=host, authorization=f"Bearer {token(sub, **claims)}")
