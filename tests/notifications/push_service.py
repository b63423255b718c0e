"""A browser's push service, which the test is, and a device that is told by it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.far_end import FarEnd, Reply, listening
from tests.notifications.device import Device


@pytest.fixture
def service(settings: Settings) -> Iterator[FarEnd]:
    """A browser's push service."""
    with listening(settings) as there:
        there.usual = Reply(201, b"")
        yield there


@pytest.fixture
def device(service: FarEnd) -> Device:
    """A device whose address there has a query, as some have."""
    return Device(f"{service.url}/send/abc?d=1")
