"""Photos on S3: a real S3 server (SeaweedFS), through django-storages, as an installation would use it."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine
from django.core.files.storage import storages
from pytest_django import Settings

from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files import storage
from lyhord.files.images import clean_image
from lyhord.files.models import StagedObject
from lyhord.files.presign import Bucket
from lyhord.files.tasks import move_staged
from lyhord.jobs.inline import run_waiting
from lyhord.jobs.models import Job, JobState
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.files.make import photo
from tests.jobs.conftest import StartWorker, start_worker, until
from tests.ports import free_port

__all__ = ["start_worker"]
pytestmark = [pytest.mark.all, pytest.mark.requirement("0.4")]
KEY, SECRET = "lyhord", "a-secret-for-this-test-only"


@dataclass
class Running:
    """An S3 server with an empty bucket "photos"."""

    url: str
    process: "subprocess.Popen[bytes]"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Started once for all tests here."""
    program = shutil.which("weed") or str(Path(sys.executable).with_name("weed"))
    folder = tmp_path_factory.mktemp("s3")
    identities = folder / "identities.json"
    owner = {"name": "lyhord", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    identities.write_text(json.dumps({"identities": [owner]}))
    port = free_port()
    ports = {"master": free_port(), "volume": free_port(), "filer": free_port(), "s3": port}
    (folder / "data").mkdir()
    command = [program, "server", "-ip=127.0.0.1", f"-dir={folder / 'data'}", "-filer", "-s3", "-volume.max=5"]
    command += [f"-{name}.port={number}" for name, number in ports.items()] + [f"-s3.config={identities}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder)
    url = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(url, server)
        yield Running(url, server)
    finally:
        server.kill()
        server.wait()


def _make_bucket(url: str, server: "subprocess.Popen[bytes]") -> None:
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="local"
    )
    for _attempt in range(600):
        assert server.poll() is None, "the S3 server ended"
        try:
            client.create_bucket(Bucket="photos")
        except Exception:  # not up yet: refused, or still choosing its leader
            time.sleep(0.25)
        else:
            return
    raise TimeoutError("the S3 server did not answer")


@pytest.fixture
def endpoint(running: Running) -> str:
    """Where it is."""
    return running.url


@pytest.fixture
def server(running: Running) -> "subprocess.Popen[bytes]":
    """Its process."""
    return running.process


@pytest.fixture
def on_s3(endpoint: str, settings: Settings) -> None:
    settings.S3 = Bucket(endpoint, "photos", "local", KEY, SECRET)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "photos",
                "endpoint_url": endpoint,
                "addressing_style": "path",
                "access_key": KEY,
                "secret_key": SECRET,
                "region_name": "local",
                "default_acl": None,
            },
        }
    }


@dataclass
class Fetched:
    """What an address gave."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(url: str) -> Fetched:
    """As a browser does."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  # our own server's
            return Fetched(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        return Fetched(error.code, dict(error.headers), error.read())


def url_of(found: object) -> str:
    assert isinstance(found, storage.Elsewhere)
    return found.url


@pytest.mark.django_db
def test_a_photo_is_kept_moved_fetched_and_removed(on_s3: None, motala: Organisation) -> None:
    clean = clean_image(photo())
    with organisation_scope(motala.pk):
        key = storage.save_image(motala.pk, clean)
    assert type(storages["default"]).__name__ == "S3Storage"
    move_staged.func(motala.pk, key)
    move_staged.func(motala.pk, key)
    with organisation_scope(motala.pk):
        assert not StagedObject.objects.exists()
        large, small = (url_of(storage.image(key, size)) for size in ("large", "small"))
    assert fetch(large).body == clean.large
    shown = fetch(small)
    assert (shown.status, shown.body, shown.headers["Content-Type"]) == (200, clean.small, "image/jpeg")
    assert fetch(small.replace("small.jpg", "large.jpg")).status == 403  # signed for one object
    assert fetch(small.split("?")[0]).status == 403
    with time_machine.travel(now() - timedelta(minutes=16)), organisation_scope(motala.pk):
        old = url_of(storage.image(key, "small"))
    assert fetch(old).status == 403
    with organisation_scope(motala.pk):
        storage.delete_on_commit(key)
    run_waiting()
    assert fetch(small).status == 404


@pytest.mark.django_db
def test_a_document_is_saved_under_its_name(on_s3: None, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        key = storage.save_document(motala.pk, b"%PDF-1.4")
    run_waiting()
    with organisation_scope(motala.pk):
        found = fetch(url_of(storage.document(key, "attachment; filename*=utf-8''Karta%20%C3%A5.pdf")))
    assert found.body == b"%PDF-1.4"
    assert found.headers["Content-Disposition"] == "attachment; filename*=utf-8''Karta%20%C3%A5.pdf"
    assert found.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.django_db
@pytest.mark.requirement("0.20")
def test_a_copy_for_another_organisation(on_s3: None, cast: Cast) -> None:
    clean = clean_image(photo())
    with organisation_scope(cast.motala.pk):
        key = storage.save_image(cast.motala.pk, clean)
    run_waiting()
    with organisation_scope(cast.mjolby.pk):
        copy = storage.copy_image(key, cast.mjolby.pk)
        assert fetch(url_of(storage.image(copy, "large"))).body == clean.large  # where the first one lies
    run_waiting()
    with organisation_scope(cast.mjolby.pk):
        url = url_of(storage.image(copy, "large"))
    assert copy in url
    assert fetch(url).body == clean.large


@pytest.mark.requirement("0.4", "N5")
def test_a_worker_that_is_killed_while_the_storage_holds_it(
    on_s3: None, endpoint: str, server: "subprocess.Popen[bytes]", start_worker: StartWorker, monkeypatch: Any
) -> None:
    """The storage stops answering in the middle, the worker is killed, both come back: the picture is there, once."""
    for name, value in (("BUCKET", "photos"), ("ENDPOINT", endpoint), ("ACCESS_KEY", KEY), ("SECRET_KEY", SECRET)):
        monkeypatch.setenv(f"LYHORD_S3_{name}", value)
    monkeypatch.setenv("LYHORD_S3_REGION", "local")
    motala = factories.make_organisation("motala")
    clean = clean_image(photo())
    server.send_signal(signal.SIGSTOP)
    try:
        with organisation_scope(motala.pk):
            key = storage.save_image(motala.pk, clean)
        first = start_worker("--lease", "3")
        until(lambda: Job.objects.filter(state=JobState.RUNNING).exists())
        first.kill()
        first.wait()
        with organisation_scope(motala.pk):
            found = storage.image(key, "large")
            assert not isinstance(found, storage.Elsewhere)
            assert found.read() == clean.large
    finally:
        server.send_signal(signal.SIGCONT)
    start_worker("--lease", "3")

    def moved() -> bool:
        with organisation_scope(motala.pk):
            return not StagedObject.objects.exists()

    until(moved)
    with organisation_scope(motala.pk):
        assert fetch(url_of(storage.image(key, "large"))).body == clean.large
    assert storage.stored_keys(motala.pk) == {key}
    storage.delete(key)


@pytest.mark.django_db
def test_the_storage_is_listed_and_told_how_old_it_is(on_s3: None, motala: Organisation) -> None:
    """What the nightly sweep asks of it."""
    before = now()
    there = storage.stored_keys(motala.pk)
    with organisation_scope(motala.pk):
        keys = {storage.save_image(motala.pk, clean_image(photo())) for _ in range(3)}
    run_waiting()
    assert storage.stored_keys(motala.pk) - there == keys
    changed = storage.changed_at(min(keys))
    assert changed is not None
    assert abs(changed - before) < timedelta(hours=1)
    for key in keys:
        storage.delete(key)
    assert storage.stored_keys(motala.pk) == there
    assert storage.changed_at(min(keys)) is None
