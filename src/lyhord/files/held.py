"""Files that wait between a preview and its yes, under names that cannot be guessed.

No events: nobody has said yes to them, and they change nothing.
"""

from datetime import timedelta
from uuid import UUID

from lyhord.core.clock import now
from lyhord.files.models import HeldFile

HELD_FOR = timedelta(hours=2)


def hold(data: bytes) -> UUID:
    """Keep a file of the organisation in scope for a while; returns its name. Older ones go."""
    forget_held()
    return HeldFile.objects.create(data=data, created_at=now()).uid


def held(uid: UUID) -> bytes | None:
    """The file again, None when it is gone."""
    row = HeldFile.objects.filter(uid=uid, created_at__gt=now() - HELD_FOR).first()
    return bytes(row.data) if row else None


def forget_held(uid: UUID | None = None) -> None:
    """Forget one file, or all that have been held for too long."""
    rows = HeldFile.objects.all()
    (rows.filter(uid=uid) if uid else rows.filter(created_at__lte=now() - HELD_FOR)).delete()
