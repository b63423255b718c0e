"""Which organisation the work at hand belongs to, known to Python and to PostgreSQL alike.

The database holds the wall: every tenant-owned table has a forced row-level policy that compares
`organisation_id` with the setting `lyhord.organisation`. The setting is local to a transaction, because a
session-level one leaks through connection pools. Without a scope no row is visible.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction

_current: ContextVar[int | None] = ContextVar("lyhord_organisation", default=None)

SETTING = "lyhord.organisation"


class NoOrganisation(RuntimeError):
    """A tenant-owned table was asked for outside any organisation's scope: a bug, never the user's doing."""


def current_organisation_id() -> int | None:
    """The organisation of this scope, or None."""
    return _current.get()


def require_organisation_id() -> int:
    """The organisation of this scope; NoOrganisation outside one."""
    organisation_id = _current.get()
    if organisation_id is None:
        raise NoOrganisation("no organisation is set: use organisation_scope()")
    return organisation_id


def _set(organisation_id: int | None) -> None:
    with connection.cursor() as cursor:
        value = "" if organisation_id is None else str(organisation_id)
        cursor.execute("select set_config(%s, %s, true)", [SETTING, value])


@contextmanager
def organisation_scope(organisation_id: int) -> Iterator[None]:
    """Run inside one transaction that sees the rows of one organisation only; scopes nest.

    A local setting survives a savepoint, so the outer value is put back on leaving.
    """
    token = _current.set(organisation_id)
    outer = token.old_value if isinstance(token.old_value, int) else None
    try:
        with transaction.atomic():
            _set(organisation_id)
            yield
            if connection.in_atomic_block and len(connection.savepoint_ids) > 0 and not connection.needs_rollback:
                _set(outer)
    finally:
        _current.reset(token)


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
