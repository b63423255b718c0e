"""Late is said by one rule, the same for one case and for a list."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyhord.cases.lateness import Moment, due, late
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import SWEDEN
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 10, tzinfo=SWEDEN)
moments = st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1)).map(lambda naive: naive.replace(tzinfo=SWEDEN))


@pytest.fixture
def case(motala: Organisation) -> Case:
    return factories.make_case(motala).case


def _with(case: Case, **values: Any) -> Case:
    Case.objects.filter(pk=case.pk).update(**values)
    case.refresh_from_db()
    return case


@pytest.mark.requirement("4.4")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    at=moments,
    state=st.sampled_from(list(State)),
    until=st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 1)),
    waiting=st.none() | moments,
    answered=st.none() | moments,
    answer_by=st.none() | moments,
)
def test_one_case_and_a_list_agree(case: Case, motala: Organisation, at: datetime, **values: Any) -> None:
    with organisation_scope(motala.pk):
        found = _with(
            case,
            state=values["state"],
            state_until=values["until"],
            waiting_since=values["waiting"],
            answered_at=values["answered"],
            answer_by=values["answer_by"],
        )
        moment = due(found)
        listed = Case.objects.filter(late(Moment.of(at)), pk=case.pk).exists()
        if moment != at:
            assert listed == (moment is not None and moment < at)


@pytest.mark.parametrize(
    ("values", "is_late"),
    [
        ({"answer_by": MONDAY - timedelta(hours=1)}, True),
        ({"answer_by": MONDAY + timedelta(hours=1)}, False),
        # answered in time, and the resident wrote again yesterday
        ({"answer_by": MONDAY - timedelta(days=9), "answered_at": MONDAY - timedelta(days=10)}, False),
        # planned, and the day has not come: the resident knows
        ({"state": "planned", "state_until": date(2026, 12, 8), "answer_by": MONDAY - timedelta(days=1)}, False),
        ({"state": "planned", "state_until": date(2026, 11, 23)}, False),
        ({"state": "planned", "state_until": date(2026, 11, 22)}, True),
        ({"state": "planned", "state_until": date(2026, 11, 20), "waiting_since": None}, True),
        ({"state": "resolved", "answer_by": MONDAY - timedelta(days=9)}, False),
        # wrote again on Friday the 13th; five working days later it was the 20th at five
        ({"answered_at": MONDAY - timedelta(days=30), "waiting_since": MONDAY - timedelta(days=10)}, True),
        ({"answered_at": MONDAY - timedelta(days=30), "waiting_since": MONDAY - timedelta(days=7)}, False),
    ],
)
def test_what_is_late(case: Case, motala: Organisation, values: dict[str, Any], is_late: bool) -> None:
    start = {"waiting_since": MONDAY - timedelta(days=1), "answer_by": MONDAY + timedelta(days=9)}
    with organisation_scope(motala.pk):
        _with(case, **{**start, **values})
        assert Case.objects.filter(late(Moment.of(MONDAY))).exists() == is_late
