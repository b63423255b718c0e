"""What is being written is kept, for the one who writes it and for nobody else."""

from datetime import timedelta

import pytest

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.actions.drafts import LONGEST_DRAFT, forget_old_drafts
from lyhord.cases.models import Case, Draft
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.make_case(cast.motala).case


def test_one_draft_for_each_person_and_case(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        before = Event.objects.count()
        for text in ("Hej", "Hej El", "Hej Elin!"):
            actions.save_draft(case_id=case.pk, text=text, internal=False, by=cast.sara.actor)
        actions.save_draft(case_id=case.pk, text="Ring VA?", internal=True, by=cast.amir.actor)
        rows = Draft.objects.order_by("user_id").values_list("user_id", "text", "internal")
        assert list(rows) == [(cast.sara.pk, "Hej Elin!", False), (cast.amir.pk, "Ring VA?", True)]
        assert Event.objects.count() == before
        case.refresh_from_db()
        assert case.revision == 1


def test_an_empty_text_and_what_was_just_sent_are_no_drafts(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        actions.save_draft(case_id=case.pk, text="Hej", internal=False, by=cast.sara.actor)
        assert actions.save_draft(case_id=case.pk, text=" \n", internal=False, by=cast.sara.actor) is None
        assert not Draft.objects.exists()
        actions.reply(case_id=case.pk, text="Vi kommer i morgon.", by=cast.sara.actor)
        # the saving that began before the button was pressed arrives after it
        late = actions.save_draft(case_id=case.pk, text="Vi kommer i morgon. ", internal=False, by=cast.sara.actor)
        assert late is None
        assert not Draft.objects.exists()


def test_far_too_long_is_cut_but_too_long_is_kept(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        draft = actions.save_draft(case_id=case.pk, text="x" * 50_000, internal=False, by=cast.sara.actor)
        assert draft is not None
        assert len(draft.text) == LONGEST_DRAFT > 10_000


def test_nobody_keeps_a_draft_in_nothing(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        with pytest.raises(NotFound):
            actions.save_draft(case_id=case.pk + 1, text="Hej", internal=False, by=cast.sara.actor)
        with pytest.raises(NotFound):
            actions.save_draft(case_id=case.pk, text="Hej", internal=False, by=Actor.system("test"))
    with organisation_scope(cast.mjolby.pk), pytest.raises(NotFound):
        actions.save_draft(case_id=case.pk, text="Hej", internal=False, by=cast.outsider.actor)


def test_what_was_never_sent_is_forgotten_in_the_end(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        for who, days in ((cast.sara, 91), (cast.amir, 89)):
            actions.save_draft(case_id=case.pk, text="Hej", internal=False, by=who.actor)
            Draft.objects.filter(user=who).update(saved_at=now() - timedelta(days=days))
        assert forget_old_drafts() == 1
        assert Draft.objects.get().user_id == cast.amir.pk
