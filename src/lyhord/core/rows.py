"""Writing a new row: one statement, worked out once for each table.

Django's `save` works it out each time and looks for much that our tables do not have; that is most of what writing a
row costs. For the tables that every report writes to. A model's own `save` is passed by.
"""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


class _Insert(NamedTuple):
    fields: tuple["models.Field[Any, Any]", ...]
    left_out: tuple["models.Field[Any, Any]", ...]
    returned: tuple["models.Field[Any, Any]", ...]
    sql: str


def insert(row: models.Model, *, unless_taken: tuple[str, ...] = ()) -> bool:
    """Write a new object and give it its key. False, when an equal one was there by the columns of `unless_taken`.

    What the database fills in by itself (`db_default`) cannot be given.
    """
    statement = _worked_out(type(row), unless_taken)
    if any(not isinstance(getattr(row, field.attname), DatabaseDefault) for field in statement.left_out):
        raise ValueError(f"the database gives {', '.join(field.name for field in statement.left_out)} a value")
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in statement.fields]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        found = cursor.fetchone()
    if found is None:
        return False
    for field, value in zip(statement.returned, found, strict=True):
        setattr(row, field.attname, value)
    row._state.adding = False
    row._state.db = connection.alias
    return True


@cache
def _worked_out(model: type[models.Model], unless_taken: tuple[str, ...]) -> _Insert:
    all_fields = model._meta.concrete_fields
    returned = tuple(field for field in all_fields if field.primary_key or field.generated)
    left_out = tuple(field for field in all_fields if field.has_db_default() and field not in returned)
    fields = tuple(field for field in all_fields if field not in {*returned, *left_out})
    columns, marks = _columns(fields), ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"insert into {table} ({columns}) values ({marks})"  # noqa: S608  # our own names
    if unless_taken:
        sql += f" on conflict ({', '.join(map(connection.ops.quote_name, unless_taken))}) do nothing"
    return _Insert(fields, left_out, returned, f"{sql} returning {_columns(returned)}")


def _columns(fields: tuple["models.Field[Any, Any]", ...]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
