"""The night, when nothing of ours shall make a telephone buzz: 21 to 07 where the organisation is."""

from datetime import datetime, time, timedelta

from lyhord.core.clock import local, zone

BEGINS, ENDS = time(21), time(7)


def morning_after(moment: datetime) -> datetime | None:
    """When what comes at night may leave: 07:00 that same night's morning; None by day.

    Asked of the clock on the wall, so a night with a change of clocks is as long as it is. Naive input: ValueError.
    """
    here = local(moment)
    if ENDS <= here.time() < BEGINS:
        return None
    day = here.date() if here.time() < ENDS else here.date() + timedelta(days=1)
    return datetime.combine(day, ENDS, zone())
