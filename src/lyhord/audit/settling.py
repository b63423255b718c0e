"""How far the changes of an organisation are settled: nothing earlier will come to light any more.

A change has its time when it is made and is seen when it is committed, so one may come to light after another that is
later. Whoever reads on from the latest they have seen would miss it. Everybody who changes something that is read so
therefore holds a shared lock, named by organisation and second, from before they look at the clock until they have
committed; readers look at who holds one. Nobody waits for a reader, and no other organisation matters.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from django.db import connection
from django.db.models.expressions import RawSQL

from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id

PATIENCE = timedelta(seconds=1)
_PAUSE_SECONDS = 0.02
LOCK = "pg_advisory_xact_lock_shared(%s, %s)"
"""For a statement that is made anyway; its parameters are `lock_name()`."""
_OLDEST = """
select min(objid::bigint) from pg_locks
where locktype = 'advisory' and objsubid = 2 and classid::bigint = %s and granted and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
"""


def lock_name() -> tuple[int, int]:
    """The organisation and this second. By the real clock: what is filled in with a past is no news."""
    return require_organisation_id() % 2**31, int(datetime.now(UTC).timestamp())


def changing() -> None:
    """From now until the transaction ends, something changes in the organisation of this scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {LOCK}", lock_name())


def changing_too() -> RawSQL:
    """The same as an annotation, for a query that is made anyway."""
    return RawSQL(f"({LOCK}::text)", lock_name())  # noqa: S611  # our own words


def settled_until(wanted: datetime | None = None, patience: timedelta = PATIENCE) -> datetime:
    """The moment up to which, itself included, every change of the organisation has come to light.

    Waits a little for those who are at it: nearly always it is then as late as `wanted`, or as the time of asking.
    Must be asked in a statement before the one that reads the changes.
    """
    until = monotonic() + patience.total_seconds()
    asked = now()
    wanted = min(wanted or asked, asked)
    while True:
        oldest = _oldest()
        if oldest is None or oldest > wanted:
            return wanted
        if monotonic() >= until:
            return oldest - timedelta(microseconds=1)
        sleep(_PAUSE_SECONDS)


def _oldest() -> datetime | None:
    """The second in which the first of the changes under way began."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [require_organisation_id() % 2**31])
        (seconds,) = cursor.fetchone()
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
