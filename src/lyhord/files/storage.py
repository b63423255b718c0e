"""Puts files where the installation keeps them: a folder or S3, as the setting STORAGES says.

A key is a folder that cannot be guessed, with `large.jpg` and `small.jpg` in it, or `file` for what is no picture.
Who may see which is decided elsewhere; files are never served straight from here.
"""

import contextlib
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from lyhord.core.errors import NotFound
from lyhord.files.images import CleanImage

type Size = Literal["large", "small"]

_SIZES: tuple[Size, ...] = ("large", "small")
_KEY = re.compile(r"(photos|documents)/[0-9]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOLDERS = ("photos", "documents")


def save_image(organisation_id: int, clean: CleanImage) -> str:
    """Stores both sizes and returns the key, `photos/<organisation>/<uuid>`. All or nothing.

    Raises what the storage raises if it cannot write.
    """
    return _save(organisation_id, {"large": clean.large, "small": clean.small})


def copy_image(key: str, organisation_id: int) -> str:
    """Stores both sizes once more, under a key of that organisation's, and returns it. Raises NotFound."""
    found = {}
    for size in _SIZES:
        with open_image(key, size) as file:
            found[size] = file.read()
    return _save(organisation_id, found)


def _save(organisation_id: int, sizes: Mapping[Size, bytes]) -> str:
    key = f"photos/{organisation_id}/{uuid.uuid4()}"
    try:
        for size, data in sizes.items():
            default_storage.save(f"{key}/{size}.jpg", ContentFile(data))
    except Exception:
        with contextlib.suppress(Exception):  # the first error is the one to tell
            delete(key)
        raise
    return key


def open_image(key: str, size: Size) -> "File[bytes]":
    """The JPEG of that size, open for reading: the caller closes it. Raises NotFound."""
    try:
        return default_storage.open(_name(key, size))
    except FileNotFoundError as error:
        raise NotFound from error


def save_document(organisation_id: int, data: bytes) -> str:
    """Stores a file that is no picture and returns its key. Raises what the storage raises if it cannot write."""
    key = f"documents/{organisation_id}/{uuid.uuid4()}"
    try:
        default_storage.save(f"{key}/file", ContentFile(data))
    except Exception:
        with contextlib.suppress(Exception):
            delete(key)
        raise
    return key


def open_document(key: str) -> "File[bytes]":
    """The file, open for reading: the caller closes it. Raises NotFound."""
    try:
        return default_storage.open(f"{_checked(key)}/file")
    except FileNotFoundError as error:
        raise NotFound from error


def delete(key: str) -> None:
    """Removes all that the key names. Nothing happens if it is gone already."""
    for name in ("file",) if key.startswith("documents/") else tuple(f"{size}.jpg" for size in _SIZES):
        default_storage.delete(f"{_checked(key)}/{name}")
    with contextlib.suppress(OSError):  # a folder on disk; on S3 there is none
        default_storage.delete(_checked(key))


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


def _name(key: str, size: Size) -> str:
    if size not in _SIZES:
        raise NotFound
    return f"{_checked(key)}/{size}.jpg"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise NotFound
    return key
