"""The type suggestion learns from the organisation's own cases, and only from those."""

import pytest

from lyhord.cases import actions
from lyhord.cases.actions.learn import train_suggestions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.cases.tasks import train_all_suggestions
from lyhord.cases.type_guess import suggest_type
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast

ODD = "Grimman i brygghuset glappar"


def _handled(cast: Cast, text: str, case_type: str, organisation: str = "motala") -> Case:
    owner = cast.motala if organisation == "motala" else cast.mjolby
    case = factories.make_case(owner, text, type=case_type).case
    with organisation_scope(owner.pk):
        return actions.change_state(case_id=case.pk, to=State.RESOLVED, by=cast.sara.actor)


@pytest.mark.django_db
@pytest.mark.requirement("P11", "X1")
def test_words_that_no_list_has_are_learnt_from_own_cases_only(cast: Cast) -> None:
    for number in range(40):
        _handled(cast, f"{ODD} igen, gång {number}", "belysning.lampa")
        _handled(cast, f"Något helt annat som stör, gång {number}", "ovrigt")
    train_all_suggestions.func()
    with organisation_scope(cast.motala.pk):
        learnt = suggest_type(ODD, kind="felanmalan")
    with organisation_scope(cast.mjolby.pk):
        unknown = suggest_type(ODD, kind="felanmalan")
    assert learnt is not None
    assert learnt.code == "belysning.lampa"
    assert unknown is None


@pytest.mark.django_db
@pytest.mark.requirement("X2")
def test_protected_and_open_cases_teach_nothing(cast: Cast) -> None:
    case = _handled(cast, ODD, "belysning.lampa")
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=case.pk).update(protected=True)
        factories.make_case(cast.motala, ODD)
        assert train_suggestions(by=factories.TEST).cases == 0
