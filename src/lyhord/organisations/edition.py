"""Which tables hold settings: a change in one of them gives its organisation a new edition (core/kept.py)."""

from django.db import migrations


def trigger(table: str, update_of: str = "") -> migrations.RunSQL:
    """The operation that makes a table one of settings; with `update_of` only changes of some columns count."""
    columns = f" of {update_of}" if update_of else ""
    return migrations.RunSQL(
        f"create trigger new_edition after insert or delete or update{columns} on {table}"
        " for each row execute function lyhord_new_edition()",
        f"drop trigger new_edition on {table}",
    )
