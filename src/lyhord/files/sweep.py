"""Removes what lies in the storage and no row names.

A picture is stored before its row is written, and removed after its row has gone. A process that dies in between leaves
a picture that nothing points at. It can't be seen by anybody, but it is somebody's, so it must not stay.

Keys are named by StoredFile, StoredDocument and an organisation's logo. Whoever keeps one somewhere else must be
asked here too.
"""

from datetime import timedelta

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files import storage
from lyhord.files.models import StoredDocument, StoredFile
from lyhord.organisations.models import Organisation

OLD = timedelta(hours=24)  # longer than any transaction that could still write the row
FEW = 20  # as many as this may lie there however few pictures there are


def sweep(*, organisation_id: int, by: Actor, dry_run: bool = False) -> int:
    """Remove the organisation's stored pictures that are older than a day and that no row names; returns how many.

    What is about to go is counted in the log first, and with `dry_run` nothing more happens. Nothing goes, and the log
    says so, when it is more than half of all pictures: then the database and the storage do not belong together.

    Opens its own scope, and none while it asks the storage, which may be another machine's. May be run twice, and while
    others keep and remove pictures: the storage is read before the rows, and what is new is left alone.
    """
    stored = storage.stored_keys(organisation_id)
    if not stored:
        return 0
    nameless = set(stored)
    with organisation_scope(organisation_id):
        nameless.difference_update(StoredFile.objects.values_list("key", flat=True).iterator())
        nameless.difference_update(StoredDocument.objects.values_list("key", flat=True).iterator())
        nameless.difference_update(Organisation.objects.filter(pk=organisation_id).values_list("logo", flat=True))
    limit = now() - OLD
    orphans = sorted(key for key in nameless if (at := storage.changed_at(key)) is not None and at < limit)
    if not orphans:
        return 0
    held = len(orphans) > FEW and 2 * len(orphans) > len(stored)
    _log("orphans_held" if held else "orphans_found", organisation_id, by, count=len(orphans), of=len(stored))
    if held or dry_run:
        return 0
    for key in orphans:
        storage.delete(key)
    _log("orphans_removed", organisation_id, by, count=len(orphans))
    return len(orphans)


def _log(verb: str, organisation_id: int, by: Actor, **data: int) -> None:
    with organisation_scope(organisation_id):
        level = 3 if verb == "orphans_held" else 1
        record(
            verb=f"file.{verb}",
            subject_type="organisation",
            subject_id=organisation_id,
            by=by,
            data=dict(data),
            level=level,
        )
