"""Photos on S3: a real S3 server (SeaweedFS), through django-storages, as an installation would use it."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.files import storage
from lyhord.files.images import clean_image
from tests.files.make import photo

pytestmark = [pytest.mark.all, pytest.mark.requirement("0.4")]
KEY, SECRET = "lyhord", "a-secret-for-this-test-only"


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _distant_port() -> int:
    """SeaweedFS also uses the port 10,000 above, for gRPC."""
    while (port := _free_port()) > 50_000:
        pass
    return port


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running S3 server with an empty bucket "photos"."""
    program = shutil.which("weed") or str(Path(sys.executable).with_name("weed"))
    folder = tmp_path_factory.mktemp("s3")
    identities = folder / "identities.json"
    owner = {"name": "lyhord", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    identities.write_text(json.dumps({"identities": [owner]}))
    port = _distant_port()
    ports = {"master": _distant_port(), "volume": _distant_port(), "filer": _distant_port(), "s3": port}
    (folder / "data").mkdir()
    command = [program, "server", "-ip=127.0.0.1", f"-dir={folder / 'data'}", "-filer", "-s3", "-volume.max=5"]
    command += [f"-{name}.port={number}" for name, number in ports.items()] + [f"-s3.config={identities}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder)
    url = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(url, server)
        yield url
    finally:
        server.kill()
        server.wait()


def _make_bucket(url: str, server: "subprocess.Popen[bytes]") -> None:
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="local"
    )
    for _attempt in range(120):
        assert server.poll() is None, "the S3 server ended"
        try:
            client.create_bucket(Bucket="photos")
        except Exception:  # not up yet: refused, or still choosing its leader
            time.sleep(0.25)
        else:
            return
    raise TimeoutError("the S3 server did not answer")


@pytest.fixture
def on_s3(endpoint: str, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "photos",
                "endpoint_url": endpoint,
                "access_key": KEY,
                "secret_key": SECRET,
                "region_name": "local",
                "default_acl": None,
            },
        }
    }


def test_a_photo_is_kept_read_and_removed(on_s3: None) -> None:
    clean = clean_image(photo())
    key = storage.save_image(1, clean)
    assert type(storages["default"]).__name__ == "S3Storage"
    with storage.open_image(key, "large") as large, storage.open_image(key, "small") as small:
        assert large.read() == clean.large
        assert small.read() == clean.small
    storage.delete(key)
    with pytest.raises(NotFound):
        storage.open_image(key, "large").read()


def test_the_storage_is_listed_and_told_how_old_it_is(on_s3: None) -> None:
    """What the nightly sweep asks of it."""
    before = now()
    assert storage.stored_keys(2) == set()
    keys = {storage.save_image(2, clean_image(photo())) for _ in range(3)}
    assert storage.stored_keys(2) == keys
    changed = storage.changed_at(min(keys))
    assert changed is not None
    assert abs(changed - before) < timedelta(hours=1)
    for key in keys:
        storage.delete(key)
    assert storage.stored_keys(2) == set()
    assert storage.changed_at(min(keys)) is None
