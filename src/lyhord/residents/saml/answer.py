"""What an identity provider answers, judged: whom it means, or why nobody is let in (SAML profiles 4.1.4.3)."""

import base64
import binascii
import hmac
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lyhord.core.clock import now
from lyhord.files import sandbox
from lyhord.residents.models import Provider
from lyhord.residents.oidc import Begun, Why
from lyhord.residents.saml.request import PERSISTENT, own_key, request_id

log = logging.getLogger(__name__)

LEEWAY = timedelta(seconds=60)
LARGEST = 200_000
"""Characters of an answer; a usual one has eight thousand."""
_LIMITS = sandbox.Limits(
    memory_bytes=700 << 20, cpu_seconds=3, wall_seconds=5, input_bytes=1_000_000, output_bytes=500_000
)
_LONGEST_SUBJECT = 256  # SAML core 8.3.7


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")


class _Confirmed(_Plain):
    recipient: str = Field("", alias="Recipient")
    answers: str = Field("", alias="InResponseTo")
    until: str = Field("", alias="NotOnOrAfter")
    since: str = Field("", alias="NotBefore")


class _Conditions(_Plain):
    since: str = Field("", alias="NotBefore")
    until: str = Field("", alias="NotOnOrAfter")


class _Assertion(_Plain):
    issuer: str
    name: str
    format: str
    confirmed: list[_Confirmed]
    conditions: _Conditions
    audiences: list[list[str]]
    statements: list[str]
    attributes: dict[str, list[str]]


class _Response(_Plain):
    destination: str = Field("", alias="Destination")
    answers: str = Field("", alias="InResponseTo")


class _Answer(_Plain):
    status: str
    response: _Response | None = None
    assertion: _Assertion | None = None


def claims_in(provider: Provider, given: Begun, written: str, state: str) -> Mapping[str, Any] | Why:
    """What a provider says in a form that came back, in the words of OpenID Connect; else why it counts for nothing."""
    if not hmac.compare_digest(state.encode(), given.state.encode()):
        return Why.LOST
    answer = _read(provider, written)
    if isinstance(answer, Why):
        return answer
    said = answer.assertion
    if said is None:
        return Why.LEVEL if "NoAuthnContext" in answer.status else Why.DENIED
    level = said.statements[0] if len(said.statements) == 1 else ""
    subject = _subject(provider, said)
    if not _holds(provider, given, answer, said) or not said.statements or not 0 < len(subject) <= _LONGEST_SUBJECT:
        return Why.WRONG
    if provider.levels and level not in provider.levels.split():
        return Why.LEVEL
    return {**dict.fromkeys(said.attributes, "…"), "iss": provider.issuer, "sub": subject, "acr": level}


def _holds(provider: Provider, given: Begun, answer: _Answer, said: _Assertion) -> bool:
    """Whether it is this provider's, for us, now, and in answer to what we asked."""
    ours, outer = request_id(given), answer.response
    if outer and (outer.answers not in {"", ours} or outer.destination not in {"", given.redirect_uri}):
        return False
    return said.issuer == provider.issuer and _for_us(said, provider) and _now(said, given.redirect_uri, ours)


def _read(provider: Provider, written: str) -> _Answer | Why:
    """What is in it, read where it can do no harm."""
    try:
        if len(written) > LARGEST:
            raise ValueError
        xml = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return Why.WRONG
    order = {"xml": base64.b64encode(xml).decode(), "certificates": provider.keys, "key": own_key(provider)}
    try:
        found = sandbox.run("lyhord.residents.saml._read:answer", json.dumps(order).encode(), _LIMITS)
        return _Answer.model_validate_json(found)
    except sandbox.SandboxFailure as failure:
        log.warning("an answer by SAML was refused: %s", failure)
        if failure.reason == "signature":
            return Why.KEY  # perhaps by one that is not here yet
        return Why.BUSY if failure.code == "unavailable" else Why.WRONG
    except ValidationError:
        return Why.WRONG


def _for_us(said: _Assertion, provider: Provider) -> bool:
    return bool(said.audiences) and all(provider.client_id in one for one in said.audiences)


def _now(said: _Assertion, recipient: str, ours: str) -> bool:
    """Whether it holds now, and was given to us for what we asked."""
    if not _within(said.conditions.since, said.conditions.until):
        return False
    return any(
        one.recipient == recipient and one.answers == ours and bool(one.until) and _within(one.since, one.until)
        for one in said.confirmed
    )


def _within(since: str, until: str) -> bool:
    try:
        begins = datetime.fromisoformat(since) if since else None
        ends = datetime.fromisoformat(until) if until else None
        at = now()
        return (begins is None or at >= begins - LEEWAY) and (ends is None or at < ends + LEEWAY)
    except (ValueError, TypeError):  # no time, or one without a zone
        return False


def _subject(provider: Provider, said: _Assertion) -> str:
    """The name that stays the same: a persistent one, or the attribute that the organisation has chosen."""
    if not provider.subject_attribute:
        return said.name if said.format == PERSISTENT else ""
    values = said.attributes.get(provider.subject_attribute, [])
    return values[0] if len(values) == 1 else ""
