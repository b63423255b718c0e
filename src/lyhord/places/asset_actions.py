"""Changes to what has a sign with a code."""

from collections.abc import Sequence

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.tenancy import require_organisation_id
from lyhord.places.asset_file import AssetRow
from lyhord.places.models import Asset


@transaction.atomic
def load_assets(*, rows: Sequence[AssetRow], by: Actor) -> int:
    """Replace the organisation's list; a thing whose code stays is the same thing. Returns how many there are now."""
    organisation_id = require_organisation_id()
    Asset.objects.exclude(code__in=[row.code for row in rows]).delete()
    Asset.objects.bulk_create(
        [
            Asset(
                organisation_id=organisation_id,
                code=row.code,
                name=row.name,
                type_code=row.type_code,
                lat=row.lat,
                lon=row.lon,
            )
            for row in rows
        ],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["organisation", "code"],
        update_fields=["name", "type_code", "lat", "lon"],
    )
    record(
        verb="assets.loaded",
        subject_type="organisation",
        subject_id=organisation_id,
        by=by,
        data={"count": len(rows)},
        level=1,
    )
    return len(rows)
