"""The counts that maps are drawn from are always what counting the cases would give."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyhord.cases import actions, tasks
from lyhord.cases.actions.map_counts import compact_map_counts, rebuild_map_counts
from lyhord.cases.map_counts import LEVELS, STAGES, cell_counts, counted, live_counts
from lyhord.cases.models import Case, Category, MapCount
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.states import CLOSED, OPEN, State
from lyhord.core.clock import now, pretend, today
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.morton import CELLS, tile_range
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P7", "4.11")]
WORLD = (0, CELLS)


@pytest.fixture(autouse=True)
def _inside(cast: Cast) -> Iterator[None]:
    with organisation_scope(cast.motala.pk):
        yield


def total(**wanted: Any) -> int:
    return sum(count for _cell, count in cell_counts(WORLD, PublicFilter(**wanted), 5))


def alike() -> None:
    """Every level and every sort of choice: as many as counting the cases gives."""
    year = today().year
    choices = [
        PublicFilter(),
        *(PublicFilter(states=held) for held in STAGES.values()),
        PublicFilter(states=OPEN, category="belysning"),
        PublicFilter(states=CLOSED, type_code="belysning.lampa"),
        PublicFilter(kind="felanmalan", year=year),
        PublicFilter(category="trafik", year=year - 1, states=OPEN),
    ]
    for wanted in choices:
        assert counted(wanted)
        for depth in (8, *LEVELS, LEVELS[-1] - 1):
            assert sorted(cell_counts(WORLD, wanted, depth)) == sorted(live_counts(WORLD, wanted, depth)), wanted


def make(motala: Organisation, by: Any, **values: Any) -> Case:
    case = factories.make_case(motala, publish=True, **values).case
    actions.publish(case_id=case.pk, title="Släckt", text="Lampan är släckt.", by=by)
    return case


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["new", "publish", "withdraw", "state", "type", "secret", "compact", "last year", "erase"]),
            st.integers(0, 5),
        ),
        min_size=3,
        max_size=14,
    )
)
def test_whatever_happens_the_counts_are_those_of_the_cases(cast: Cast, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        made: list[Case] = []
        for what, which in steps:
            _step(cast, what, which, made)
        alike()
        compact_map_counts()
        alike()
        assert not MapCount.objects.filter(going=0, planned=0, closed=0).exists()
        transaction.set_rollback(True)


def _step(cast: Cast, what: str, which: int, made: list[Case]) -> None:
    by = cast.maria.actor
    place: dict[str, Any] = {"at": (58.5 + which / 70, 15.03 + which / 3000)}
    case = made[which % len(made)] if made else None
    if what == "new":
        made.append(factories.make_case(cast.motala, publish=True, **place).case)
    elif what == "last year":
        with pretend(now() - timedelta(days=366)):
            made.append(make(cast.motala, by, type="klagomal", category="trafik", **place))
    elif what == "compact":
        compact_map_counts()
    elif case is not None:
        case.refresh_from_db()
        if what == "publish" and case.publication_state != Case.Published.CLOSED and not case.confidential:
            actions.publish(case_id=case.pk, title="Släckt", text="Lampan är släckt.", by=by)
        elif what == "withdraw" and case.publication_state == Case.Published.PUBLISHED:
            actions.withdraw(case_id=case.pk, by=by)
        elif what == "state":
            _next_state(case, by)
        elif what == "type" and case.case_type.code != "ovrigt":
            actions.convert(case_id=case.pk, type_code="ovrigt", by=by)
        elif what == "secret" and not case.confidential:
            nursery = Unit.objects.get(code="forskola")
            actions.move(case_id=case.pk, unit_id=nursery.pk, reason="Barn", by=by)
        elif what == "erase" and which == 0:
            Case.objects.filter(pk=case.pk).update(category=Category.objects.get(code="trafik"), cell=None)


def _next_state(case: Case, by: Any) -> None:
    state = State(case.state)
    if state is State.PLANNED:
        actions.change_state(case_id=case.pk, to=State.RESOLVED, message="Lagat.", by=by)
    elif state in CLOSED:
        actions.change_state(case_id=case.pk, to=State.IN_PROGRESS, by=by)
    elif case.kind == "felanmalan":
        actions.change_state(case_id=case.pk, to=State.PLANNED, reason="Lagas", until=today(), by=by)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_counted_in_its_stage(cast: Cast, state: State) -> None:
    case = make(cast.motala, cast.maria.actor)
    Case.objects.filter(pk=case.pk).update(state=state.value)
    [stage] = [name for name, held in STAGES.items() if state in held]
    assert {name: total(states=held) for name, held in STAGES.items()} == {name: int(name == stage) for name in STAGES}
    alike()


def test_a_years_end_is_by_swedish_clocks(cast: Cast) -> None:
    with pretend(factories.at("2025-12-31 23:30")):
        make(cast.motala, cast.maria.actor)
    with pretend(factories.at("2026-01-01 00:30")):
        make(cast.motala, cast.maria.actor)
    assert (total(year=2025), total(year=2026)) == (1, 1)
    for year in (2025, 2026):
        assert sum(count for _cell, count in live_counts(WORLD, PublicFilter(year=year), 5)) == 1


def test_what_the_counts_cannot_answer_is_counted_case_by_case(cast: Cast) -> None:
    make(cast.motala, cast.maria.actor)
    for wanted in (
        PublicFilter(words="släckt"),
        PublicFilter(area="varamon"),
        PublicFilter(first=today()),
        PublicFilter(last=today()),
        PublicFilter(states=frozenset({State.RECEIVED})),
    ):
        assert not counted(wanted)
        assert cell_counts(WORLD, wanted, 5) == [(ANY, 1)], wanted
    assert cell_counts(WORLD, PublicFilter(), 24) == live_counts(WORLD, PublicFilter(), 24)


def test_counting_anew_mends_what_was_loaded_past_the_triggers(cast: Cast) -> None:
    make(cast.motala, cast.maria.actor)
    MapCount.objects.update(going=7)
    assert total() == 7
    rebuild_map_counts()
    alike()
    assert total() == 1
    MapCount.objects.all().delete()
    call_command("rebuild_map_counts", "motala", verbosity=0)
    assert total() == 1
    call_command("rebuild_map_counts", verbosity=0)
    alike()
    with pytest.raises(CommandError):
        call_command("rebuild_map_counts", "finns-inte")


def test_the_night_sums_what_the_day_has_added(cast: Cast) -> None:
    case = make(cast.motala, cast.maria.actor)
    for _ in range(3):
        actions.withdraw(case_id=case.pk, by=cast.maria.actor)
        actions.publish(case_id=case.pk, title="Släckt", text="Lampan är släckt.", by=cast.maria.actor)
    assert MapCount.objects.count() == 2 * 7 * len(LEVELS)
    tasks.compact_maps.func()
    assert MapCount.objects.count() == 2 * len(LEVELS)  # of its sort, and of the whole cell
    alike()


def test_a_tile_is_answered_from_one_range_of_the_counts(cast: Cast, django_assert_num_queries: Any) -> None:
    make(cast.motala, cast.maria.actor)
    with django_assert_num_queries(1):
        cell_counts(tile_range(8, 138, 76), PublicFilter(states=OPEN), 11)


def test_another_organisations_cases_are_not_counted(cast: Cast) -> None:
    make(cast.motala, cast.maria.actor)
    with organisation_scope(cast.mjolby.pk):
        assert total() == 0
        rebuild_map_counts()
    assert total() == 1
