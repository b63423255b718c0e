"""When summaries are told: at seven in the morning, each day or each Monday, where the organisation is."""

from datetime import datetime, time, timedelta

from lyhord.core.clock import local, zone
from lyhord.notifications.models import Rhythm

SUMMARIES_AT = time(7)
_MONDAY = 0


def last_slot(rhythm: str, moment: datetime) -> datetime:
    """When the latest summary of that rhythm was due: today's or yesterday's 07:00, or that of the latest Monday."""
    here = local(moment)
    day = here.date() if here.time() >= SUMMARIES_AT else here.date() - timedelta(days=1)
    if rhythm == Rhythm.WEEK:
        day -= timedelta(days=(day.weekday() - _MONDAY) % 7)
    return datetime.combine(day, SUMMARIES_AT, zone())


def next_morning(moment: datetime) -> datetime:
    """The next 07:00, as the clock on the wall has it."""
    return datetime.combine(last_slot(Rhythm.DAY, moment).date() + timedelta(days=1), SUMMARIES_AT, zone())
