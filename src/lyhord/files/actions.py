"""Keeping pictures and other files, and removing those that nobody used.

What the database never heard of: see `sweep`.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now, zone
from lyhord.files import storage
from lyhord.files.documents import RefusedDocument, check_document
from lyhord.files.held import forget_held
from lyhord.files.images import RefusedFile, clean_image
from lyhord.files.models import StoredDocument, StoredFile

log = logging.getLogger(__name__)

UNUSED_FOR = timedelta(days=1)
_AT_ONCE = 200


def keep_photo(
    *, organisation_id: int, data: bytes | os.PathLike[str], by: Actor, uid: UUID | None = None
) -> StoredFile:
    """Clean a picture, given as bytes or as the path of a file, and keep the copy; it is a draft until used.

    With `uid` it gets that name, which nobody may be able to guess; IntegrityError when there is one of that name.

    Raises RefusedFile with a sentence for the person. The original is not kept, only its fingerprint.
    """
    clean = clean_image(data)
    key = ""
    try:
        with transaction.atomic():
            key = _saved(lambda: storage.save_image(organisation_id, clean), RefusedFile)
            file = StoredFile.objects.create(
                organisation_id=organisation_id,
                key=key,
                uid=uid or uuid4(),
                sha256=bytes.fromhex(clean.sha256),
                kind=clean.kind,
                width=clean.width,
                height=clean.height,
                size=len(clean.large),
                lat=clean.position[0] if clean.position else None,
                lon=clean.position[1] if clean.position else None,
                taken_at=_aware(clean.taken_at),
                created_at=now(),
            )
            _log_kept(file, clean.sha256, clean.kind, by)
    except Exception:
        if key:
            storage.undo(key)
        raise
    return file


def _saved(save: Callable[[], str], refused: type[RefusedFile] | type[RefusedDocument]) -> str:
    """The key of what was saved. A report must not fall with its picture: what fails is `refused`, with a sentence."""
    try:
        with transaction.atomic():
            return save()
    except Exception as error:  # a full disk, too much that waits for a storage that is away
        log.exception("the storage did not take a file")
        raise refused("unavailable") from error


def _log_kept(file: StoredFile | StoredDocument, sha256: str, kind: str, by: Actor) -> None:
    data = {"sha256": sha256, "kind": kind}
    record(verb="file.kept", subject_type="file", subject_id=file.pk, by=by, data=data, level=1)


def keep_document(*, organisation_id: int, data: bytes, name: str, by: Actor) -> StoredDocument:
    """Check a file that is no picture, and keep it as it is; it is a draft until used.

    Raises RefusedDocument with a sentence for the person.
    """
    checked = check_document(data, name)
    key = ""
    try:
        with transaction.atomic():
            key = _saved(lambda: storage.save_document(organisation_id, checked.data), RefusedDocument)
            digest = hashlib.sha256(checked.data)
            document = StoredDocument.objects.create(
                organisation_id=organisation_id,
                key=key,
                sha256=digest.digest(),
                name=checked.name,
                kind=checked.kind,
                size=len(checked.data),
                created_at=now(),
            )
            _log_kept(document, digest.hexdigest(), checked.kind, by)
    except Exception:
        if key:
            storage.undo(key)
        raise
    return document


@transaction.atomic
def copy_photo(*, file: StoredFile, organisation_id: int, by: Actor) -> StoredFile:
    """A copy of a kept picture for the organisation of this scope, without where the camera was."""
    key = storage.copy_image(file.key, organisation_id)
    copy = StoredFile.objects.create(
        organisation_id=organisation_id,
        key=key,
        sha256=file.sha256,
        kind=file.kind,
        width=file.width,
        height=file.height,
        size=file.size,
        taken_at=file.taken_at,
        created_at=now(),
    )
    record(verb="file.kept", subject_type="file", subject_id=copy.pk, by=by, data={"kind": file.kind}, level=1)
    return copy


@transaction.atomic
def discard_draft(*, file_id: int, by: Actor) -> None:
    """Delete a picture that its sender took away before sending anything; nothing happens once it is used."""
    file = StoredFile.objects.select_for_update().filter(pk=file_id, used=False).first()
    if file is None:
        return
    StoredFile.objects.filter(pk=file.pk).delete()
    record(verb="file.removed", subject_type="file", subject_id=file.pk, by=by, level=1)
    storage.delete_on_commit(file.key)


def remove_unused(*, by: Actor) -> int:
    """Delete the organisation's files that have waited for more than a day; returns how many.

    The row goes first and the file after the commit: should the second fail, a file that nothing points at
    stays, which is better than a row whose file is gone.
    """
    forget_held()
    return sum(_remove_unused(model, by) for model in (StoredFile, StoredDocument))


def _remove_unused(model: type[StoredFile] | type[StoredDocument], by: Actor) -> int:
    removed = 0
    while True:
        with transaction.atomic():
            unused = model.objects.filter(used=False, created_at__lt=now() - UNUSED_FOR)
            files: list[Any] = list(unused.select_for_update(skip_locked=True).order_by("created_at")[:_AT_ONCE])
            model.objects.filter(pk__in=[file.pk for file in files]).delete()
            for file in files:
                record(verb="file.removed", subject_type="file", subject_id=file.pk, by=by, level=1)
                storage.delete_on_commit(file.key)
        removed += len(files)
        if len(files) < _AT_ONCE:
            return removed


def _aware(taken_at: datetime | None) -> datetime | None:
    """Cameras mostly write their own clock's time, which is Swedish time here."""
    if taken_at is None or taken_at.tzinfo is not None:
        return taken_at
    return taken_at.replace(tzinfo=zone())
