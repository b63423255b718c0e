"""A storage that is another machine's: nothing is asked of it within a request, nothing is lost while it is away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage, storages
from django.db import IntegrityError

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files import actions, held, staging, storage
from lyhord.files.images import CleanImage, RefusedFile
from lyhord.files.models import HeldFile, StagedObject, StoredFile
from lyhord.files.sweep import sweep
from lyhord.files.tasks import move_staged, move_what_waits, remove_stored
from lyhord.jobs.inline import run_waiting
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation
from tests.conftest import Cast
from tests.files import far
from tests.files.make import photo

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.4", "X8")]

BY = Actor.system("test")
PICTURE = CleanImage(
    large=b"large", small=b"small", width=4, height=3, sha256="0" * 64, kind="jpeg", position=None, accuracy_m=None,
    taken_at=None,
)  # fmt: skip


@pytest.fixture(autouse=True)
def place(settings: Any) -> Iterator[type[far.Far]]:
    settings.S3, settings.STORAGES = far.BUCKET, settings.STORAGES | far.ABOUT
    far.Far.away, far.Far.damages, far.Far.asked = False, False, 0
    yield far.Far
    far.Far.away = far.Far.damages = False


def bytes_of(found: Any) -> bytes:
    assert not isinstance(found, storage.Elsewhere)
    with found as file:
        return bytes(file.read())


def url_of(found: Any) -> str:
    assert isinstance(found, storage.Elsewhere)
    return found.url


def test_first_in_the_database_then_there(motala: Organisation, place: type[far.Far]) -> None:
    with organisation_scope(motala.pk):
        key = storage.save_image(motala.pk, PICTURE)
        assert bytes_of(storage.image(key, "large")) == b"large"
        assert place.asked == 0
    run_waiting()
    assert not Job.objects.exists()
    with organisation_scope(motala.pk):
        assert not StagedObject.objects.exists()
        asked = place.asked
        url = url_of(storage.image(key, "small"))
        assert place.asked == asked
    assert url.startswith(f"https://s3.example/photos/{key}/small.jpg?")
    with default_storage.open(f"{key}/small.jpg") as file:
        assert file.read() == b"small"


def test_a_picture_is_taken_in_while_the_storage_is_away_and_arrives_later(
    motala: Organisation, place: type[far.Far]
) -> None:
    place.away = True
    with organisation_scope(motala.pk):
        file = actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
    for _attempt in range(3):
        with time_machine.travel(now() + timedelta(hours=_attempt), tick=False):
            run_waiting(raise_errors=False)
    with organisation_scope(motala.pk):
        assert StagedObject.objects.count() == 2
        large = bytes_of(storage.image(file.key, "large"))
    place.away = False
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        run_waiting()
    with default_storage.open(f"{file.key}/large.jpg") as moved:
        assert moved.read() == large


def test_what_the_queue_gives_up_is_told_of_and_tried_on(motala: Organisation, place: type[far.Far]) -> None:
    place.away = True
    with organisation_scope(motala.pk):
        key = storage.save_image(motala.pk, PICTURE)
    at = now()
    for _attempt in range(12):
        at += timedelta(hours=8)
        with time_machine.travel(at, tick=False):
            run_waiting(raise_errors=False)
    with organisation_scope(motala.pk):
        event = Event.objects.get(verb="file.not_moved")
        assert (event.level, StagedObject.objects.count()) == (3, 2)
    place.away = False
    with time_machine.travel(at, tick=False):
        move_what_waits.func()
        run_waiting()
    with default_storage.open(f"{key}/large.jpg") as moved:
        assert moved.read() == b"large"


def test_what_comes_back_otherwise_is_not_let_go_of(motala: Organisation, place: type[far.Far]) -> None:
    with organisation_scope(motala.pk):
        key = storage.save_image(motala.pk, PICTURE)
    place.damages = True
    with pytest.raises(staging.NotMoved):
        move_staged.func(motala.pk, key)
    with organisation_scope(motala.pk):
        assert StagedObject.objects.count() == 2
    place.damages = False
    move_staged.func(motala.pk, key)
    move_staged.func(motala.pk, key)  # again, as after a kill
    with default_storage.open(f"{key}/large.jpg") as moved:
        assert moved.read() == b"large"


def test_only_so_much_waits(motala: Organisation, settings: Any) -> None:
    settings.STAGED_MOST_BYTES = 14
    with organisation_scope(motala.pk):
        storage.save_image(motala.pk, PICTURE)
        with pytest.raises(staging.StagingFull):
            storage.save_image(motala.pk, PICTURE)
        with pytest.raises(RefusedFile) as refused:
            actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
        assert refused.value.code == "unavailable"
        assert not StoredFile.objects.exists()


def test_one_that_is_taken_back_is_gone_everywhere(motala: Organisation, place: type[far.Far]) -> None:
    with organisation_scope(motala.pk):
        waiting, moved = (actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY) for _one in range(2))
    move_staged.func(motala.pk, moved.key)
    asked = place.asked
    with organisation_scope(motala.pk):
        for file in (waiting, moved):
            actions.discard_draft(file_id=file.pk, by=BY)
        assert place.asked == asked
        assert not StagedObject.objects.exists()
    run_waiting()
    assert storage.stored_keys(motala.pk) == set()


def test_one_that_is_taken_back_while_it_is_moved_is_gone_too(
    motala: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organisation_scope(motala.pk):
        file = actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
    save = far.Far.save

    def save_slowly(self: Any, name: str, content: Any, max_length: int | None = None) -> str:
        with organisation_scope(motala.pk):
            actions.discard_draft(file_id=file.pk, by=BY)
        remove_stored.func(motala.pk, file.key)
        return save(self, name, content, max_length)

    monkeypatch.setattr(far.Far, "save", save_slowly)
    move_staged.func(motala.pk, file.key)
    assert storage.stored_keys(motala.pk) == set()


def test_a_rollback_leaves_nothing(motala: Organisation, place: type[far.Far]) -> None:
    with organisation_scope(motala.pk):
        first = actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
        with pytest.raises(IntegrityError):
            actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY, uid=first.uid)
        assert StagedObject.objects.count() == 2
    assert Job.objects.count() == 1
    assert place.asked == 0


@pytest.mark.requirement("0.20")
class TestCopies:
    """From one organisation to another."""

    def copied(self, cast: Cast, file: StoredFile) -> StoredFile:
        with organisation_scope(cast.mjolby.pk):
            return actions.copy_photo(file=file, organisation_id=cast.mjolby.pk, by=BY)

    def kept(self, cast: Cast) -> StoredFile:
        with organisation_scope(cast.motala.pk):
            return actions.keep_photo(organisation_id=cast.motala.pk, data=photo(), by=BY)

    def test_of_one_that_still_waits(self, cast: Cast, place: type[far.Far]) -> None:
        file = self.kept(cast)
        copy = self.copied(cast, file)
        with organisation_scope(cast.motala.pk):
            large = bytes_of(storage.image(file.key, "large"))
        with organisation_scope(cast.mjolby.pk):
            assert bytes_of(storage.image(copy.key, "large")) == large
        assert place.asked == 0
        run_waiting()
        with default_storage.open(f"{copy.key}/large.jpg") as moved:
            assert moved.read() == large

    def test_of_one_that_lies_there(self, cast: Cast, place: type[far.Far]) -> None:
        file = self.kept(cast)
        run_waiting()
        asked = place.asked
        copy = self.copied(cast, file)
        again = self.copied(cast, copy)  # a copy of one that is on its way
        for one in (copy, again):
            with organisation_scope(cast.mjolby.pk):
                assert f"/{file.key}/large.jpg?" in url_of(storage.image(one.key, "large"))  # until it has been copied
        assert place.asked == asked
        run_waiting()
        for one in (copy, again):
            with organisation_scope(cast.mjolby.pk):
                assert f"/{one.key}/large.jpg?" in url_of(storage.image(one.key, "large"))
            with (
                default_storage.open(f"{one.key}/large.jpg") as moved,
                default_storage.open(f"{file.key}/large.jpg") as of,
            ):
                assert moved.read() == of.read()


def test_the_sweep_leaves_what_waits(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
    with time_machine.travel(now() + timedelta(hours=30)):
        assert sweep(organisation_id=motala.pk, by=BY) == 0
    with organisation_scope(motala.pk):
        assert StagedObject.objects.count() == 2


def test_nothing_waits_with_a_folder(motala: Organisation, settings: Any, tmp_path: Any) -> None:
    settings.S3 = None
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "lyhord.files.disk.Disk", "OPTIONS": {"location": str(tmp_path)}}
    }
    with organisation_scope(motala.pk):
        file = actions.keep_photo(organisation_id=motala.pk, data=photo(), by=BY)
        assert not StagedObject.objects.exists()
        assert bytes_of(storage.image(file.key, "large"))
    assert type(storages["default"]).__name__ == "Disk"
    assert not Job.objects.exists()


def test_files_between_preview_and_yes(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        uid = held.hold(b"rader")
        assert held.held(uid) == b"rader"
    with organisation_scope(cast.mjolby.pk):
        assert held.held(uid) is None
    with time_machine.travel(now() + timedelta(hours=2, minutes=1)), organisation_scope(cast.motala.pk):
        assert held.held(uid) is None
        actions.remove_unused(by=BY)
        assert not HeldFile.objects.exists()
