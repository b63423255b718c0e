"""Writing new rows: one statement for a row, worked out once for each table; or one statement for many (`together`).

Django's `save` works it out each time and looks for much that our tables do not have; that is most of what writing a
row costs. What is left is mostly going to the database and back. So for what every report writes. A model's own `save`
is passed by.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg.types.numeric import Int2, Int4, Int8

DRAW = "lyhord_keys(%s::text[])"
"""The next keys of tables, whose names are the parameter, as an array in their order; for a statement made anyway."""


# How values are sent, by what sort of field it is: most as they are, integers always as of one size, so that the
# database needs but one plan. The rest (JSON, bytes) as Django sends them.
_AS_IT_IS = {
    "BooleanField",
    "CharField",
    "DateField",
    "DateTimeField",
    "FloatField",
    "SlugField",
    "TextField",
    "UUIDField",
}
_WHOLE = {
    **dict.fromkeys(("SmallIntegerField", "PositiveSmallIntegerField"), Int2),
    **dict.fromkeys(("IntegerField", "PositiveIntegerField"), Int4),
    **dict.fromkeys(("BigIntegerField", "PositiveBigIntegerField", "BigAutoField"), Int8),
}


class _Value(NamedTuple):
    """How a field's value is taken from its object and sent."""

    field: "models.Field[Any, Any]"
    name: str
    sets_itself: bool
    as_it_is: bool
    whole: type[int] | None


class _Insert(NamedTuple):
    fields: tuple["models.Field[Any, Any]", ...]
    values: tuple[_Value, ...]
    left_out: tuple["models.Field[Any, Any]", ...]
    generated: tuple["models.Field[Any, Any]", ...]
    key: "models.Field[Any, Any]"
    table: str
    ending: str


class Together:
    """Rows on their way, and the keys that have been drawn for them, by table."""

    def __init__(self, keys: Mapping[str, Sequence[int]]) -> None:
        self._keys = {table: list(drawn) for table, drawn in keys.items()}
        self._parts: list[str] = []
        self._values: list[Any] = []
        self._generated: list[tuple[models.Model, models.Field[Any, Any], str]] = []

    def key(self, table: str) -> int | None:
        """A key that has been drawn for the table and is not used yet."""
        drawn = self._keys.get(table)
        return drawn.pop(0) if drawn else None

    def add(self, sql: str, values: Sequence[Any]) -> str:
        """One more insert; returns the name by which the whole statement knows it."""
        name = f"r{len(self._parts)}"
        self._parts.append(f"{name} as ({sql})")
        self._values += values
        return name

    def insert(self, row: models.Model, statement: _Insert, *, keyed: bool) -> None:
        """Give the row its key and put it in. What the database generates is known after `write`."""
        fields, values = statement.fields, _values(row, statement)
        if keyed:
            key = self.key(statement.table)
            row.pk = draw(statement.table)[0] if key is None else key
            fields, values = (statement.key, *fields), [Int8(row.pk), *values]
        returning = f" returning {_columns(statement.generated)}" if statement.generated else ""
        name = self.add(_sql(statement.table, fields, statement.ending) + returning, values)
        self._generated += [(row, field, name) for field in statement.generated]
        _is_kept(row)

    def write(self) -> None:
        """Send it all."""
        if not self._parts:
            return
        read = ", ".join(f"(select {_columns((field,))} from {name})" for _row, field, name in self._generated)  # noqa: S608  # our own names
        with connection.cursor() as cursor:
            cursor.execute(f"with {', '.join(self._parts)} select {read or '1'}", self._values)
            found = cursor.fetchone()
        for (row, field, _name), value in zip(self._generated, found, strict=False):
            setattr(row, field.attname, value)


_together: ContextVar[Together | None] = ContextVar("lyhord_together", default=None)


@contextmanager
def together(keys: Mapping[str, Sequence[int]]) -> Iterator[None]:
    """What is inserted inside is written in one statement when the block ends, in no order.

    So nothing in the block may read or change these rows; foreign keys are checked when the transaction ends. `keys`
    are those drawn for them (DRAW); a row for which there is none has its own drawn, unless it goes without (`keyed`).
    """
    rows = Together(keys)
    token = _together.set(rows)
    try:
        yield
    finally:
        _together.reset(token)
    rows.write()


def under_way() -> Together | None:
    """The rows that are being gathered, if any are."""
    return _together.get()


def draw(*tables: str) -> list[int]:
    """The next keys of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {DRAW}", [list(tables)])
        return list(cursor.fetchone()[0])


def insert(row: models.Model, *, unless_taken: tuple[str, ...] = (), keyed: bool = True) -> bool:
    """Write a new object and give it its key. False, when an equal one was there by the columns of `unless_taken`.

    What the database fills in by itself (`db_default`) cannot be given. Inside `together` nobody learns whether an
    equal one was there: it is True. There, with `keyed` False, a row that nobody asks for its key goes without.
    """
    statement = _worked_out(type(row), unless_taken)
    if any(not isinstance(getattr(row, field.attname), DatabaseDefault) for field in statement.left_out):
        raise ValueError(f"the database gives {', '.join(field.name for field in statement.left_out)} a value")
    rows = _together.get()
    if rows is not None:
        rows.insert(row, statement, keyed=keyed)
        return True
    returned = (statement.key, *statement.generated)
    sql = f"{_sql(statement.table, statement.fields, statement.ending)} returning {_columns(returned)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, statement))
        found = cursor.fetchone()
    if found is None:
        return False
    for field, value in zip(returned, found, strict=True):
        setattr(row, field.attname, value)
    _is_kept(row)
    return True


def insert_many[M: models.Model](rows: Sequence[M], *, unless_taken: tuple[str, ...] = ()) -> list[M]:
    """Write new objects of one table in one statement, and give them keys; returns those that were written.

    Those to which an equal one was there by the columns of `unless_taken` are left out, as in `insert`.
    """
    if not rows:
        return []
    statement = _worked_out(type(rows[0]), unless_taken)
    if statement.left_out or statement.generated:
        raise TypeError(f"{statement.table} has columns that the database fills in")
    fields = (statement.key, *statement.fields)
    for row, key in zip(rows, draw(*[statement.table] * len(rows)), strict=True):
        row.pk = key
    values = [[Int8(row.pk), *_values(row, statement)] for row in rows]
    arrays = ", ".join(f"%s::{_array_of(field)}" for field in fields)
    sql = (
        f"insert into {connection.ops.quote_name(statement.table)} ({_columns(fields)}) select * from unnest({arrays})"  # noqa: S608  # our own names
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{sql}{statement.ending} returning id", [list(column) for column in zip(*values, strict=True)])
        written = {key for (key,) in cursor.fetchall()}
    made = [row for row in rows if row.pk in written]
    for row in made:
        _is_kept(row)
    return made


def _array_of(field: "models.Field[Any, Any]") -> str:
    """The type of an array of a column's values; without its length, to which a cast would cut them."""
    kind = str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))
    return f"{kind.partition('(')[0]}[]"


def insert_or_read(row: models.Model, *, equal_by: tuple[str, ...]) -> bool:
    """Write a new object, or make it the one that was there and is equal by these columns; True when it is new.

    For tables whose columns hold what Python holds (no JSON).
    """
    statement = _worked_out(type(row), equal_by)
    values = _values(row, statement)
    fields = tuple(row._meta.concrete_fields)
    mine = [value for field, value in zip(statement.fields, values, strict=True) if field.column in equal_by]
    with connection.cursor() as cursor:
        cursor.execute(_or_read(statement, fields, equal_by), [*values, *mine])
        found = cursor.fetchone()
        if found is None:  # somebody else's was committed in this very moment: now it is seen
            cursor.execute(_or_read(statement, fields, equal_by), [*values, *mine])
            found = cursor.fetchone()
    new, *held = found
    for field, value in zip(fields, held, strict=True):
        setattr(row, field.attname, value)
    _is_kept(row)
    return bool(new)


@cache
def _or_read(statement: _Insert, fields: tuple["models.Field[Any, Any]", ...], equal_by: tuple[str, ...]) -> str:
    if any(hasattr(field, "from_db_value") for field in fields):
        raise TypeError(f"{statement.table} holds what Python does not")
    inserted, columns = _sql(statement.table, statement.fields, statement.ending), _columns(fields)
    table = connection.ops.quote_name(statement.table)
    equal = " and ".join(f"{_columns((field,))} = %s" for field in statement.fields if field.column in equal_by)
    return (
        f"with made as ({inserted} returning {columns}) select true, {columns} from made"  # noqa: S608  # our own names
        f" union all select false, {columns} from {table} where {equal} and not exists (select from made)"
    )


def _is_kept(row: models.Model) -> None:
    row._state.adding = False
    row._state.db = connection.alias


def _values(row: models.Model, statement: _Insert) -> list[Any]:
    held, values = row.__dict__, []
    for field, name, sets_itself, as_it_is, whole in statement.values:
        value = field.pre_save(row, add=True) if sets_itself else held[name]
        if value is None or as_it_is:
            values.append(value)
        elif whole is not None:
            values.append(whole(value))
        else:
            values.append(field.get_db_prep_save(value, connection))
    return values


def _value(field: "models.Field[Any, Any]") -> _Value:
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    sort = kind.get_internal_type()
    return _Value(
        field=field,
        name=field.attname,
        sets_itself=type(field).pre_save not in {models.Field.pre_save, models.DateTimeField.pre_save}
        or bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)),
        as_it_is=sort in _AS_IT_IS,
        whole=_WHOLE.get(sort),
    )


@cache
def _worked_out(model: type[models.Model], unless_taken: tuple[str, ...]) -> _Insert:
    all_fields = model._meta.concrete_fields
    generated = tuple(field for field in all_fields if field.generated)
    left_out = tuple(
        field for field in all_fields if field.has_db_default() and not field.primary_key and not field.generated
    )
    fields = tuple(field for field in all_fields if not field.primary_key and field not in {*generated, *left_out})
    ending = f" on conflict ({', '.join(map(connection.ops.quote_name, unless_taken))}) do nothing"
    [key] = (field for field in all_fields if field.primary_key)
    values = tuple(_value(field) for field in fields)
    return _Insert(fields, values, left_out, generated, key, model._meta.db_table, ending if unless_taken else "")


@cache
def _sql(table: str, fields: tuple["models.Field[Any, Any]", ...], ending: str) -> str:
    marks = ", ".join(["%s"] * len(fields))
    return f"insert into {connection.ops.quote_name(table)} ({_columns(fields)}) values ({marks}){ending}"  # noqa: S608  # our own names


def _columns(fields: tuple["models.Field[Any, Any]", ...]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
