"""What an identity provider says of itself: its metadata, fetched by https; for jobs only."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from lyhord.accounts.discovery import KeysError
from lyhord.core.clock import now
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.files import sandbox
from lyhord.residents.models import Provider

_LIMITS = Limits(most_bytes=10_000_000, seconds=30)
_SANDBOX = sandbox.Limits(input_bytes=10_001_000, output_bytes=500_000, cpu_seconds=10, wall_seconds=20)


class _Said(BaseModel):
    where: str
    certificates: list[str]
    until: str


def description(provider: Provider) -> tuple[dict[str, Any], list[Any]]:
    """Where the browser is sent, and the certificates of those keys it signs by. Raises KeysError."""
    try:
        fetched = fetch(provider.metadata_url, limits=_LIMITS)
    except OutwardError as error:
        raise KeysError(f"{provider.metadata_url}: {error.code}") from error
    if fetched.status != HTTPStatus.OK:
        raise KeysError(f"{provider.metadata_url} answered {fetched.status}")
    try:
        data = provider.issuer.encode() + b"\n\n" + fetched.body
        said = _Said.model_validate_json(sandbox.run("lyhord.residents.saml._read:metadata", data, _SANDBOX))
    except sandbox.SandboxFailure as failure:
        raise KeysError(f"{provider.metadata_url} is of no use: {failure.reason or failure.code}") from failure
    except ValidationError as error:
        raise KeysError(f"{provider.metadata_url} is of no use") from error
    _check(provider, said)
    return {"where": said.where}, list(said.certificates)


def _check(provider: Provider, said: _Said) -> None:
    if urlsplit(said.where).scheme != urlsplit(provider.metadata_url).scheme:
        raise KeysError("no address to log in at of the same scheme")
    if said.until and datetime.fromisoformat(said.until) <= now():
        raise KeysError(f"{provider.metadata_url} ran out {said.until}")
