"""What a process keeps of an organisation's settings, for as long as they are as they were.

Units, case types, rules, areas: every request reads them and hardly any changes them. Each change gives the
organisation a new edition (organisations/migrations/0004_edition.py: a trigger on the tables of settings, so that no
way of changing is forgotten). A scope learns the edition in the statement by which it begins, and what is kept of
another one is read anew. So what is kept is never older than the request that reads it, nor another organisation's.

    units = kept("units", lambda: list(Unit.objects.order_by("pk")))

What `kept` returns is shared by all threads: look, but change nothing, and keep nothing here that depends on more than
the settings and the name.
"""

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, cast

from lyhord.core.tenancy import require_scope

MOST_ORGANISATIONS = 200
MOST_NAMES = 2000


class _Edition(NamedTuple):
    number: int
    values: dict[Hashable, Any]


_memory: dict[int, _Edition] = {}


def kept[T](name: Hashable, read: Callable[[], T]) -> T:
    """What `read` says of the organisation in scope, read once for each edition of its settings.

    In a scope that has itself changed settings, and for an organisation without any, it is read every time. So is what
    is None: codes and keys come from outside, and those that name nothing must not fill the memory.
    """
    scope = require_scope()
    number = scope.edition
    if number is None:
        return read()
    held = _memory.get(scope.organisation_id)
    if held is not None and held.number == number and name in held.values:
        return cast(T, held.values[name])
    value = read()
    if value is not None and scope.edition == number:  # unless it has changed what it read
        _keep(scope.organisation_id, number, name, value)
    return value


def forget_kept() -> None:
    """Drop all that is kept: between tests, which begin from different databases."""
    _memory.clear()


def _keep(organisation_id: int, number: int, name: Hashable, value: object) -> None:
    held = _memory.get(organisation_id)
    if held is None or held.number != number or len(held.values) >= MOST_NAMES:
        if len(_memory) >= MOST_ORGANISATIONS:
            _memory.clear()
        held = _memory[organisation_id] = _Edition(number, {})
    held.values[name] = value
