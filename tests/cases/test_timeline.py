"""What has happened, is and comes, for the reporter and for others."""

from datetime import date
from typing import Any

import pytest

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.public_queries import history
from lyhord.cases.states import CLOSED, State
from lyhord.cases.timeline import Step, timeline
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
BY = factories.TEST


def steps_of(organisation: Organisation, case_id: int, *, own: bool) -> list[Step]:
    with organisation_scope(organisation.pk):
        case = Case.objects.select_related("unit").get(pk=case_id)
        return timeline(case, history(case), unit=case.unit.name, own=own)


def test_a_new_case_has_arrived_is_being_read_and_will_be_answered(motala: Organisation) -> None:
    made = factories.make_case(motala)
    steps = steps_of(motala, made.case.pk, own=True)
    assert [(step.label, step.phase) for step in steps] == [
        ("Vi har tagit emot det", "done"),
        ("Gata och park läser", "now"),
        ("Du får svar", "later"),
    ]
    assert [step.phase for step in steps_of(motala, made.case.pk, own=False)] == ["done", "now"]


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_exactly_one_now(motala: Organisation, state: State) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        if state is State.DUPLICATE:
            other = factories.make_case(motala, "En annan.")
            actions.merge(case_id=made.case.pk, into_number=other.case.number, by=BY)
        elif state is not State.RECEIVED:
            actions.change_state(
                case_id=made.case.pk,
                to=state,
                reason="Reservdel.",
                until=date(2099, 3, 5),
                responsible="Trafikverket",
                message="Hej.",
                by=BY,
            )
    for own in (True, False):
        steps = steps_of(motala, made.case.pk, own=own)
        assert [step.phase for step in steps].count("now") == 1
        assert not any(step.phase == "later" for step in steps) or state not in CLOSED
        assert all(step.label for step in steps)


@pytest.mark.requirement("4.11")
def test_others_see_neither_names_nor_reasons_nor_that_anything_was_said(motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        actions.assign(case_id=made.case.pk, officer_id=cast.sara.pk, by=BY)
        actions.note(case_id=made.case.pk, text="Hemligt.", by=BY)
        actions.reply(case_id=made.case.pk, text="Hej.", by=BY)
        actions.change_state(
            case_id=made.case.pk, to=State.WAITING, reason="Asta är hemma", until=date(2099, 3, 5), by=BY
        )
    own = " ".join(f"{step.label} {step.text}" for step in steps_of(motala, made.case.pk, own=True))
    others = " ".join(f"{step.label} {step.text}" for step in steps_of(motala, made.case.pk, own=False))
    for words in ("Sara Ek", "sta är hemma", "Vi svarade"):
        assert words in own
        assert words not in others
    assert "Hemligt" not in own + others


def tell(organisation: Organisation, case_id: int) -> list[tuple[str, str, bool]]:
    """(label, phase, has a time) of each step, as the reporter reads them."""
    return [(step.label, step.phase, step.at is not None) for step in steps_of(organisation, case_id, own=True)]


@pytest.mark.requirement("0.17")
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("state", [state for state in State if state not in {State.RECEIVED, State.DUPLICATE}])
def test_where_it_is_now_is_not_told_as_done_too(motala: Organisation, cast: Any, state: State, own: bool) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        if state is State.ASSIGNED:
            actions.assign(case_id=made.case.pk, officer_id=cast.sara.pk, by=BY)
        else:
            until = date(2099, 3, 5)
            actions.change_state(
                case_id=made.case.pk, to=state, reason="Reservdel.", until=until, responsible="Ellevio", by=BY
            )
        if state in CLOSED:  # what is said afterwards does not move where it is
            actions.reply(case_id=made.case.pk, text="Hej.", by=BY)
    steps = steps_of(motala, made.case.pk, own=own)
    [present] = [step for step in steps if step.phase == "now"]
    assert present.at is not None  # since when
    assert [step.label for step in steps].count(present.label) == 1
    assert present.label not in {"Vi svarade", "Vi har tagit emot det"}
    assert [step.phase for step in steps if step.phase != "later"][-1] == "now"


def test_what_it_waited_for_before_stays_told(motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        for reason, day in (("reservdel", 5), ("lift", 9)):
            until = date(2099, 3, day)
            actions.change_state(case_id=made.case.pk, to=State.WAITING, reason=reason, until=until, by=BY)
    assert tell(motala, made.case.pk) == [
        ("Vi har tagit emot det", "done", True),
        ("Väntar på reservdel till 5 mars 2099", "done", True),
        ("Väntar på lift till 9 mars 2099", "now", True),
        ("Du får svar", "later", False),
    ]


def test_taken_up_again_the_old_end_is_behind_us(motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        actions.assign(case_id=made.case.pk, officer_id=cast.sara.pk, by=BY)
        actions.change_state(case_id=made.case.pk, to=State.RESOLVED, message="Lagat.", by=BY)
        actions.resident_writes(case_id=made.case.pk, text="Nej.", by=BY, channel="web")
    assert tell(motala, made.case.pk) == [
        ("Vi har tagit emot det", "done", True),
        ("Sara Ek har tagit hand om det", "done", True),
        ("Vi svarade", "done", True),
        ("Åtgärdad", "done", True),
        ("Öppnat igen", "done", True),
        ("Du skrev mer", "done", True),
        ("Hos handläggare", "now", False),
    ]


def test_an_answer_that_takes_it_up_is_behind_us_and_the_work_is_now(motala: Organisation) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        actions.reply(case_id=made.case.pk, text="Hej.", by=BY)
    assert tell(motala, made.case.pk)[1:] == [("Vi svarade", "done", True), ("Vi arbetar med det", "now", False)]
