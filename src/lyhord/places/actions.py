"""Changes to areas and the street list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.places.addresses import search_key
from lyhord.places.models import Address


@dataclass(frozen=True, slots=True)
class Street:
    """One row of a street list."""

    street: str
    number: str
    locality: str
    lat: float
    lon: float
    postcode: str = ""


@transaction.atomic
def load_addresses(*, rows: Iterable[Street], by: Actor) -> int:
    """Replace the organisation's street list. Returns how many addresses there are now."""
    organisation_id = require_organisation_id()
    Address.objects.all().delete()
    made = Address.objects.bulk_create(
        (
            Address(
                organisation_id=organisation_id,
                street=clean_text(row.street, one_line=True),
                number=row.number.strip(),
                postcode=row.postcode.strip(),
                locality=clean_text(row.locality, one_line=True),
                lat=row.lat,
                lon=row.lon,
                search_key=search_key(f"{row.street} {row.number}"),
            )
            for row in rows
        ),
        batch_size=2000,
    )
    record(
        verb="addresses.loaded",
        subject_type="organisation",
        subject_id=organisation_id,
        by=by,
        data={"count": len(made)},
        level=1,
    )
    return len(made)
