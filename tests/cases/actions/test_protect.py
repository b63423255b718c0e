"""Somebody turns out to have protected identity: nothing more of it is seen, by anybody or anything, from then on."""

import pytest

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Photo, Publication, Reporter
from lyhord.core.errors import Conflict, Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X2")]
ULLA = NewReporter(name="Ulla Hemlig", email="ulla@hemlig.example", phone="070-1")


@pytest.fixture
def case(cast: Cast) -> Case:
    """A published case with a name, a place and followers."""
    made = factories.make_case(
        cast.motala,
        "Ulla Hemlig bor här.",
        reporter=ULLA,
        wants_feedback=True,
        publish=True,
        place_text="Dolda vägen 3",
    ).case
    with organisation_scope(cast.motala.pk):
        actions.publish(case_id=made.pk, title="Ulla", text="Ulla bor här.", by=cast.maria.actor, warned=True)
        follow = actions.follow_case(case_id=made.pk, address="bo@exempel.se", language="sv", by=factories.TEST)
        actions.confirm_follow(token=follow.token, by=factories.TEST)
        made.refresh_from_db()
    return made


def test_what_others_could_read_is_gone(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        protected = actions.protect(case_id=case.pk, by=cast.sara.actor)
        assert protected.protected
        assert protected.publication_state == Case.Published.CLOSED
        assert "Dolda" not in protected.title
        assert "Ulla" not in protected.title
        assert Reporter.objects.get(case=case).protected
        assert not Publication.objects.exists()
        assert not Photo.objects.filter(published=True).exists()
        assert not Case.objects.published().exists()
        with pytest.raises(Invalid):
            actions.publish(case_id=case.pk, title="x", text="x", by=cast.maria.actor, warned=True)


def test_what_was_about_to_leave_says_nothing_and_nothing_is_lost(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        actions.reply(case_id=case.pk, text="Vi kommer, Ulla.", by=cast.sara.actor)
        actions.protect(case_id=case.pk, by=cast.sara.actor)
        waiting = list(Notice.objects.filter(state="queued"))
        assert [(notice.address, notice.subject) for notice in waiting] == [
            ("ulla@hemlig.example", "Du har ett nytt meddelande")
        ]
        assert case.number not in waiting[0].body
        assert all(notice.private for notice in Notice.objects.all())
        assert {notice.subject for notice in Notice.objects.all()} == {"", "Du har ett nytt meddelande"}


def test_again_it_changes_nothing(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        first = actions.protect(case_id=case.pk, by=cast.sara.actor)
        assert actions.protect(case_id=case.pk, by=cast.sara.actor).revision == first.revision
        assert Event.objects.filter(verb="case.protected").count() == 1
        with pytest.raises(Conflict):
            actions.unprotect(case_id=case.pk, reason="Fel", by=cast.maria.actor, revision=first.revision - 1)


def test_somebody_unknown_can_be_protected_too(cast: Cast) -> None:
    made = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        assert not Reporter.objects.filter(case=made).exists()
        actions.protect(case_id=made.pk, by=factories.TEST)
        assert Reporter.objects.get(case=made).protected


def test_a_mistake_is_undone_with_a_reason_and_nothing_is_shown_by_that(cast: Cast, case: Case) -> None:
    with organisation_scope(cast.motala.pk):
        actions.protect(case_id=case.pk, by=cast.sara.actor)
        with pytest.raises(Invalid) as caught:
            actions.unprotect(case_id=case.pk, reason="  ", by=cast.maria.actor)
        assert set(caught.value.errors) == {"reason"}
        undone = actions.unprotect(case_id=case.pk, reason="Fel person", by=cast.maria.actor)
        assert not undone.protected
        assert undone.publication_state == Case.Published.CLOSED
        event = Event.objects.get(verb="case.unprotected")
        assert (event.data["reason"], event.level) == ("Fel person", 3)
