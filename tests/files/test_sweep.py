"""What lies in the storage and no row names goes after a day; what a row names never does."""

import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files import storage, sweep
from lyhord.files.images import CleanImage
from lyhord.files.models import StoredFile
from lyhord.files.sweep import sweep as run
from lyhord.files.tasks import sweep_storage
from lyhord.jobs.schedule import declared
from lyhord.organisations.models import Organisation
from tests.conftest import Cast
from tests.factories import make_file

pytestmark = pytest.mark.django_db

BY = Actor.system("test")
PICTURE = CleanImage(
    large=b"large", small=b"small", width=4, height=3, sha256="0" * 64, kind="jpeg", position=None, accuracy_m=None,
    taken_at=None,
)  # fmt: skip
LATER = timedelta(hours=25)


@pytest.fixture(params=["folder", "memory"], autouse=True)
def place(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Path:
    folder = {"BACKEND": "lyhord.files.disk.Disk", "OPTIONS": {"location": str(tmp_path / "f")}}
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": folder if request.param == "folder" else memory}
    return tmp_path / "f"


def keep(organisation_id: int, *, named: bool) -> str:
    """A stored picture, with or without a row."""
    key = storage.save_image(organisation_id, PICTURE)
    if named:
        with organisation_scope(organisation_id):
            file = make_file()
            StoredFile.objects.filter(pk=file.pk).update(key=key, used=True)
    return key


def events(organisation_id: int) -> list[tuple[str, Any]]:
    with organisation_scope(organisation_id):
        return [(event.verb, event.data) for event in Event.objects.filter(verb__startswith="file.orphans")]


def exists(key: str) -> bool:
    return default_storage.exists(f"{key}/large.jpg")


def test_only_old_ones_without_a_row_go(cast: Cast) -> None:
    named, nameless, theirs = (
        keep(cast.motala.pk, named=True),
        keep(cast.motala.pk, named=False),
        keep(cast.mjolby.pk, named=True),
    )
    with organisation_scope(cast.motala.pk):
        draft = make_file()  # waits to be sent: its own upkeep takes it, with its row
        draft_key = storage.save_image(cast.motala.pk, PICTURE)
        StoredFile.objects.filter(pk=draft.pk).update(key=draft_key)
    assert run(organisation_id=cast.motala.pk, by=BY) == 0  # it may be on its way to a row
    with time_machine.travel(now() + LATER):
        fresh = keep(cast.motala.pk, named=False)
        _set_time(fresh)
        assert run(organisation_id=cast.motala.pk, by=BY) == 1
        assert not exists(nameless)
        assert [exists(key) for key in (named, draft_key, fresh, theirs)] == [True] * 4
        assert run(organisation_id=cast.motala.pk, by=BY) == 0  # twice is once
    assert events(cast.motala.pk) == [
        ("file.orphans_found", {"count": 1, "of": 4}),
        ("file.orphans_removed", {"count": 1}),
    ]
    assert events(cast.mjolby.pk) == []


def _set_time(key: str) -> None:
    """The disk has its own clock, which no time machine moves."""
    if hasattr(default_storage, "location") and Path(default_storage.path(key)).exists():
        for name in ("large", "small"):
            os.utime(default_storage.path(f"{key}/{name}.jpg"), (time.time(), time.time()))


def test_the_logo_is_named_by_its_organisation(cast: Cast) -> None:
    logo = keep(cast.motala.pk, named=False)
    Organisation.objects.filter(pk=cast.motala.pk).update(logo=logo)
    with time_machine.travel(now() + LATER):
        assert run(organisation_id=cast.motala.pk, by=BY) == 0
    assert exists(logo)


def test_nobody_else_keeps_keys() -> None:
    """Who stores a picture is known to the sweep; a new one must be told to it."""
    source = Path(sweep.__file__).parents[1]
    stores = re.compile(r"storage\.(save|copy)_image\(")
    found = {str(path.relative_to(source)) for path in source.rglob("*.py") if stores.search(path.read_text())}
    assert found == {"files/actions.py", "www/manage/logo.py"}


def test_a_dry_run_counts_in_the_log_and_removes_nothing(cast: Cast) -> None:
    key = keep(cast.motala.pk, named=False)
    with time_machine.travel(now() + LATER):
        assert run(organisation_id=cast.motala.pk, by=BY, dry_run=True) == 0
    assert exists(key)
    assert events(cast.motala.pk) == [("file.orphans_found", {"count": 1, "of": 1})]


def test_a_half_written_one_goes_too(cast: Cast, place: Path) -> None:
    key = keep(cast.motala.pk, named=False)
    default_storage.delete(f"{key}/large.jpg")
    if place.exists():
        (place / key.replace(key[-2:], "00")).mkdir()  # killed before the first byte
    count = 1 + place.exists()
    with time_machine.travel(now() + LATER):
        assert run(organisation_id=cast.motala.pk, by=BY) == count
    assert storage.stored_keys(cast.motala.pk) == set()


def test_what_is_not_ours_is_left_alone(cast: Cast, place: Path) -> None:
    """Somebody's own folder beside the pictures is neither counted nor removed."""
    keep(cast.motala.pk, named=True)
    name = default_storage.save(f"photos/{cast.motala.pk}/notes/readme.txt", ContentFile(b"hello"))
    with time_machine.travel(now() + LATER):
        assert run(organisation_id=cast.motala.pk, by=BY) == 0
    assert default_storage.exists(name)


def test_a_database_of_somewhere_else_removes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "FEW", 2)
    keys = [keep(cast.motala.pk, named=False) for _ in range(3)]
    kept = [keep(cast.motala.pk, named=True) for _ in range(2)]
    with time_machine.travel(now() + LATER):
        assert run(organisation_id=cast.motala.pk, by=BY) == 0
        assert all(exists(key) for key in keys)
        assert events(cast.motala.pk) == [("file.orphans_held", {"count": 3, "of": 5})]
        kept.append(keep(cast.motala.pk, named=True))  # half of them is not more than half
        assert run(organisation_id=cast.motala.pk, by=BY) == 3
    assert all(exists(key) for key in kept)


def test_every_night_for_every_organisation(cast: Cast) -> None:
    keys = [keep(organisation.pk, named=False) for organisation in (cast.motala, cast.mjolby)]
    with time_machine.travel(now() + LATER):
        sweep_storage.call()
    assert not any(exists(key) for key in keys)
    assert str(declared["lyhord.files.tasks.sweep_storage"]) == "daily 04:10:00"
