"""Asking whoever reported: they are told, reminded once, and silence means what was said that it would."""

from datetime import timedelta

import pytest
import time_machine

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case, Message, Outcome, Question, Side
from lyhord.cases.states import State
from lyhord.cases.tasks import follow_up, follow_up_questions
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P14")]
RESIDENT = Actor.resident()


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.make_case(cast.motala, email="anna@exempel.se", wants_feedback=True).case


def ask(
    cast: Cast, case: Case, *, text: str = "Vilken lyktstolpe är det?", days: int = 14, closes: bool = True
) -> None:
    with organisation_scope(cast.motala.pk):
        actions.ask_reporter(case_id=case.pk, text=text, days=days, closes=closes, by=cast.sara.actor)


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def in_days(days: int) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(days=days), tick=True)


def read(cast: Cast, case: Case) -> Case:
    with organisation_scope(cast.motala.pk):
        return Case.objects.get(pk=case.pk)


def test_it_is_asked_and_answered(cast: Cast, case: Case) -> None:
    ask(cast, case)
    asked = read(cast, case)
    assert (asked.state, asked.state_reason) == (State.WAITING, "svar från dig")
    with organisation_scope(cast.motala.pk):
        assert told() == ["case_received", "case_asked"], "one message, not one for the words and one for the state"
        actions.resident_writes(case_id=case.pk, text="Den vid bron.", by=RESIDENT, channel="web")
        assert Question.objects.get().outcome == Outcome.ANSWERED
    answered = read(cast, case)
    assert (answered.state, answered.state_reason, answered.state_until) == (State.IN_PROGRESS, "", None)
    assert answered.unread
    with organisation_scope(cast.motala.pk), in_days(20):
        follow_up()
        assert told() == ["case_received", "case_asked"]


def test_halfway_they_are_reminded_once_and_then_it_ends(cast: Cast, case: Case) -> None:
    ask(cast, case)
    with organisation_scope(cast.motala.pk):
        with in_days(6):
            follow_up()
            assert told()[-1] == "case_asked"
        for day in (7, 8, 14):
            with in_days(day):
                follow_up()
                assert told() == ["case_received", "case_asked", "case_reminded"]
        with in_days(15):
            follow_up()
            follow_up()
        closed = Case.objects.get(pk=case.pk)
        assert (closed.state, closed.state_reason) == (State.NOT_RESOLVED, "Vi fick inget svar på vår fråga.")
        last = Message.objects.filter(case=case, side=Side.OFFICE).latest("pk")
        assert "har inte fått något svar" in last.text
        assert told()[3:] == ["case_answered"], "closed with a message"
        assert Question.objects.get().outcome == Outcome.SILENCE
        assert Event.objects.filter(verb="case.state_changed").latest("pk").actor_kind == "system"
        actions.resident_writes(case_id=case.pk, text="Förlåt, den vid bron.", by=RESIDENT, channel="web")
        assert Case.objects.get(pk=case.pk).open, "it is taken up again"


def test_silence_that_closes_nothing_is_shown_to_staff(cast: Cast, case: Case) -> None:
    ask(cast, case, closes=False)
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=case.pk).update(unread=False)
        with in_days(15):
            follow_up()
        silent = Case.objects.get(pk=case.pk)
        assert (silent.state, silent.unread) == (State.WAITING, True)
        assert Event.objects.filter(verb="case.no_answer").count() == 1


def test_what_happens_meanwhile_drops_it(cast: Cast, case: Case) -> None:
    ask(cast, case)
    with organisation_scope(cast.motala.pk):
        actions.change_state(case_id=case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
        with in_days(15):
            follow_up()
        assert Case.objects.get(pk=case.pk).state == State.IN_PROGRESS
        assert Question.objects.get().outcome == Outcome.DROPPED


def test_another_question_takes_the_place_of_the_first(cast: Cast, case: Case) -> None:
    ask(cast, case, days=7)
    ask(cast, case, text="Lyser den alls?", days=30)
    with organisation_scope(cast.motala.pk):
        assert sorted(Question.objects.values_list("outcome", flat=True)) == ["", Outcome.DROPPED]
        with in_days(8):
            follow_up()
        assert Case.objects.get(pk=case.pk).state == State.WAITING


@pytest.mark.parametrize(("given", "field"), [({"text": " "}, "text"), ({"days": 1}, "days"), ({"days": 400}, "days")])
def test_what_is_wrong_is_said(cast: Cast, case: Case, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(cast, case, **given)  # type: ignore[arg-type]  # a table of mixed values, right by its names
    assert set(refused.value.errors) == {field}


def test_nobody_is_asked_who_would_not_hear_of_it(cast: Cast) -> None:
    silent = factories.make_case(cast.motala).case
    with pytest.raises(Invalid, match="inga besked"):
        ask(cast, silent)
    assert read(cast, silent).state == State.RECEIVED


def test_nobody_is_reminded_by_night(cast: Cast, case: Case) -> None:
    with time_machine.travel("2026-11-02T10:00:00+01:00", tick=True):
        ask(cast, case)
    with time_machine.travel("2026-11-10T02:00:00+01:00", tick=True):
        follow_up_questions.func()
        with organisation_scope(cast.motala.pk):
            assert "case_reminded" not in told()
    with time_machine.travel("2026-11-10T09:00:00+01:00", tick=True):
        follow_up_questions.func()
        with organisation_scope(cast.motala.pk):
            assert told()[-1] == "case_reminded"
