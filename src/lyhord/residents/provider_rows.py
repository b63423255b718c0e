"""What the changes to who vouches for residents have in common."""

from typing import Any

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.residents.models import Provider


def fetch_soon(provider_id: int) -> None:
    """Have what it says of itself fetched."""
    from lyhord.residents.tasks import fetch_provider

    fetch_provider.enqueue(require_organisation_id(), provider_id)


def locked(provider_id: int) -> Provider:
    """The row, for whoever changes it."""
    row = Provider.objects.select_for_update().filter(pk=provider_id).first()
    if row is None:
        raise NotFound
    return row


def log(verb: str, row: Provider, by: Actor, **data: Any) -> None:
    """Note what happened to it."""
    record(
        verb=f"provider.{verb}",
        subject_type="provider",
        subject_id=row.pk,
        by=by,
        data={"issuer": row.issuer, **data},
        level=3 if verb != "described" else 2,
    )
