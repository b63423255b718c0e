"""Files on their way to a storage that is another machine's: in the database until a task has moved them (ADR 13).

All is in the caller's transaction: a file that has been acknowledged is on the database's disk. Only tasks talk to
the storage, and never while a transaction is open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Sum

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.files.models import StagedObject


class StagingFull(Exception):
    """So much waits for a storage that is away that no more is taken in."""


class NotMoved(Exception):
    """The storage did not give back what it was given."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An object that has not been moved yet: its bytes, or the key of another file that it is a copy of."""

    data: bytes | None
    source: str


def stage(key: str, objects: Mapping[str, bytes]) -> None:
    """Keep the objects under a key of the organisation's in scope, and have them moved. Raises StagingFull."""
    size = sum(len(data) for data in objects.values())
    waiting = StagedObject.objects.aggregate(total=Sum("size"))["total"] or 0
    if waiting + size > settings.STAGED_MOST_BYTES:
        raise StagingFull
    for name, data in objects.items():
        StagedObject.objects.create(key=key, name=name, data=data, size=len(data), created_at=now())
    _move_soon(key)


def stage_copy(key: str, copy: str, names: Iterable[str]) -> None:
    """Keep a copy of another file, which may be another organisation's: of its bytes if they still wait, else of its
    name, and the task copies it within the storage."""
    owner = int(key.split("/")[1])
    with organisation_scope(owner):
        found = {name: waiting(key, name) for name in names}
    for name, original in found.items():
        data, source = (original.data, original.source) if original else (None, key)
        StagedObject.objects.create(
            key=copy, name=name, data=data, source=source, size=len(data or b""), created_at=now()
        )
    _move_soon(copy)


def waiting(key: str, name: str) -> Waiting | None:
    """The object, if it has not been moved yet."""
    row = StagedObject.objects.filter(key=key, name=name).first()
    return Waiting(bytes(row.data) if row.data is not None else None, row.source) if row else None


def forget(key: str) -> None:
    """Remove what waits under a key, and have removed what lies in the storage."""
    from lyhord.files.tasks import remove_stored

    StagedObject.objects.filter(key=key).delete()
    remove_stored.enqueue(require_organisation_id(), key)


def move(organisation_id: int, key: str) -> bool:
    """Put the objects under a key into the storage, read them back, and only then let the database's copy go.

    False when they were removed meanwhile: then they must be removed from the storage too. May be run twice, and
    again after a kill anywhere. Raises what the storage raises, and NotMoved.
    """
    with organisation_scope(organisation_id):
        rows = list(StagedObject.objects.filter(key=key))
    for row in rows:
        data = bytes(row.data) if row.data is not None else _read(f"{row.source}/{row.name}")
        name = f"{key}/{row.name}"
        if default_storage.save(name, ContentFile(data)) != name or _read(name) != data:
            raise NotMoved(name)
    with organisation_scope(organisation_id):
        gone, _models = StagedObject.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return gone == len(rows)


def _read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def note_failure(organisation_id: int, key: str, error: str) -> None:
    """Moving has failed for half a day: it is tried on and on, and the log says so."""
    with organisation_scope(organisation_id):
        if StagedObject.objects.filter(key=key).exists():
            record(
                verb="file.not_moved",
                subject_type="organisation",
                subject_id=organisation_id,
                by=Actor.system("files"),
                data={"error": error[:200]},
                level=3,
            )


def keys_waiting() -> list[str]:
    """The keys of the organisation in scope that have not been moved yet."""
    return list(StagedObject.objects.order_by("key").values_list("key", flat=True).distinct())


def _move_soon(key: str) -> None:
    from lyhord.files.tasks import move_staged

    move_staged.enqueue(require_organisation_id(), key)
