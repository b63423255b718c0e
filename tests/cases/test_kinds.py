"""The five kinds, and the contract every plug-in in the folder keeps."""

import pytest

from lyhord.cases.kind import KINDS, Kind
from lyhord.cases.states import CHANGES, CLOSED, NEEDS_REASON, OPEN, State
from lyhord.core.errors import Invalid

ICONS = frozenset({"wrench", "say", "heart", "bulb", "quest"})
BANNED = ("synpunkt", "ärendehantering", "dubblett", "avvisa", "registrera", "klicka här")


@pytest.mark.requirement("4.13")
def test_the_five_kinds_in_the_order_of_the_start_page() -> None:
    assert KINDS.slugs() == ["felanmalan", "klagomal", "berom", "forslag", "fraga"]


@pytest.mark.parametrize("kind", KINDS.all(), ids=lambda kind: kind.slug)
class TestContract:
    """One test class, run over every plug-in found."""

    def test_says_everything_the_pages_need(self, kind: Kind) -> None:
        for said in (kind.label, kind.title, kind.help, kind.heading, kind.lead, kind.text_question, kind.text_missing):
            assert str(said).strip()
        assert kind.icon in ICONS
        assert kind.answer_days > 0
        assert kind.steps

    def test_speaks_to_people(self, kind: Kind) -> None:
        to_residents = [kind.title, kind.help, kind.heading, kind.lead, kind.text_question, kind.text_hint, *kind.steps]
        to_residents += [kind.words(state).resident for state in kind.states]
        to_residents += list(kind.default_messages.values())
        for said in to_residents:
            assert not any(word in str(said).casefold() for word in BANNED), said

    def test_every_state_can_be_left_and_the_case_closed(self, kind: Kind) -> None:
        assert State.RECEIVED in kind.states
        assert State.RESOLVED in kind.states
        for state in kind.states & OPEN:
            assert CHANGES[state] & kind.states & CLOSED

    def test_a_state_that_needs_a_reason_asks_for_one_in_words(self, kind: Kind) -> None:
        for state in kind.states & NEEDS_REASON:
            assert str(kind.words(state).reason_label)

    def test_what_closing_needs_is_named_when_empty(self, kind: Kind) -> None:
        for state in kind.states & CLOSED:
            fields = kind.closing(state)
            kind.check_closing(state, {field.name: "Något" for field in fields})
            if fields:
                with pytest.raises(Invalid) as invalid:
                    kind.check_closing(state, {})
                assert set(invalid.value.errors) == {field.name for field in fields}


def test_praise_is_closed_with_thanks_and_never_refused() -> None:
    praise = KINDS.get("berom")
    praise.check_closing(State.RESOLVED, {})
    assert "Tack" in str(praise.default_messages[State.RESOLVED])
    with pytest.raises(Invalid):
        praise.check_state(State.REFUSED)


def test_a_complaint_that_led_somewhere_says_where() -> None:
    complaint = KINDS.get("klagomal")
    with pytest.raises(Invalid) as invalid:
        complaint.check_closing(State.RESOLVED, {"measure": " "})
    assert "Skriv vad ni ändrar" in str(invalid.value.errors["measure"])
    complaint.check_closing(State.NOT_RESOLVED, {})


def test_a_question_is_answered_not_mended() -> None:
    assert str(KINDS.get("fraga").words(State.RESOLVED).resident) == "Besvarad"
    assert str(KINDS.get("felanmalan").words(State.RESOLVED).resident) == "Åtgärdad"


def test_a_case_that_changes_kind_lands_in_a_state_the_new_kind_has() -> None:
    assert KINDS.get("fraga").nearest(State.PLANNED) is State.IN_PROGRESS
    assert KINDS.get("berom").nearest(State.REFUSED) is State.RESOLVED
    assert KINDS.get("felanmalan").nearest(State.PLANNED) is State.PLANNED


def test_the_sentence_uses_the_words_of_the_kind() -> None:
    assert KINDS.get("fraga").sentence(State.RESOLVED) == "Besvarad"
    assert KINDS.get("fraga").sentence(State.WAITING, reason="Svar från regionen") == "Väntar på svar från regionen"
