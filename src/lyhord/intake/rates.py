"""How often somebody does something, counted in the database so that all web processes count together.

Time goes in steps, a sixth of the limit's window each; what was done in the steps that began within the window is
summed. Each connection counts in a row of its own, so that nobody waits for anybody else's transaction; what others
have not committed yet is not seen, which lets through as many too many as there are requests at the same moment.
What is refused is not counted: who waits as long as they are told gets through. The table is unlogged: a crash
forgets it, and a request that only reads waits for no disk.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from threading import Lock

from django.db import connection

from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.models import RecentUse

STEPS = 6
_MOST_KEPT = 10_000

_TAKE = """
with before as (
    select coalesce(sum(count), 0) as used, min(began) as first from intake_recentuse
    where organisation_id = %(organisation)s and purpose = %(purpose)s and digest = %(digest)s and began > %(since)s
), granted as (
    select greatest(0, least(%(wanted)s, %(most)s - used))::int as n from before
), added as (
    update intake_recentuse set count = count + n from granted
    where organisation_id = %(organisation)s and purpose = %(purpose)s and digest = %(digest)s and began = %(began)s
        and connection = pg_backend_pid() and n > 0
    returning 1
), begun as (
    insert into intake_recentuse as mine (organisation_id, purpose, digest, began, connection, count, until)
    select %(organisation)s, %(purpose)s, %(digest)s, %(began)s, pg_backend_pid(), n, %(until)s from granted
    where n > 0 and not exists (select from added)
    on conflict (organisation_id, purpose, digest, began, connection) do update set count = mine.count + excluded.count
)
select n, first from before, granted
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times within a window."""

    most: int
    window: timedelta


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

_lock = Lock()
_left: dict[tuple[int, str, bytes], tuple[datetime, int]] = {}


def wait_for(rate: Rate, *, purpose: str, digest: bytes) -> int:
    """Count one more of somebody's, in the organisation of this scope: 0, or in how many seconds there may be room."""
    return _take(rate, purpose, digest, 1)[1]


def wait_for_read(rate: Rate, *, purpose: str, digest: bytes) -> int:
    """As `wait_for`, for what must cost next to nothing: each process takes some at a time, at most a fiftieth.

    Never more than the rate allows; with several processes as much less as they have taken and not used.
    """
    key = (require_organisation_id(), purpose, digest)
    step = _step(now(), rate.window)
    with _lock:
        began, left = _left.get(key, (step, 0))
        if left and began == step:
            _left[key] = (began, left - 1)
            return 0
    granted, wait = _take(rate, purpose, digest, max(1, rate.most // 50))
    if granted > 1:
        with _lock:
            if len(_left) > _MOST_KEPT:
                _left.clear()
            _left[key] = (step, granted - 1)
    return wait


def _take(rate: Rate, purpose: str, digest: bytes, wanted: int) -> tuple[int, int]:
    """How many were granted, up to so many, and else how many seconds to wait."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "organisation": require_organisation_id(),
                "purpose": purpose,
                "digest": digest,
                "wanted": wanted,
                "most": rate.most,
                "began": _step(at, rate.window),
                "since": at - rate.window,
                "until": _step(at, rate.window) + rate.window,
            },
        )
        granted, first = cursor.fetchone()
    if granted:
        return granted, 0
    return 0, max(1, ceil(((first or at) + rate.window - at).total_seconds()))


def _step(at: datetime, window: timedelta) -> datetime:
    """When the step of this moment began."""
    length = (window / STEPS).total_seconds()
    return datetime.fromtimestamp(at.timestamp() // length * length, UTC)


def forget_old() -> int:
    """Delete what counts no longer, in the organisation of this scope; returns how many rows."""
    return RecentUse.objects.filter(until__lte=now()).delete()[0]


def forget_taken() -> None:
    """Begin anew in this process; between tests."""
    _left.clear()
