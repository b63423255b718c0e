"""Several prepared queries asked by one statement: what a page shows of one thing, at the cost of one question.

    AROUND = Together(photos, messages, history)
    photos, messages, events = AROUND(case_id=5)

The rows of each come as one piece of JSON, in the order of its query, and become what they would have become.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models

from lyhord.core.prepared import Prepared, sent
from lyhord.core.tenancy import require_organisation_id

type _Read = Callable[[Any], Any]

# What JSON has no word for. A number in it may have lost its fraction; JSON within it has been read already.
_READERS: dict[type["models.Field[Any, Any]"], _Read] = {
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
    models.UUIDField: UUID,
    models.BinaryField: lambda text: bytes.fromhex(text[2:]),
    models.FloatField: float,
}


class _Part(NamedTuple):
    """One of the queries: how its rows become what it finds."""

    readers: list[tuple[int, _Read]]
    build: Callable[[Sequence[Any]], Any]


class _Plan(NamedTuple):
    sql: str
    names: list[str]
    parts: list[_Part]


class Together:
    """The queries; their parameters are those of all of them, and one of the same name is the same for all."""

    def __init__(self, *queries: Prepared[Any]) -> None:
        self._queries = queries
        self._plan: _Plan | None = None

    def __call__(self, **values: Any) -> list[list[Any]]:
        """What each finds, in the order of the queries."""
        require_organisation_id()
        plan = self._plan or self._work_out()
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [sent(values[name]) for name in plan.names])
            found = cursor.fetchone()
        return [
            [part.build(_read(row, part.readers)) for row in json.loads(text)] if text else []
            for part, text in zip(plan.parts, found, strict=True)
        ]

    def _work_out(self) -> _Plan:
        selects: list[str] = []
        names: list[str] = []
        parts: list[_Part] = []
        for query in self._queries:
            plan = query.plan
            columns = ", ".join(f"c{place}" for place in range(len(plan.fields)))
            selects.append(
                f"(select json_agg(json_build_array({columns}))::text from ({plan.sql}) as q({columns}))"  # noqa: S608  # Django's own
            )
            names += plan.names
            readers = [(place, read) for place, field in enumerate(plan.fields) if (read := _reader(field))]
            known = {place for place, field in enumerate(plan.fields) if isinstance(field, models.JSONField)}
            if any(place not in known for place, _steps, _expression in plan.converters):
                raise TypeError("a column that Django itself converts: ask for it apart")
            parts.append(_Part(readers, plan.build))
        self._plan = _Plan(f"select {', '.join(selects)}", names, parts)
        return self._plan


def _reader(field: "models.Field[Any, Any] | None") -> _Read | None:
    return next((read for kind, read in _READERS.items() if isinstance(field, kind)), None)


def _read(row: list[Any], readers: list[tuple[int, _Read]]) -> list[Any]:
    for place, read in readers:
        if row[place] is not None:
            row[place] = read(row[place])
    return row
