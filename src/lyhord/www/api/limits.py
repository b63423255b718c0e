"""How often one caller asks. What is sent is counted in the database; what is read only in this process's memory.

Reading must cost next to nothing, so the count is each process's own, and starts anew with every minute.
"""

from threading import Lock
from time import monotonic

from django.conf import settings

from lyhord.core.tenancy import current_organisation_id
from lyhord.www.api.problems import Refused

_MINUTE = 60.0
_MOST_CALLERS = 10_000
_lock = Lock()
_counts: dict[tuple[int | None, str], int] = {}
_began = 0.0


def check_reads(caller: str) -> None:
    """Count one request of the caller's; Refused with 429 once it has made as many as it may in this minute."""
    global _began  # noqa: PLW0603  # the one clock of this process
    at = monotonic()
    with _lock:
        if at - _began >= _MINUTE or len(_counts) > _MOST_CALLERS:
            _counts.clear()
            _began = at
        key = (current_organisation_id(), caller)
        count = _counts[key] = _counts.get(key, 0) + 1
        left = max(1, round(_MINUTE - (at - _began)))
    if count > settings.API_READS_A_MINUTE:
        raise Refused(429, headers={"Retry-After": str(left)})


def forget_reads() -> None:
    """Begin anew; between tests."""
    _counts.clear()
