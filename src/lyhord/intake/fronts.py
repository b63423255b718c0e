"""By which fronts cases come in, and how long it takes to file one where the sender's device has counted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from lyhord.core.clock import SWEDEN
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.channel import CHANNELS

_COUNTED = """
with timed as (
    select case_id, seconds from intake_reception
    where organisation_id = %(organisation)s and received_at >= %(start)s and received_at < %(end)s
        and seconds is not null
)
select channel, count(*), count(timed.seconds),
    percentile_cont(array[0.5, 0.9]) within group (order by timed.seconds)
from cases_case left join timed on timed.case_id = cases_case.id
where organisation_id = %(organisation)s and registered_at >= %(start)s and registered_at < %(end)s
group by channel
"""


@dataclass(frozen=True, slots=True)
class Front:
    """What came in by one channel. Seconds are from opening the form to pressing; None where none was counted."""

    channel: str
    label: str
    cases: int
    share: float
    timed: int
    median_seconds: int | None
    p90_seconds: int | None

    @property
    def percent(self) -> int:
        """The share as people read it."""
        return round(self.share * 100)


def fronts(first: date, last: date) -> list[Front]:
    """Every channel by which something came in from one day to another, both included; the largest first."""
    start = datetime.combine(first, time(), SWEDEN)
    end = datetime.combine(last + timedelta(days=1), time(), SWEDEN)
    values: dict[str, Any] = {"organisation": require_organisation_id(), "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, values)
        rows = cursor.fetchall()
    total = sum(row[1] for row in rows)
    found = [_front(total, *row) for row in rows]
    return sorted(found, key=lambda front: (-front.cases, front.channel))


def _front(total: int, channel: str, cases: int, timed: int, spread: list[float | None] | None) -> Front:
    known = CHANNELS.find(channel)
    median, p90 = (None if each is None else round(each) for each in spread or (None, None))
    label = str(known.label) if known else channel
    return Front(channel, label, cases, round(cases / total, 4), timed, median, p90)
