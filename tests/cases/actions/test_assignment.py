"""Who has the case."""

import pytest

from lyhord.accounts.actions import remove_member
from lyhord.accounts.models import Membership
from lyhord.audit.models import Event
from lyhord.cases.actions import assign, change_state, move, publish
from lyhord.cases.models import Case, Photo, Publication
from lyhord.cases.queries import by_follow_code
from lyhord.cases.states import State
from lyhord.core.errors import Conflict, Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.factories import make_case, make_staff

pytestmark = pytest.mark.django_db


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def test_somebody_takes_it_and_gives_it_back(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        taken = assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor, revision=case.revision)
        assert (taken.officer, taken.state) == (cast.sara, State.ASSIGNED)
        assert Event.objects.latest("pk").data == {
            "officer": cast.sara.pk,
            "name": "Sara Ek",
            "new_state": "assigned",
        }
        events = Event.objects.count()
        assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
        assert Event.objects.count() == events  # again changes nothing
        back = assign(case_id=case.pk, officer_id=None, by=cast.sara.actor)
        assert (back.officer, back.state) == (None, State.RECEIVED)
        with pytest.raises(Conflict):
            assign(case_id=case.pk, officer_id=cast.amir.pk, by=cast.amir.actor, revision=case.revision)


def test_work_that_has_begun_stays_begun(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
        assert assign(case_id=case.pk, officer_id=cast.amir.pk, by=cast.sara.actor).state == State.IN_PROGRESS
        assert assign(case_id=case.pk, officer_id=None, by=cast.sara.actor).state == State.IN_PROGRESS


@pytest.mark.requirement("X1", "2.11")
def test_a_case_is_given_only_to_somebody_who_sees_it_and_may_work_on_it(cast: Cast) -> None:
    lamp = make_case(cast.motala).case
    school = make_case(cast.motala, type="klagomal", category="barn").case
    with organisation_scope(cast.motala.pk):
        refused = [
            (lamp, cast.outsider),  # of another organisation
            (lamp, cast.nils),  # of another unit
            (lamp, cast.auditor),  # reads only
            (school, cast.sara),
            (school, cast.kim),  # sees every unit but the confidential ones
        ]
        for case, person in refused:
            with pytest.raises(Invalid) as error:
                assign(case_id=case.pk, officer_id=person.pk, by=cast.admin.actor)
            assert set(error.value.errors) == {"officer"}
        with pytest.raises(Invalid):
            assign(case_id=lamp.pk, officer_id=0, by=cast.admin.actor)
        for case, person in ((lamp, cast.kim), (lamp, cast.maria), (school, cast.nils)):
            assert assign(case_id=case.pk, officer_id=person.pk, by=cast.admin.actor).officer == person
        remove_member(membership_id=Membership.objects.get(user=cast.amir).pk, by=cast.admin.actor)
        with pytest.raises(Invalid):
            assign(case_id=lamp.pk, officer_id=cast.amir.pk, by=cast.admin.actor)


@pytest.mark.requirement("4.3")
def test_a_moved_case_keeps_number_history_and_link(cast: Cast) -> None:
    done = make_case(cast.motala)
    with organisation_scope(cast.motala.pk):
        assign(case_id=done.case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
        to = unit("kundcenter")
        move(case_id=done.case.pk, unit_id=to.pk, reason="Det är inte vår lampa.", by=cast.sara.actor)
        case = Case.objects.get()
        assert (case.number, case.unit, case.officer, case.state) == (done.case.number, to, None, State.RECEIVED)
        assert (case.route_kind, case.route_reason, case.unread) == ("person", "Det är inte vår lampa.", True)
        assert case.waiting_since == done.case.waiting_since
        assert by_follow_code(done.code) == case
        verbs = list(Event.objects.all().about("case", case.pk).values_list("verb", flat=True))
        assert verbs == ["case.registered", "case.assigned", "case.moved"]
        assert not Case.objects.visible_to(make_staff(cast.motala, cast.sara)).exists()
        assert Case.objects.visible_to(make_staff(cast.motala, cast.kim)).exists()


def test_a_move_needs_somewhere_to_go_and_a_reason(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.mjolby.pk):
        theirs = unit("kundcenter").pk
    with organisation_scope(cast.motala.pk):
        for unit_id, reason, field in (
            (theirs, "Hej", "unit"),
            (0, "Hej", "unit"),
            (case.unit_id, "Hej", "unit"),
            (unit("kundcenter").pk, " \n", "reason"),
        ):
            with pytest.raises(Invalid) as error:
                move(case_id=case.pk, unit_id=unit_id, reason=reason, by=cast.sara.actor)
            assert set(error.value.errors) == {field}
        with pytest.raises(Conflict):
            move(case_id=case.pk, unit_id=unit("kundcenter").pk, reason="x", by=cast.sara.actor, revision=99)


@pytest.mark.requirement("X2", "4.11")
def test_what_moves_to_a_confidential_unit_is_read_by_nobody_else(cast: Cast) -> None:
    done = make_case(cast.motala, publish=True, at=(58.5, 15.0))
    with organisation_scope(cast.motala.pk):
        file = factories.make_file()
        photo = Photo.objects.create(case=done.case, file=file)
        publish(case_id=done.case.pk, title="Lampa", text="Släckt.", by=cast.kim.actor, photo_ids=[photo.pk])
        assert Case.objects.published().exists()
        move(case_id=done.case.pk, unit_id=unit("forskola").pk, reason="Gäller ett barn.", by=cast.kim.actor)
        case = Case.objects.get()
        assert (case.confidential, case.publication_state) == (True, Case.Published.CLOSED)
        assert not Publication.objects.exists()
        assert not Photo.objects.get().published
        assert not Case.objects.visible_to(make_staff(cast.motala, cast.kim)).exists()
        assert Case.objects.visible_to(make_staff(cast.motala, cast.nils)).exists()


@pytest.mark.requirement("X2")
def test_a_case_of_a_confidential_type_stays_so_wherever_it_goes(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        closed = {"allowed": False}
        routing = {"unit": "forskola"}
        factories.make_type("hemligt", "klagomal", "Hemligt", routing=routing, confidential=True, publication=closed)
        case = make_case(cast.motala, type="hemligt").case
        move(case_id=case.pk, unit_id=unit("kundcenter").pk, reason="Hit.", by=cast.nils.actor)
        assert Case.objects.get().confidential
        open_type = make_case(cast.motala, type="klagomal", category="barn").case
        moved = move(case_id=open_type.pk, unit_id=unit("kundcenter").pk, reason="Hit.", by=cast.nils.actor)
        assert not moved.confidential
        assert moved.publication_state == Case.Published.CLOSED
