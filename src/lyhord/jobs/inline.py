"""Running the queue without a worker: for tests, and for filling the demo."""

from collections.abc import Callable

from django.db import connection

from lyhord.core.clock import now
from lyhord.jobs import runner, store


def run_waiting(*, limit: int = 10_000, raise_errors: bool = True) -> int:
    """Run every job that is due, and those that they add, here and now; returns how many were run.

    Works inside a transaction, and goes by Python's clock, which a test may have moved. An error is raised once
    the job has been put off or buried as by a worker; without `raise_errors` it is left at that.
    """
    done = 0
    while done < limit:
        with connection.cursor() as cursor:
            batch = store.claim(cursor, worker="inline", limit=1, moment=now())
        if not batch:
            break
        error = runner.run(batch[0], _ask, moment=now(), savepoint=True)
        done += 1
        if error is not None and raise_errors:
            raise error
    return done


def _ask[T](question: Callable[[store.Cursor], T]) -> T:
    with connection.cursor() as cursor:
        return question(cursor)
