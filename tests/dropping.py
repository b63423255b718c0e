"""A plug-in that is one new file, dropped into its folder for as long as a test needs it."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

from lyhord.cases.kind import KINDS
from lyhord.core.country import COUNTRIES
from lyhord.core.registry import Registry
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.exchange.adapter import ADAPTERS
from lyhord.intake.channel import CHANNELS
from lyhord.matters.source import SOURCES
from lyhord.notifications.sender import SENDERS

DROPPED: dict[str, tuple[Registry[Any], str]] = {
    "kinds": (
        KINDS,
        """
        from lyhord.cases.kind import Kind

        class Dropped(Kind):
            slug, label, title, help, icon = "dropped", "Släppt", "Släppt", "Släppt", "say"
            heading = text_question = text_missing = "Släppt"
            asks_place = asks_photo = False
            answer_days = 1
            steps = ("Vi läser.",)
        """,
    ),
    "senders": (
        SENDERS,
        """
        from lyhord.notifications.sender import Sender

        class Dropped(Sender):
            slug, label = "dropped", "Släppt"

            def check(self, address):
                pass

            def send(self, notice):
                pass
        """,
    ),
    "channels": (
        CHANNELS,
        """
        from lyhord.intake.channel import Channel

        class Dropped(Channel):
            slug, label, by_staff = "dropped", "Släppt", True
        """,
    ),
    "countries": (
        COUNTRIES,
        """
        from lyhord.core.country import Country

        class Dropped(Country):
            slug, label, time_zone = "dropped", "Släppt", "UTC"
            latitudes, longitudes = (0.0, 1.0), (0.0, 1.0)
            mobile_example, mobile_problem = "1", "Släppt"
            fixed = from_easter = ()
        """,
    ),
    "adapters": (
        ADAPTERS,
        """
        from lyhord.exchange.adapter import URL, Adapter, Batch

        class Dropped(Adapter):
            slug, label, settings = "dropped", "Släppt", (URL,)
            states_out, states_in = {}, {}

            def check(self, connection, queues):
                pass

            def create(self, connection, change):
                return change.key

            def send(self, connection, remote_id, change, *, again):
                pass

            def start(self, connection):
                return "0"

            def pull(self, connection, cursor):
                return Batch((), cursor)

            def content(self, connection, news):
                return news
        """,
    ),
    "mechanisms": (
        MECHANISMS,
        """
        from lyhord.engagement.mechanism import Mechanism

        class Dropped(Mechanism):
            slug, label, help = "dropped", "Släppt", "Släppt"
        """,
    ),
    "sources": (
        SOURCES,
        """
        from lyhord.matters.source import Batch, MatterSource

        class Dropped(MatterSource):
            slug, label, help = "dropped", "Släppt", "Släppt"

            def fetch(self, errand):
                return Batch()
        """,
    ),
}

"""Per folder: its registry, and the whole of the new file."""


@contextmanager
def dropped(name: str) -> Iterator[None]:
    """The file lies in the folder and is found; afterwards nothing is left of it."""
    registry, source = DROPPED[name]
    package = importlib.import_module(registry.package)
    before = list(package.__path__)
    with TemporaryDirectory() as folder:
        (Path(folder) / "dropped.py").write_text(dedent(source), encoding="utf-8")
        package.__path__ = [*before, folder]
        importlib.invalidate_caches()
        registry.forget()
        try:
            yield
        finally:
            package.__path__ = before
            sys.modules.pop(f"{registry.package}.dropped", None)
            registry.forget()
