"""Where the organisation at work is: the country whose rules hold, and the zone of the clock on its wall.

Set with the scope (tenancy.py), so that whatever counts days, reads numbers or shows a time asks here and is never
told. Outside any scope it is the installation's own: Sweden.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone


class Here(NamedTuple):
    """A country by ISO 3166-1 ("SE"), and a time zone by IANA's name."""

    country: str
    zone: ZoneInfo


SWEDEN = Here("SE", ZoneInfo("Europe/Stockholm"))
_here: ContextVar[Here] = ContextVar("lyhord_here", default=SWEDEN)


@lru_cache(maxsize=512)
def place(country: str, time_zone: str) -> Here:
    """The two as one."""
    return Here(country, ZoneInfo(time_zone))


def here() -> Here:
    """Where the organisation in scope is."""
    return _here.get()


@contextmanager
def being(there: Here) -> Iterator[None]:
    """Work there: our own clock and Django's alike, so that templates show the same hour as everything else."""
    if there == _here.get():
        yield
        return
    token = _here.set(there)
    try:
        with timezone.override(there.zone):
            yield
    finally:
        _here.reset(token)
