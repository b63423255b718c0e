"""A world to be hostile to: two organisations with something of everything, and a browser for each of the cast."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from lyhord.accounts.models import User
from tests.conftest import Cast
from tests.notifications.pager import pager
from tests.www.desk.conftest import browser
from tests.www.hostile.asked import Asked, listening
from tests.www.hostile.ready import make_ready, resident, send_codes
from tests.www.hostile.walking import Walk, walk
from tests.www.plant import Planted

OURS, THEIRS = "zxmotala", "zxmjolby"
ROLES: dict[str, Callable[[Cast], User | None]] = {
    "anonymous": lambda cast: None,
    "resident": lambda cast: None,
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
        return resident(self.ours) if role == "resident" else browser(ROLES[role](self.cast))

    def walk(self, client: Client, *spaces: str, known: Walk | None = None) -> Walk:
        """All the pages that somebody may see; with `known`, what others came upon is in it already."""
        return walk(client, self.ours, self.asked, spaces, known)


@pytest.fixture
def world(cast: Cast, motala_things: Planted, mjolby_things: Planted) -> Iterator[World]:
    for name in ("django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # refusals are what is asked for here
    with listening() as asked, pager():
        send_codes(motala_things)
        yield World(cast, motala_things, mjolby_things, asked)
    for name in ("django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def ready_world(world: World) -> World:
    """The world, with what some forms are about and no address leads to by itself."""
    make_ready(world.ours)
    return world
