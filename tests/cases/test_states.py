"""The table of states, and what each change needs."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import states
from lyhord.cases.states import CHANGES, CLOSED, HANDLED, OPEN, REOPENABLE, SOLVED, WORDS, State
from lyhord.core.errors import Invalid, LyhordError

COMPLETE = {
    "reason": "Reservdelen är beställd",
    "until": date(2026, 12, 8),
    "responsible": "Trafikverket",
    "message": "Hej! Vi har beställt en ny lampa.",
}


def test_there_are_nine_states_under_their_stored_names() -> None:
    names = "received assigned in_progress planned waiting resolved not_resolved refused duplicate"
    assert [state.value for state in State] == names.split()
    assert set(CHANGES) == set(WORDS) == set(State)


def test_every_case_can_be_closed_and_every_closed_case_reopened() -> None:
    for state in OPEN:
        assert CHANGES[state] >= CLOSED
    for state in REOPENABLE:
        assert CHANGES[state] == states.AFTER_REOPENING
        assert all(states.is_reopening(state, after) for after in CHANGES[state])
    assert frozenset(State) == OPEN | CLOSED
    assert not OPEN & CLOSED


def test_handled_is_not_solved() -> None:
    assert {State.RESOLVED} == SOLVED
    assert SOLVED < HANDLED


def test_open311_knows_open_and_closed_only() -> None:
    assert {states.open311_status(state) for state in OPEN} == {"open"}
    assert {states.open311_status(state) for state in CLOSED} == {"closed"}


@given(st.sampled_from(State), st.sampled_from(State))
def test_the_table_decides_whatever_is_filled_in(before: State, after: State) -> None:
    if after in CHANGES[before]:
        states.check_change(before, after, **COMPLETE, wants_feedback=True)  # type: ignore[arg-type]  # a table of mixed values, right by its names
    else:
        with pytest.raises(LyhordError) as refused:
            states.check_change(before, after, **COMPLETE)  # type: ignore[arg-type]  # a table of mixed values, right by its names
        assert refused.value.code == "state_change"


@given(
    before=st.sampled_from(sorted(OPEN)),
    after=st.sampled_from(State),
    left_out=st.sets(st.sampled_from(sorted(COMPLETE))),
    wants_feedback=st.booleans(),
)
def test_what_is_missing_is_named(before: State, after: State, left_out: set[str], wants_feedback: bool) -> None:
    if after not in CHANGES[before]:
        return
    expected = set()
    if after in states.NEEDS_REASON:
        expected.add("reason")
    if after in states.NEEDS_DATE:
        expected.add("until")
    if after in states.NEEDS_RESPONSIBLE:
        expected.add("responsible")
    if after in CLOSED and wants_feedback:
        expected.add("message")
    given = {name: value for name, value in COMPLETE.items() if name not in left_out}
    try:
        states.check_change(before, after, **given, wants_feedback=wants_feedback)  # type: ignore[arg-type]  # a table of mixed values, right by its names
        named: set[str] = set()
    except Invalid as invalid:
        named = set(invalid.errors)
    assert named == expected & left_out


@pytest.mark.requirement("4.4")
@pytest.mark.parametrize("after", sorted(CLOSED))
def test_a_reporter_who_wants_an_answer_is_not_left_without(after: State) -> None:
    silent = {**COMPLETE, "message": "  \n"}
    with pytest.raises(Invalid) as invalid:
        states.check_change(State.IN_PROGRESS, after, **silent, wants_feedback=True)  # type: ignore[arg-type]  # a table of mixed values, right by its names
    assert "vill ha svar" in str(invalid.value.errors["message"])
    states.check_change(State.IN_PROGRESS, after, **silent, wants_feedback=False)  # type: ignore[arg-type]  # a table of mixed values, right by its names


def test_a_date_that_has_passed_is_no_plan() -> None:
    with pytest.raises(Invalid) as invalid:
        states.check_change(
            State.ASSIGNED, State.PLANNED, reason="Ny lampa", until=date(2026, 11, 1), today=date(2026, 11, 2)
        )
    assert set(invalid.value.errors) == {"until"}


@pytest.mark.parametrize(
    ("state", "reason", "until", "said"),
    [
        (State.WAITING, "Reservdel.", date(2026, 12, 8), "Väntar på reservdel till 8 december 2026"),
        (State.WAITING, "Väntar på SMHI", None, "Väntar på SMHI"),
        (State.WAITING, "SMHI", None, "Väntar på SMHI"),
        (State.WAITING, "", date(2026, 12, 8), "Väntar"),
        (State.PLANNED, "Ny lampa", date(2026, 12, 8), "Planerad till 8 december 2026"),
        (State.IN_PROGRESS, "", None, "Vi arbetar med det"),
    ],
)
def test_the_state_in_words(state: State, reason: str, until: date | None, said: str) -> None:
    with translation.override("sv"):
        assert states.sentence(state, reason=reason, until=until) == said


def test_residents_never_meet_the_words_of_the_office() -> None:
    banned = ("synpunkt", "ärendehantering", "dubblett", "avvisa", "registrera")
    for words in WORDS.values():
        assert not any(word in str(words.resident).casefold() for word in banned)
        assert words.icon
