"""What has been read once in a request need not be read again: settings that several steps of it ask for.

Nothing is remembered outside a request (in tasks, commands and tests everything is asked anew), and nothing beyond
its end. Only for what a request reads and does not change.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from lyhord.core.tenancy import current_organisation_id

_memo: ContextVar[dict[Hashable, Any] | None] = ContextVar("lyhord_memo", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """A request: what is read inside is read once."""
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def remembered[T](key: Hashable, read: Callable[[], T]) -> T:
    """What `read` says, read once in this request and organisation. The key names all else that it depends on."""
    memo = _memo.get()
    if memo is None:
        return read()
    whole = (current_organisation_id(), key)
    if whole not in memo:
        memo[whole] = read()
    return cast(T, memo[whole])
