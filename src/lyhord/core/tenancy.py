"""Which organisation the work at hand belongs to, known to Python and to PostgreSQL alike.

The database holds the wall: every tenant-owned table has a forced row-level policy that compares
`organisation_id` with the setting `lyhord.organisation`. The setting is local to a transaction, because a
session-level one leaks through connection pools. Without a scope no row is visible.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from psycopg import ClientCursor
from psycopg.errors import Diagnostic

from lyhord.core.here import SWEDEN, Here, being, place

SETTING = "lyhord.organisation"
_CHANGED = "LY001"
"""How the database says that settings were changed, as the code of a notice (organisations/migrations/0004)."""


@dataclass(slots=True)
class Scope:
    """An organisation at work. `edition` is that of its settings, None once the scope has changed them (kept.py)."""

    organisation_id: int
    edition: int | None
    outer: "Scope | None"


_current: ContextVar[Scope | None] = ContextVar("lyhord_organisation", default=None)


class NoOrganisation(RuntimeError):
    """A tenant-owned table was asked for outside any organisation's scope: a bug, never the user's doing."""


def current_organisation_id() -> int | None:
    """The organisation of this scope, or None."""
    scope = _current.get()
    return None if scope is None else scope.organisation_id


def require_organisation_id() -> int:
    """The organisation of this scope; NoOrganisation outside one."""
    return require_scope().organisation_id


def require_scope() -> Scope:
    """The scope itself; NoOrganisation outside one."""
    scope = _current.get()
    if scope is None:
        raise NoOrganisation("no organisation is set: use organisation_scope()")
    return scope


_BEGIN = (
    "select set_config(%s, %s, true), (select number from organisations_edition where organisation_id = %s),"
    " country, time_zone from (select 1) one left join organisations_organisation on id = %s"
)
_WALL = f"select set_config('{SETTING}', %(wall)s, true); "
_GO_BACK = "select set_config(%s, %s, true)"


def _begin(scope: Scope) -> Here:
    """Raise the wall; returns where the organisation is."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [SETTING, str(scope.organisation_id), scope.organisation_id, scope.organisation_id])
        _setting, scope.edition, country, time_zone = cursor.fetchone()
    return place(country, time_zone) if country else SWEDEN


def _go_back(outer: Scope | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GO_BACK, [SETTING, "" if outer is None else str(outer.organisation_id)])


@contextmanager
def organisation_scope(organisation_id: int) -> Iterator[None]:
    """Run inside one transaction that sees the rows of one organisation only; scopes nest.

    A local setting survives a savepoint, so the outer value is put back on leaving.
    """
    outer = _current.get()
    scope = Scope(organisation_id, None, outer)
    token = _current.set(scope)
    try:
        with transaction.atomic():
            with being(_begin(scope)):
                yield
            if connection.in_atomic_block and len(connection.savepoint_ids) > 0 and not connection.needs_rollback:
                _go_back(outer)
    finally:
        _current.reset(token)


def at_once(organisation_id: int, statement: str, values: dict[str, Any]) -> int:
    """One statement that changes rows of one organisation, outside any scope: a whole transaction in one message to the
    database. Returns how many rows it changed.
    """
    if connection.in_atomic_block:
        with organisation_scope(organisation_id), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    connection.ensure_connection()
    with connection.wrap_database_errors, ClientCursor(connection.connection) as cursor:
        cursor.execute(_WALL + statement, {**values, "wall": str(organisation_id)})
        cursor.nextset()
        return int(cursor.rowcount)


def heard(notice: Diagnostic) -> None:
    """What the database says beside its answers: that this process has just changed settings (kept.py)."""
    if notice.sqlstate == _CHANGED:
        scope = _current.get()
        while scope is not None:
            scope.edition, scope = None, scope.outer


class TenantQuerySet[M: models.Model](models.QuerySet[M]):
    """Refuses to be evaluated, counted or changed outside an organisation's scope.

    Inside one the database filters. Outside it would return no rows and change none; the refusal turns a silent
    empty page into a loud bug.
    """

    def _fetch_all(self) -> None:
        require_organisation_id()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        require_organisation_id()
        return super().iterator(chunk_size)

    def count(self) -> int:
        require_organisation_id()
        return super().count()

    def exists(self) -> bool:
        require_organisation_id()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        require_organisation_id()
        return super().aggregate(*args, **kwargs)

    def update(self, **values: Any) -> int:
        require_organisation_id()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_organisation_id()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # as Django's own: no template may call it,
    delete.queryset_only = True  # type: ignore[attr-defined]  # and a manager does not have it

    def create(self, **values: Any) -> M:
        organisation_id = require_organisation_id()
        if "organisation" not in values:  # given another one, the database refuses: it is not silently put right
            values.setdefault("organisation_id", organisation_id)
        return super().create(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        require_organisation_id()
        return super().bulk_create(objs, *args, **kwargs)
