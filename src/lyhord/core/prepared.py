"""Queries whose SQL is worked out once in each process.

Django works it out anew each time, which costs ten times as much CPU as sending it and reading the answer. For the
few queries that every visit makes, that is most of what a visit costs.

    by_number = Prepared(lambda number: Case.objects.filter(number=number), number=str)
    case = by_number.first(number="26-4817")

The function is called once, with a stand-in for each parameter, and the query may depend on nothing else: what the
time is must be a parameter. A list is compared with the lookup `any` (lookups.py).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, cast
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators  # what builds related objects from a row
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

from lyhord.core.tenancy import require_organisation_id
from lyhord.core.walled import Walled

type _Converters = tuple[tuple[int, list[Callable[..., Any]], Expression], ...]

_PLACES = re.compile("(%%|%s)")

_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 1_070_000_000 + place,
    str: lambda place: f"\ue000{place}\ue001",
    float: lambda place: 1583.5 + place,
    bytes: lambda place: f"\x00stand-in {place}".encode(),
    UUID: lambda place: UUID(int=place, version=4),
    datetime: lambda place: datetime(1583, 1, 1, tzinfo=UTC) + timedelta(days=place),
    date: lambda place: date(1583, 1, 1) + timedelta(days=place),
    list: lambda place: [f"\ue000{place}\ue001"],
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """A query worked out. `names` are those of the parameters, in the order of the statement."""

    sql: str
    names: tuple[str, ...]
    converters: _Converters
    build: Callable[[Sequence[Any]], Any]
    walled: bool
    fields: tuple["models.Field[Any, Any] | None", ...]
    """What each column holds; None where no field says so."""


class Prepared[M: models.Model]:
    """A query for objects, with what it selects beside them. Never for `values()`: see `PreparedRows`."""

    def __init__(self, build: Callable[..., models.QuerySet[M]], **parameters: type) -> None:
        self._build = build
        self._parameters = parameters
        self._plan: _Plan | None = None
        self._lock = Lock()

    def __call__(self, *, most: int | None = None, **values: Any) -> list[M]:
        """All that it finds, or the first so many."""
        return cast(list[M], self._ask(values, most))

    def first(self, **values: Any) -> M | None:
        """The first it finds, or None."""
        found = self._ask(values, 1)
        return cast(M, found[0]) if found else None

    @property
    def plan(self) -> _Plan:
        """The query worked out."""
        return self._plan or self._work_out()

    def _ask(self, values: dict[str, Any], most: int | None) -> list[Any]:
        plan = self._plan or self._work_out()
        if plan.walled:
            require_organisation_id()
        sql, given = plan.sql, [sent(values[name]) for name in plan.names]
        if most is not None:
            sql = f"{sql} LIMIT {most:d}"
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            rows = cursor.fetchall()
        if plan.converters:
            rows = [_converted(row, plan.converters) for row in rows]
        return [plan.build(row) for row in rows]

    def _work_out(self) -> _Plan:
        with self._lock:
            if self._plan is None:
                self._plan = _worked_out(self._build, self._parameters, self._builder)
            return self._plan

    def _builder(self, compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
        """What makes an object of a row."""
        info = compiler.klass_info
        if info is None or not compiler.query.default_cols:
            raise TypeError("a query for values: use PreparedRows")
        model, fields = info["model"], info["select_fields"]
        begin, end = fields[0], fields[-1] + 1
        names = [column[0].target.attname for column in compiler.select[begin:end]]
        others = get_related_populators(info, compiler.select, connection.alias, models.FETCH_ONE)
        extra = list((compiler.annotation_col_map or {}).items())

        def build(row: Sequence[Any]) -> Any:
            made = model.from_db(connection.alias, names, row[begin:end], fetch_mode=models.FETCH_ONE)
            for other in others:
                other.populate(row, made)
            for name, place in extra:
                setattr(made, name, row[place])
            return made

        return build


class PreparedRows[R](Prepared[Any]):
    """A query with `values_list`; each row is given to `make`: a NamedTuple, a dataclass, or `tuple`."""

    def __init__(
        self, make: Callable[..., R], build: Callable[..., models.QuerySet[Any, Any]], **parameters: type
    ) -> None:
        super().__init__(build, **parameters)
        self._make = make

    def __call__(self, *, most: int | None = None, **values: Any) -> list[R]:
        """All that it finds, or the first so many."""
        return cast(list[R], self._ask(values, most))

    def first(self, **values: Any) -> R | None:
        """The first it finds, or None."""
        found = self._ask(values, 1)
        return cast(R, found[0]) if found else None

    def _builder(self, compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
        make = self._make
        return lambda row: make(*row)


class PreparedCounts:
    """How many rows each of several queries for objects finds, in one statement; each counted to `most` at most.

    Their parameters are the same, though each need not use them all. The queries are of walled tables.
    """

    def __init__(self, builds: Sequence[Callable[..., models.QuerySet[Any]]], *, most: int, **parameters: type) -> None:
        self._builds = builds
        self._most = most
        self._parameters = parameters
        self._plan: tuple[str, list[str]] | None = None

    def __call__(self, **values: Any) -> list[int]:
        """The numbers, in the order of the queries."""
        require_organisation_id()
        sql, names = self._plan or self._work_out()
        with connection.cursor() as cursor:
            cursor.execute(sql, [sent(values[name]) for name in names])
            return list(cursor.fetchone())

    def _work_out(self) -> tuple[str, list[str]]:
        parts: list[str] = []
        names: list[str] = []
        for build in self._builds:
            _compiler, sql, used = _statement(partial(_keys, build), self._parameters)
            parts.append(f"(select count(*) from ({sql} limit {self._most}) as counted)")  # noqa: S608  # Django's own
            names += used
        if missing := set(self._parameters) - set(names):
            raise TypeError(f"no query sends {', '.join(sorted(missing))} as it was given")
        self._plan = f"select {', '.join(parts)}", names
        return self._plan


def _keys(build: Callable[..., models.QuerySet[Any]], **values: Any) -> models.QuerySet[Any, Any]:
    return build(**values).values("pk")


def _statement(
    build: Callable[..., models.QuerySet[Any, Any]], parameters: dict[str, type]
) -> tuple[SQLCompiler, str, tuple[str, ...]]:
    stand_ins = {name: _STAND_INS[kind](place) for place, (name, kind) in enumerate(parameters.items(), start=1)}
    queryset = build(**stand_ins)
    if queryset.query.is_sliced:
        raise TypeError("say how many are wanted when asking: most=50")
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    written, names, given = "", [], iter(params)
    for part in _PLACES.split(sql):
        if part != "%s":
            written += part
        elif name := _name(value := next(given), stand_ins):
            written += part
            names.append(name)
        else:
            written += _constant(value)
    return compiler, written, tuple(names)


def _worked_out(
    build: Callable[..., models.QuerySet[Any, Any]],
    parameters: dict[str, type],
    builder: Callable[[SQLCompiler], Callable[[Sequence[Any]], Any]],
) -> _Plan:
    compiler, sql, names = _statement(build, parameters)
    if missing := set(parameters) - set(names):
        raise TypeError(f"the query does not send {', '.join(sorted(missing))} as it was given")
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = tuple((place, *found) for place, found in compiler.get_converters(columns).items())
    fields = tuple(getattr(column, "output_field", None) for column in columns)
    return _Plan(sql, names, converters, builder(compiler), _is_walled(compiler), fields)


def _is_walled(compiler: SQLCompiler) -> bool:
    model = compiler.query.model
    return model is not None and issubclass(model, Walled)


def sent(value: Any) -> Any:
    """A parameter as it is sent: integers always as of one size, so that the database needs but one plan."""
    if type(value) is list:
        return [sent(one) for one in value]
    return Int8(value) if type(value) is int else value


def _name(value: Any, stand_ins: dict[str, Any]) -> str | None:
    """The name of the parameter that the value stands in for; None for a constant."""
    plain = getattr(value, "obj", value)  # what psycopg wraps: bytes, JSON
    for name, stand_in in stand_ins.items():
        if isinstance(plain, type(stand_in)) and plain == stand_in:
            return name
    return None


def _constant(value: Any) -> str:
    """As it stands in the statement, where the database can see it: it then uses an index of just those rows, and one
    plan for all values of the parameters.
    """
    if isinstance(value, date):
        raise TypeError("a moment would stay as it was when the query was worked out: make it a parameter")
    return Literal(value).as_string(connection.connection).replace("%", "%%")


def _converted(row: Sequence[Any], converters: _Converters) -> list[Any]:
    values = list(row)
    for place, steps, expression in converters:
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return values
