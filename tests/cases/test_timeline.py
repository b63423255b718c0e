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
