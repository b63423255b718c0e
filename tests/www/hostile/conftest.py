"""A world to be hostile to: two organisations with something of everything, and a browser for each of the cast."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.accounts.models import User
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.hostile.asked import Asked, listening
from tests.www.hostile.walking import Walk, walk
from tests.www.plant import Planted, plant

OURS, THEIRS = "zxmotala", "zxmjolby"
ROLES: dict[str, Callable[[Cast], User | None]] = {
    "anonymous": lambda cast: None,
    "case officer": lambda cast: cast.sara,
    "unit manager": lambda cast: cast.maria,
    "contact centre": lambda cast: cast.kim,
    "preschool": lambda cast: cast.nils,
    "administrator": lambda cast: cast.admin,
    "auditor": lambda cast: cast.auditor,
}


class World:
    """What is there, who looks at it, and what has been asked for."""

    def __init__(self, cast: Cast, ours: Planted, theirs: Planted, asked: Asked) -> None:
        self.cast, self.ours, self.theirs, self.asked = cast, ours, theirs, asked

    def client(self, role: str) -> Client:
        """A browser."""
        return browser(ROLES[role](self.cast))

    def walk(self, client: Client, *spaces: str) -> Walk:
        """All the pages that somebody may see."""
        return walk(client, self.ours, self.asked, spaces)


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path / "files"
    for name in ("django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # refusals are what is asked for here
    ours, theirs = plant(cast.motala, OURS, cast.maria), plant(cast.mjolby, THEIRS, cast.outsider)
    factories.make_organisation("zxtredje")
    with listening() as asked:
        yield World(cast, ours, theirs, asked)
    for name in ("django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.NOTSET)
