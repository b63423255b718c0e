"""Time: stored in UTC, thought of in the municipality's own zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The time now, aware, UTC. Tests freeze it with time-machine."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on a Swedish clock. Naive input is a programming error (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return moment.astimezone(SWEDEN)


def today() -> date:
    """The date on a Swedish calendar."""
    return local(now()).date()
