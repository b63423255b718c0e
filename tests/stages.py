"""Databases to begin a test from: empty, with the cast in it, with the world planted.

Most tests begin with the same people in the same two organisations, and to make them costs more than what is tested.
Each process makes them once, in a database of its own, and keeps a connection to each. What a test does there is rolled
back as everywhere. Tests that commit begin from the empty one and make what they need.
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections, transaction

from lyhord.config import environment
from lyhord.config.postgres.cluster import SUPERUSER

EMPTY = "empty"
ROLES = {"default": "lyhord_app", "owner": "lyhord_owner"}


@dataclass(frozen=True)
class Stage:
    """One of them: what it is made from, by what, and which fixtures a test asks for it by."""

    name: str
    base: str
    make: Callable[[Any], Any]
    """From what the base holds; what it returns is what the fixtures hand out copies of."""
    fixtures: frozenset[str]


def forget() -> None:
    """Let go of what a process keeps of a database for some seconds: the next test's is another."""
    from lyhord.cases.type_guess import forget_guesses
    from lyhord.collaboration.queries import forget_groups
    from lyhord.core.kept import forget_kept
    from lyhord.intake.rates import forget_taken
    from lyhord.organisations.queries import forget_hosts
    from lyhord.places.queries import forget_areas

    forget_kept()
    forget_groups()
    forget_hosts()
    forget_taken()
    forget_areas()
    forget_guesses()
    cache.clear()  # where the log-in pages count


def point_to(url: str, database: str) -> None:
    """Let every connection that is made from now on lead to a database of the test server."""
    for alias, role in ROLES.items():
        settings = environment.database(url.replace("NAME", database).replace("ROLE", role))
        connections.settings[alias].update({key: settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})


class Stages:
    """The databases of this process, and which one it uses."""

    def __init__(self, worker: str, *, url: str, admin_url: str, blocker: Any) -> None:
        self.worker, self.url, self.admin_url, self.blocker = worker, url, admin_url, blocker
        self.now = ""
        self._known: list[Stage] = []
        self._held: dict[str, dict[str, Any]] = {}
        self._open: dict[str, dict[str, Any]] = {}

    def know(self, *stages: Stage) -> None:
        """What there is to begin from: the richer ones first, since a test is given the first that it asks for."""
        self._known = [*stages, Stage(EMPTY, "", lambda _before: {}, frozenset())]

    def enter_for(self, item: pytest.Item) -> None:
        """Use the database that the test begins from; it is made the first time."""
        stage = self._wanted_by(item)
        if stage.name == self.now:
            return
        with self.blocker.unblock():
            if stage.name not in self._held:
                self._make(stage)
            self._point_to(stage.name)
            forget()

    def held(self) -> dict[str, Any]:
        """A copy of what was made in the present one."""
        return copy.deepcopy(self._held[self.now])

    def close(self) -> None:
        """Let all connections go."""
        with self.blocker.unblock():
            for each in self._open.values():
                for connection in each.values():
                    connection.close()

    def _wanted_by(self, item: pytest.Item) -> Stage:
        names = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if "transactional_db" in names or (marker and (marker.args or marker.kwargs.get("transaction"))):
            return self._known[-1]
        return next((stage for stage in self._known if stage.fixtures & names), self._known[-1])

    def _name(self, stage: str) -> str:
        """What PostgreSQL calls it; the empty one is copied from the migrated template."""
        return f"test_{self.worker}_{stage}" if stage else "lyhord"

    def _make(self, stage: Stage) -> None:
        if stage.base and stage.base not in self._held:
            self._make(next(one for one in self._known if one.name == stage.base))
        for connection in self._open.get(stage.base, {}).values():
            connection.close()  # PostgreSQL copies no database that somebody uses
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            template = self._name(stage.base)
            admin.execute(
                f'create database "{self._name(stage.name)}" template "{template}" owner lyhord_owner'.encode()
            )
        self._point_to(stage.name)
        with transaction.atomic():
            self._held[stage.name] = stage.make(copy.deepcopy(self._held.get(stage.base, {})))
        forget()

    def _point_to(self, name: str) -> None:
        """Let Django use the stage's own connections, and other threads make theirs to the same place."""
        point_to(self.url, self._name(name))
        if name not in self._open:
            self._open[name] = {}
            for alias in ROLES:
                made: Any = connections.create_connection(alias)
                made.settings_dict = {**made.settings_dict}  # which the next stage would have changed
                made.ops.execute_sql_flush = self._empty
                self._open[name][alias] = made
        for alias, connection in self._open[name].items():
            connections[alias] = connection
        self.now = name

    def _empty(self, sql_list: list[str]) -> None:
        """Transactional tests empty the tables afterwards, which the application's role has no right to.

        Django would give a hundred tables and all their indexes new files. Most are empty: rows are deleted where there
        are any, past triggers and references, which ask in vain when everything goes.
        """
        tables = [name for statement in sql_list for name in re.findall(r'"(\w+)"', statement)]
        asked = " union all ".join(f"select '{name}' where exists (select from \"{name}\")" for name in tables)
        with psycopg.connect(self.url.replace("NAME", self._name(EMPTY)).replace("ROLE", SUPERUSER)) as admin:
            admin.execute("set session_replication_role = replica")
            for (name,) in admin.execute(asked.encode()).fetchall():
                admin.execute(f'delete from "{name}"'.encode())
