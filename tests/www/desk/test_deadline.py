"""How long is left, in words."""

from datetime import datetime

import pytest
import time_machine
from django.utils import translation

from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import SWEDEN
from lyhord.www.desk.deadline import deadline_of

BY = datetime(2026, 11, 24, 17, 0, tzinfo=SWEDEN)
TODAY, LATER = "2026-11-24", "2026-11-25"


def words(now: str, by: datetime, language: str) -> str:
    """The chip of a case that must be answered `by`, at the Swedish time `now`."""
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=SWEDEN), tick=False):
        case = Case(state=State.RECEIVED, open=True, waiting_since=BY.replace(day=20), answer_by=by)
        with translation.override(language):
            return deadline_of(case).text


@pytest.mark.requirement("4.4", "2.3")
@pytest.mark.parametrize(
    ("now", "minute", "swedish", "english"),
    [
        (f"{TODAY} 08:00", 0, "I dag före 17.00", "Today before 17:00"),
        (f"{TODAY} 08:00", 30, "I dag före 17.30", "Today before 17:30"),
        (f"{TODAY} 18:00", 0, "Sen sedan klockan 17.00", "Late since 17:00"),
        (f"{TODAY} 18:00", 45, "Sen sedan klockan 17.45", "Late since 17:45"),
        (f"{LATER} 08:00", 0, "1 dag sen", "1 day late"),
        ("2026-11-23 08:00", 0, "1 dag kvar", "1 day left"),
    ],
)
def test_hours_have_minutes_as_each_language_writes_them(now: str, minute: int, swedish: str, english: str) -> None:
    by = BY.replace(minute=minute)
    assert (words(now, by, "sv"), words(now, by, "en")) == (swedish, english)
