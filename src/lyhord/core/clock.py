"""Time: stored in UTC, thought of in the municipality's own zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lyhord.core import here

SWEDEN = here.SWEDEN.zone
"""The installation's own zone: what runs by the clock for all organisations at once runs by it."""

_pretended: ContextVar[datetime | None] = ContextVar("lyhord_clock", default=None)


def now() -> datetime:
    """The time now, aware, UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Let `now` be another moment: for filling the demo with a past, and for importing from older systems."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def zone() -> ZoneInfo:
    """The zone of the organisation in scope; Sweden's outside one."""
    return here.here().zone


def local(moment: datetime) -> datetime:
    """The same moment on the organisation's clock. Naive input is a programming error (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return moment.astimezone(zone())


def today() -> date:
    """The date where the organisation is."""
    return local(now()).date()
