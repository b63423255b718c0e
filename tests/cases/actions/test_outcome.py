"""Blev det bra? What the reporter says once we have closed the case."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case, Message
from lyhord.cases.queries import asks_outcome
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast

RESIDENT = Actor.resident()


def closed(cast: Cast, to: State = State.RESOLVED, type: str = "belysning.lampa") -> Case:  # noqa: A002  # as a case has
    """A case that Sara closed; a lamp was hers."""
    case = factories.make_case(cast.motala, type=type).case
    with organisation_scope(cast.motala.pk):
        if type == "belysning.lampa":
            actions.assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
        return actions.change_state(case_id=case.pk, to=to, reason="Därför.", message="Lagat.", by=cast.sara.actor)


def verbs(case: Case) -> list[str]:
    return [event.verb for event in Event.objects.all().about("case", case.pk)]


def no(case: Case, text: str = "", external_id: str = "x") -> Case:
    actions.say_not_good(case_id=case.pk, text=text, by=RESIDENT, channel="web", external_id=external_id)
    return Case.objects.get(pk=case.pk)


@pytest.mark.django_db
@pytest.mark.requirement("P9")
class TestOutcome:
    """Yes, no, both, twice, and too late."""

    def test_yes_is_kept_once_and_changes_nothing_else(self, cast: Cast) -> None:
        case = closed(cast)
        with organisation_scope(cast.motala.pk):
            for _click in range(2):
                said = actions.say_good(case_id=case.pk, by=RESIDENT)
            assert (said.became_good, said.state, said.unread, said.open) == (True, "resolved", False, False)
            assert said.revision == case.revision + 1
            assert verbs(case).count("case.became_good") == 1

    @pytest.mark.parametrize(("text", "said"), [("Den är släckt.", "Den är släckt."), ("", "Nej, det blev inte bra.")])
    def test_no_reaches_the_officer_with_what_is_left(self, cast: Cast, text: str, said: str) -> None:
        case = closed(cast)
        with organisation_scope(cast.motala.pk):
            for _click in range(2):
                again = no(case, text)
            assert (again.state, again.officer_id, again.unread) == ("assigned", cast.sara.pk, True)
            assert again.waiting_since is not None
            assert again.closed_at is None
            assert [message.text for message in Message.objects.filter(case=case, side="resident")] == [said]
            assert verbs(case)[-3:] == ["case.not_good", "case.reopened", "case.resident_wrote"]

    def test_one_may_change_ones_mind_and_is_asked_again_next_time(self, cast: Cast) -> None:
        case = closed(cast)
        with organisation_scope(cast.motala.pk):
            actions.say_good(case_id=case.pk, by=RESIDENT)
            assert no(case, "Nu är den släckt igen.").became_good is None
            again = actions.change_state(case_id=case.pk, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)
            assert asks_outcome(again)
            assert actions.say_good(case_id=case.pk, by=RESIDENT).became_good

    def test_said_too_late_nothing_is_lost_and_nothing_undone(self, cast: Cast) -> None:
        """Somebody has taken the case up meanwhile."""
        case = closed(cast)
        with organisation_scope(cast.motala.pk):
            actions.change_state(case_id=case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
            assert actions.say_good(case_id=case.pk, by=RESIDENT).became_good is None
            assert no(case).state == "in_progress"
            assert no(case, "Den är släckt.", "y").state == "in_progress"
            assert [message.text for message in Message.objects.filter(case=case, side="resident")] == [
                "Den är släckt."
            ]
            assert not {"case.became_good", "case.not_good"} & set(verbs(case))

    def test_too_long_a_text_changes_nothing(self, cast: Cast) -> None:
        case = closed(cast)
        with organisation_scope(cast.motala.pk):
            with pytest.raises(Invalid):
                no(case, "x" * 10_001)
            assert Case.objects.get(pk=case.pk).state == "resolved"
            assert "case.not_good" not in verbs(case)

    def test_nobody_is_asked_about_what_was_not_mended_or_about_praise(self, cast: Cast) -> None:
        assert not asks_outcome(closed(cast, State.NOT_RESOLVED))
        assert not asks_outcome(closed(cast, type="berom"))
        assert asks_outcome(closed(cast, type="fraga"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("P9")
def test_two_presses_at_once_are_one(cast: Cast) -> None:
    case = closed(cast)

    def press(_number: int) -> None:
        try:
            with organisation_scope(cast.motala.pk):
                no(case, "Den är släckt.")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(8)))
    with organisation_scope(cast.motala.pk):
        assert Message.objects.filter(case=case, side="resident").count() == 1
        assert verbs(case).count("case.not_good") == verbs(case).count("case.reopened") == 1
