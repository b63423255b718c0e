"""Photos in whatever storage the installation has: the same functions, the same answers."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import InMemoryStorage, default_storage

from lyhord.core.errors import NotFound
from lyhord.files import storage
from lyhord.files.images import CleanImage

PICTURE = CleanImage(
    large=b"large bytes",
    small=b"small bytes",
    width=4,
    height=3,
    sha256="0" * 64,
    kind="jpeg",
    position=None,
    accuracy_m=None,
    taken_at=None,
)


@pytest.fixture(params=["folder", "memory"], autouse=True)
def place(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Path:
    backends = {
        "folder": {
            "BACKEND": "lyhord.files.disk.Disk",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
        "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": backends[request.param]}
    return tmp_path / "files"


def opened(key: str, size: storage.Size) -> "File[bytes]":
    found = storage.image(key, size)
    assert not isinstance(found, storage.Elsewhere)
    return found


def read(key: str, size: storage.Size) -> bytes:
    with opened(key, size) as file:
        return bytes(file.read())


def test_both_sizes_come_back() -> None:
    key = storage.save_image(7, PICTURE)
    assert re.fullmatch(r"photos/7/[0-9a-f-]{36}", key)
    assert read(key, "large") == b"large bytes"
    assert read(key, "small") == b"small bytes"
    assert default_storage.exists(f"{key}/large.jpg")


@pytest.mark.requirement("2.26")
def test_three_photos_one_removed_two_left(place: Path) -> None:
    keys = [storage.save_image(7, PICTURE) for _ in range(3)]
    assert len(set(keys)) == 3
    storage.delete(keys[1])
    with pytest.raises(NotFound):
        opened(keys[1], "large")
    assert [read(key, "small") for key in (keys[0], keys[2])] == [b"small bytes"] * 2
    if place.exists():
        assert len(list(place.glob("photos/7/*"))) == 2  # no empty folder stays behind


def test_removing_twice_is_no_error() -> None:
    key = storage.save_image(7, PICTURE)
    storage.delete(key)
    storage.delete(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "photos",
        "photos/7",
        "../settings.py",
        "photos/7/../../x",
        "/etc/passwd",
        "photos/7/" + "g" * 36,
        "photos/x/123e4567-e89b-42d3-a456-426614174000",
        "photos/7/123e4567-e89b-42d3-a456-426614174000\n",
    ],
)
def test_only_keys_of_ours(key: str) -> None:
    with pytest.raises(NotFound):
        opened(key, "large")
    with pytest.raises(NotFound):
        storage.delete(key)


def test_only_sizes_of_ours() -> None:
    key = storage.save_image(7, PICTURE)
    with pytest.raises(NotFound):
        opened(key, "../large")  # type: ignore[arg-type] # from an address


def test_all_or_nothing(settings: Any, place: Path) -> None:
    """If the second size cannot be written, the first is gone too."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.FullStorage"}}
    with pytest.raises(OSError, match="full"):
        storage.save_image(7, PICTURE)
    assert default_storage.listdir("photos/7")[0] == []


class FullStorage(InMemoryStorage):
    """A disk with room for one picture."""

    def _save(self, name: str, content: Any) -> str:
        if name.endswith("small.jpg"):
            raise OSError("full")
        return str(super()._save(name, content))  # type: ignore[misc] # the stubs leave it out


def test_a_picture_is_on_the_disk_before_it_is_acknowledged(
    place: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "folder" not in request.node.name:
        pytest.skip("memory has no disk")
    synced, sync = [], os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    photo = place.resolve() / storage.save_image(7, PICTURE)
    assert {photo / "large.jpg", photo / "small.jpg", photo, photo.parent, place.resolve()} <= set(synced)
