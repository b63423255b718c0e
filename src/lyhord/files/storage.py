"""Puts files where the installation keeps them: a folder or S3, as the setting STORAGES says.

A key is a folder that cannot be guessed, with `large.jpg` and `small.jpg` in it, or `file` for what is no picture.
Who may see which is decided elsewhere; files are never served straight from here.

S3 is another machine, which no request waits for: there files are written into the database first, and a task moves
them (staging.py, ADR 13).
"""

import contextlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Literal

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.files import presign, staging
from lyhord.files.images import CleanImage

type Size = Literal["large", "small"]

_SIZES: tuple[Size, ...] = ("large", "small")
_KEY = re.compile(r"(photos|documents)/[0-9]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOLDERS = ("photos", "documents")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The file lies with another machine: where it can be fetched from, and for how long at least."""

    url: str
    holds: timedelta


def save_image(organisation_id: int, clean: CleanImage) -> str:
    """Stores both sizes and returns the key, `photos/<organisation>/<uuid>`. All or nothing.

    Raises what the storage raises if it cannot write; StagingFull when too much waits for a storage that is away.
    """
    return _save("photos", organisation_id, {"large.jpg": clean.large, "small.jpg": clean.small})


def save_document(organisation_id: int, data: bytes) -> str:
    """Stores a file that is no picture and returns its key. Raises as `save_image`."""
    return _save("documents", organisation_id, {"file": data})


def copy_image(key: str, organisation_id: int) -> str:
    """Stores both sizes once more, under a key of that organisation's, and returns it. Raises NotFound."""
    names = [f"{size}.jpg" for size in _SIZES]
    if settings.S3 is not None:
        copy = _new_key("photos", organisation_id)
        staging.stage_copy(_checked(key), copy, names)
        return copy
    found = {}
    for name in names:
        with _open(f"{_checked(key)}/{name}") as file:
            found[name] = file.read()
    return _save("photos", organisation_id, found)


def _save(folder: str, organisation_id: int, objects: Mapping[str, bytes]) -> str:
    key = _new_key(folder, organisation_id)
    if settings.S3 is not None:
        staging.stage(key, objects)
        return key
    try:
        for name, data in objects.items():
            default_storage.save(f"{key}/{name}", ContentFile(data))
    except Exception:
        with contextlib.suppress(Exception):  # the first error is the one to tell
            delete(key)
        raise
    return key


def _new_key(folder: str, organisation_id: int) -> str:
    return f"{folder}/{organisation_id}/{uuid.uuid4()}"


def image(key: str, size: Size) -> "File[bytes] | Elsewhere":
    """The JPEG of that size, open for reading (the caller closes it), or where it lies. Raises NotFound."""
    if size not in _SIZES:
        raise NotFound
    name = f"{size}.jpg"
    return _found(key, name, {"content-type": "image/jpeg", "cache-control": "private, max-age=31536000, immutable"})


def document(key: str, disposition: str) -> "File[bytes] | Elsewhere":
    """The file as `image`, to be saved under a name: `disposition` is the header Content-Disposition."""
    return _found(key, "file", {"content-type": "application/octet-stream", "content-disposition": disposition})


def _found(key: str, name: str, answer: Mapping[str, str]) -> "File[bytes] | Elsewhere":
    _checked(key)
    if settings.S3 is None:
        return _open(f"{key}/{name}")
    waiting = staging.waiting(key, name)
    if waiting is not None and waiting.data is not None:
        return File(BytesIO(waiting.data), name)
    lies = f"{waiting.source}/{name}" if waiting is not None else f"{key}/{name}"
    return Elsewhere(presign.signed_url(settings.S3, lies, at=now(), answer=answer), presign.SURE)


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in the storage, or waits to be moved there: found within a transaction, read when none is open."""

    name: str
    data: bytes | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """All of it; the storage may be another machine's. Raises NotFound, and StorageAway when it does not answer."""
        if self.data is not None:
            return self.data
        try:
            with default_storage.open(self.name) as file:
                return bytes(file.read())
        except FileNotFoundError as error:
            raise NotFound from error
        except Exception as error:  # each storage has errors of its own
            raise StorageAway from error


class StorageAway(Exception):
    """The storage does not answer; it may later."""


def held_image(key: str, size: Size) -> Held:
    """The JPEG of that size, to be read by a task."""
    return _held(key, f"{size}.jpg")


def held_document(key: str) -> Held:
    """The file, to be read by a task."""
    return _held(key, "file")


def _held(key: str, name: str) -> Held:
    waiting = staging.waiting(_checked(key), name) if settings.S3 is not None else None
    if waiting is not None and waiting.data is not None:
        return Held(name, waiting.data)
    return Held(f"{waiting.source if waiting is not None else key}/{name}")


def _open(name: str) -> "File[bytes]":
    try:
        return default_storage.open(name)
    except FileNotFoundError as error:
        raise NotFound from error


def delete_on_commit(key: str) -> None:
    """Removes all that the key names, once this transaction has ended well; to be called within it."""
    if settings.S3 is not None:
        staging.forget(_checked(key))
    else:
        transaction.on_commit(lambda: delete(key))


def undo(key: str) -> None:
    """Removes what was saved in a transaction that has failed: what was only staged went with it."""
    if settings.S3 is None:
        delete(key)


def delete(key: str) -> None:
    """Removes all that the key names from the storage, here and now. Nothing happens if it is gone already.

    The storage may be another machine's: only tasks do this, never a request.
    """
    for name in names_of(key):
        default_storage.delete(f"{_checked(key)}/{name}")
    with contextlib.suppress(OSError):  # a folder on disk; on S3 there is none
        default_storage.delete(_checked(key))


def names_of(key: str) -> tuple[str, ...]:
    """What lies under a key."""
    return ("file",) if key.startswith("documents/") else tuple(f"{size}.jpg" for size in _SIZES)


def stored_keys(organisation_id: int) -> set[str]:
    """The keys of everything that lies in the storage for that organisation; asks the storage only."""
    found = set()
    for folder in (f"{kind}/{int(organisation_id)}" for kind in _FOLDERS):
        with contextlib.suppress(FileNotFoundError):  # a disk without a file yet
            names, _files = default_storage.listdir(folder)
            found |= {key for name in names if _KEY.fullmatch(key := f"{folder}/{name}")}
    return found


def changed_at(key: str) -> datetime | None:
    """When the newest of what lies there was written, half-written keys included; None if it is gone."""
    try:
        _folders, files = default_storage.listdir(_checked(key))
        names = [f"{key}/{name}" for name in files]
        if not names and default_storage.exists(key):  # a folder on disk whose picture was never written
            names = [key]
        return max((default_storage.get_modified_time(name) for name in names), default=None)
    except FileNotFoundError:
        return None


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise NotFound
    return key
