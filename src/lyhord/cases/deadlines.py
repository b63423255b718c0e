"""What was promised: when a case must be acknowledged and answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from lyhord.cases import calendar
from lyhord.cases.description import CaseTypeDescription, Deadline
from lyhord.cases.kind import KINDS
from lyhord.core.clock import local

ACKNOWLEDGE_DAYS = 2
"""Working days to the first word when nobody has promised anything else."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Two moments, UTC; the first is never later than the second."""

    acknowledge_by: datetime
    answer_by: datetime


def deadlines(description: CaseTypeDescription, *, kind: str, at: datetime, closed: Collection[date] = ()) -> Deadlines:
    """By the type's guarantee where it says something and is in season, else by the kind's usual working days.

    `at` is when the case came in; `closed` are the organisation's own free days. A promise of 0 is one for the same
    day, and not the same as none.
    """
    promise = description.deadline
    in_season = promise.season is None or promise.season.holds(local(at).date())
    amount = promise.answer_days if in_season else promise.answer_days_outside
    if amount is None:
        answer_by = calendar.add_working_days(at, KINDS.get(kind).answer_days, closed=closed)
    else:
        answer_by = _due(promise, amount, at, closed)
    if promise.acknowledge_days is None or not in_season:
        acknowledge_by = calendar.add_working_days(at, ACKNOWLEDGE_DAYS, closed=closed)
    else:
        acknowledge_by = _due(promise, promise.acknowledge_days, at, closed)
    return Deadlines(min(acknowledge_by, answer_by), answer_by)


def _due(promise: Deadline, amount: int, at: datetime, closed: Collection[date]) -> datetime:
    if promise.unit == "calendar_days":
        return calendar.add_calendar_days(at, amount, closed=closed)
    if promise.unit == "working_hours":
        return calendar.add_working_hours(at, amount, closed=closed)
    return calendar.add_working_days(at, amount, closed=closed)
