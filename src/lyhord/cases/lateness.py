"""When somebody has waited too long: one rule, for one case in Python and for a list in SQL.

Three promises can be broken: the first answer, a date that we named ourselves, and an answer to what the resident
wrote later.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from django.db.models import BooleanField, Case, Q, Value, When

from lyhord.cases.calendar import CLOSES, add_working_days
from lyhord.cases.states import NEEDS_DATE, State
from lyhord.core.clock import local, zone

FOLLOW_UP_DAYS = 5
"""Working days within which we answer somebody who writes again after our answer."""

_DATED = sorted(state.value for state in NEEDS_DATE)


class Waits(Protocol):
    """What tells of a case how long it has waited: a whole one or a row of a list."""

    @property
    def open(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def state_until(self) -> date | None: ...
    @property
    def waiting_since(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def answer_by(self) -> datetime | None: ...


def due(case: Waits) -> datetime | None:
    """The moment from which the case is late; None when nobody waits for anything that we have promised.

    The first answer is not late while a date that the resident has been told lies ahead.
    """
    if not case.open:
        return None
    dated = State(case.state) in NEEDS_DATE and case.state_until is not None
    moments = []
    if dated and case.state_until is not None:
        midnight = datetime.combine(case.state_until + timedelta(days=1), time(), zone())
        moments.append(midnight.astimezone(UTC))
    if case.waiting_since is not None and case.answered_at is not None:
        moments.append(add_working_days(case.waiting_since, FOLLOW_UP_DAYS))
    elif case.waiting_since is not None and case.answer_by is not None and not dated:
        moments.append(case.answer_by)
    return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as lists ask about it."""

    at: datetime
    day: date
    """The day it is in Sweden."""
    waited: datetime
    """Whoever has waited for more since before this has waited too long."""

    @classmethod
    def of(cls, at: datetime) -> "Moment":
        """The moment of an aware time."""
        return cls(at, local(at).date(), _waiting_too_long(at))


def late(moment: Moment) -> Q:
    """The open cases that are late at a moment: those whose `due` has passed.

    One expression, which no index can answer by halves: a list is then read in its order until it is full. The
    database thinks such cases far fewer than they are, and would find and sort all of them for the first fifty.
    """
    dated = Q(state__in=_DATED, state_until__isnull=False)
    plan_broken = dated & Q(state_until__lt=moment.day)
    unanswered = Q(waiting_since__isnull=False, answered_at__isnull=True, answer_by__lt=moment.at) & ~dated
    left_waiting = Q(answered_at__isnull=False, waiting_since__lt=moment.waited)
    passed = When(plan_broken | unanswered | left_waiting, then=Value(True))
    return Q(Case(passed, default=Value(False), output_field=BooleanField()), open=True)


def _waiting_too_long(at: datetime) -> datetime:
    """The moment such that whoever has waited since before it has waited too long.

    Deadlines jump at the close of business, so the answer is always such an hour.
    """
    closing = datetime.combine(local(at).date(), CLOSES, zone())
    while add_working_days(closing - timedelta(microseconds=1), FOLLOW_UP_DAYS) >= at:
        closing = datetime.combine(closing.date() - timedelta(days=1), CLOSES, zone())
    return closing.astimezone(UTC)
