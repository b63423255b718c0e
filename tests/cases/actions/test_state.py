"""Every change of state, over the whole table."""

from datetime import date, timedelta
from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.cases.actions import change_state, reply, resident_writes
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Message
from lyhord.cases.states import (
    CHANGES,
    CLOSED,
    NEEDS_DATE,
    NEEDS_REASON,
    NEEDS_RESPONSIBLE,
    State,
)
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.errors import Invalid, LyhordError
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from tests.conftest import Cast
from tests.factories import make_case

pytestmark = pytest.mark.django_db
RESIDENT = Actor.resident()
ALL = [(before, after) for before in State for after in State if after is not State.DUPLICATE]


def needed(to: State) -> dict[str, Any]:
    """What a change to the state must say."""
    return {
        "reason": "Reservdelen är slut" if to in NEEDS_REASON else "",
        "until": today() + timedelta(days=7) if to in NEEDS_DATE else None,
        "responsible": "Trafikverket" if to in NEEDS_RESPONSIBLE else "",
    }


def put(case: Case, state: State) -> None:
    """Set the scene: the case is in that state."""
    Case.objects.filter(pk=case.pk).update(
        state=state, waiting_since=None, closed_at=case.registered_at if state in CLOSED else None
    )


def fields_of(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(error.value.errors)


def test_the_whole_table_in_one_case(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        for before, after in ALL:
            put(case, before)
            if after not in CHANGES[before]:
                with pytest.raises(LyhordError, match="går inte att ändra"):
                    change_state(case_id=case.pk, to=after, by=cast.sara.actor, **needed(after))
                assert Case.objects.get().state == before
                continue
            change_state(case_id=case.pk, to=after, by=cast.sara.actor, **needed(after))
            now = Case.objects.get()
            assert now.state == after
            assert now.open is (after not in CLOSED)
            assert (now.closed_at is not None) is (after in CLOSED)
            assert (now.state_until is not None) is (after in NEEDS_DATE)
            if after in CLOSED:
                assert not now.unread
                assert now.waiting_since is None
            event = Event.objects.latest("pk")
            assert event.verb == ("case.reopened" if before in CLOSED else "case.state_changed")
            assert (event.data["before"], event.data["after"]) == (before, after)
            assert event.level == (3 if after in CLOSED else 2)


def test_a_double_is_made_by_merging_only(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk), pytest.raises(Invalid):
        change_state(case_id=case.pk, to=State.DUPLICATE, by=cast.sara.actor)


@pytest.mark.requirement("4.4")
@pytest.mark.parametrize("to", sorted(CLOSED - {State.DUPLICATE}))
def test_who_wants_an_answer_is_not_closed_unanswered(cast: Cast, to: State) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        with pytest.raises(Invalid) as error:
            change_state(case_id=case.pk, to=to, by=cast.sara.actor, **needed(to))
        assert fields_of(error) == {"message"}
        assert Case.objects.get().state == State.RECEIVED
        with pytest.raises(Invalid):
            change_state(case_id=case.pk, to=to, by=cast.sara.actor, message=" \x00\n", **needed(to))
        change_state(case_id=case.pk, to=to, by=cast.sara.actor, message="Nu är det klart.", **needed(to))
        assert Case.objects.get().state == to
        assert Message.objects.get().text == "Nu är det klart."
        # one notice, not one for the answer and one for the state
        assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == ["case_received", "case_answered"]


@pytest.mark.requirement("4.4")
def test_an_answer_given_before_is_enough_until_the_resident_writes_again(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        reply(case_id=case.pk, text="Lagad.", by=cast.sara.actor)
        resident_writes(case_id=case.pk, text="Nej.", by=RESIDENT, channel="web")
        with pytest.raises(Invalid):
            change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)
        reply(case_id=case.pk, text="Nu är den verkligen lagad.", by=cast.sara.actor)
        change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)
        assert Notice.objects.latest("pk").kind == "case_closed"


@pytest.mark.requirement("4.4")
def test_a_case_taken_up_again_waits_and_must_be_answered_anew(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor, message="Lagad.")
        change_state(case_id=case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
        assert Case.objects.get().waiting_since is not None
        with pytest.raises(Invalid):
            change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)


def test_who_wants_no_answer_may_be_closed_in_silence(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)
        assert not Notice.objects.exists()


def test_what_is_missing_is_said_all_at_once(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se", type="klagomal").case
    with organisation_scope(cast.motala.pk):
        with pytest.raises(Invalid) as error:
            change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)
        assert fields_of(error) == {"measure", "message"}
        with pytest.raises(Invalid) as error:
            change_state(case_id=case.pk, to=State.REFUSED, by=cast.sara.actor)
        assert fields_of(error) == {"reason", "responsible", "message"}
        with pytest.raises(Invalid) as error:
            change_state(case_id=case.pk, to=State.PLANNED, by=cast.sara.actor)
        assert fields_of(error) == {"reason", "until"}
        assert Case.objects.get().revision == 1


@pytest.mark.requirement("4.13")
def test_a_complaint_is_closed_with_what_will_be_better(cast: Cast) -> None:
    case = make_case(cast.motala, type="klagomal").case
    with organisation_scope(cast.motala.pk):
        for empty in ({}, {"measure": ""}, {"measure": " \n"}, {"other": "x"}):
            with pytest.raises(Invalid) as error:
                change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor, closing=empty)
            assert fields_of(error) == {"measure"}
        given = {"measure": "Vi sandar oftare. ", "hidden": "följer inte med"}
        change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor, closing=given)
        assert Event.objects.latest("pk").data["closing"] == {"measure": "Vi sandar oftare."}


@pytest.mark.requirement("4.13")
@pytest.mark.parametrize("slug", KINDS.slugs())
def test_each_kind_has_its_own_states(cast: Cast, slug: str) -> None:
    kind = KINDS.get(slug)
    code = "belysning.lampa" if slug == "felanmalan" else slug
    with organisation_scope(cast.motala.pk):
        for state in sorted(set(State) - kind.states):
            case = make_case(cast.motala, type=code).case
            with pytest.raises(Invalid) as error:
                change_state(case_id=case.pk, to=state, by=cast.sara.actor, **needed(state))
            assert fields_of(error) == {"state"}


def test_a_plan_needs_a_day_that_comes(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        for to in (State.PLANNED, State.WAITING):
            with pytest.raises(Invalid) as error:
                change_state(case_id=case.pk, to=to, by=cast.sara.actor, reason="Asfalt", until=date(2020, 1, 1))
            assert fields_of(error) == {"until"}
        change_state(case_id=case.pk, to=State.PLANNED, by=cast.sara.actor, reason="Asfalt", until=today())
        assert Notice.objects.latest("pk").kind == "case_planned"
        later = today() + timedelta(days=3)
        change_state(case_id=case.pk, to=State.PLANNED, by=cast.sara.actor, reason="Regn", until=later)
        changed = Case.objects.get()
        assert (changed.state_reason, changed.state_until) == ("Regn", later)
        assert Notice.objects.filter(kind="case_planned").count() == 2
        change_state(case_id=case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
        changed = Case.objects.get()
        assert (changed.state_reason, changed.state_until) == ("", None)


def test_a_refusal_names_who_to_turn_to(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        change_state(
            case_id=case.pk,
            to=State.REFUSED,
            by=cast.sara.actor,
            reason="Statlig väg.",
            responsible=" Trafikverket\n0771-921 921 ",
        )
        assert Case.objects.get().responsible == "Trafikverket 0771-921 921"


def test_an_error_half_way_leaves_neither_message_nor_state(cast: Cast) -> None:
    case = make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        with pytest.raises(Invalid):
            change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor, message="x" * 10_001)
        assert Case.objects.get().revision == 1
        assert not Message.objects.exists()
        assert Notice.objects.count() == 1
