"""The abstract base of every table that belongs to one organisation."""

from django.db import models

from lyhord.core import lookups  # noqa: F401  # importing registers them
from lyhord.core.tenancy import TenantQuerySet


class Walled(models.Model):
    """Has an `organisation_id`, on which the database forces a row-level policy (organisations/walls.py)."""

    class Meta:
        abstract = True


class TenantForeignKey[Set, Get](models.ForeignKey[Set, Get]):
    """A foreign key between two walled tables.

    PostgreSQL checks plain foreign keys past row-level security, so a row could point into another organisation.
    The plain constraint is therefore left out, and walls.py adds one on (organisation_id, …) instead.
    It makes no index either: an index that serves begins with the organisation, and is written where it is needed.
    """

    def __init__(self, *args: object, **options: object) -> None:
        options["db_constraint"] = False
        options.setdefault("db_index", False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed through as they came


__all__ = ["TenantForeignKey", "TenantQuerySet", "Walled"]
