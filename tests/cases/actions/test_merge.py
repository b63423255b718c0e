"""Two cases about the same thing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from lyhord.audit.models import Event
from lyhord.cases.actions import change_state, merge, reply, resident_writes, unmerge
from lyhord.cases.models import Case, Message, Photo
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.15")]
RESIDENT = Actor.resident()


def told(case: Case) -> list[str]:
    """The notices about a case, oldest first."""
    return list(Notice.objects.filter(subject_id=case.pk).order_by("pk").values_list("kind", flat=True))


def test_the_double_closes_and_both_remember(cast: Cast) -> None:
    first, second = make_case(cast.motala).case, make_case(cast.motala, email="bo@example.se").case
    with organisation_scope(cast.motala.pk):
        merge(case_id=second.pk, into_number=f" {first.number}\n", by=cast.sara.actor)
        case = Case.objects.get(pk=second.pk)
        assert (case.state, case.duplicate_of, case.open) == (State.DUPLICATE, first, False)
        assert (case.waiting_since, case.unread) == (None, False)
        assert case.closed_at is not None
        assert case.number == second.number
        assert told(second) == ["case_received", "case_closed"]
        assert Event.objects.get(verb="case.merged").data["into"] == first.number
        assert Event.objects.get(verb="case.joined_by").subject_id == first.pk
        assert Case.objects.get(pk=first.pk).state == State.RECEIVED


@pytest.mark.requirement("4.4")
def test_whoever_was_merged_gets_the_answers(cast: Cast) -> None:
    first = make_case(cast.motala, email="asta@example.se").case
    second = make_case(cast.motala, email="bo@example.se").case
    silent = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        for double in (second, silent):
            merge(case_id=double.pk, into_number=first.number, by=cast.sara.actor)
        file = factories.make_file()
        reply(case_id=first.pk, text="Vi lagar den i dag.", by=cast.sara.actor, photos=(file,))
        for case in (first, second, silent):
            assert Message.objects.get(case=case).text == "Vi lagar den i dag."
            assert Photo.objects.get(case=case).file == file
        assert told(first)[-1] == told(second)[-1] == "case_answered"
        assert told(silent) == []
        assert Case.objects.get(pk=second.pk).state == State.DUPLICATE
        change_state(case_id=first.pk, to=State.RESOLVED, by=cast.sara.actor)


@pytest.mark.requirement("4.4")
def test_the_promise_of_an_answer_moves_along(cast: Cast) -> None:
    first, second = make_case(cast.motala).case, make_case(cast.motala, email="bo@example.se").case
    with organisation_scope(cast.motala.pk):
        reply(case_id=first.pk, text="Sagt innan Bo kom.", by=cast.sara.actor)
        merge(case_id=second.pk, into_number=first.number, by=cast.sara.actor)
        with pytest.raises(Invalid) as error:
            change_state(case_id=first.pk, to=State.RESOLVED, by=cast.sara.actor)
        assert set(error.value.errors) == {"message"}
        change_state(case_id=first.pk, to=State.RESOLVED, by=cast.sara.actor, message="Nu lyser den.")
        assert Message.objects.get(case=second).text == "Nu lyser den."


def test_those_merged_before_follow_along(cast: Cast) -> None:
    cases = [make_case(cast.motala, email="asta@example.se").case for _ in range(3)]
    with organisation_scope(cast.motala.pk):
        merge(case_id=cases[0].pk, into_number=cases[1].number, by=cast.sara.actor)
        merge(case_id=cases[1].pk, into_number=cases[2].number, by=cast.sara.actor)
        assert set(Case.objects.filter(duplicate_of=cases[2])) == {cases[0], cases[1]}
        reply(case_id=cases[2].pk, text="Lagad.", by=cast.sara.actor)
        assert Message.objects.count() == 3


def test_what_cannot_be_merged(cast: Cast) -> None:
    first, second, third = (make_case(cast.motala).case for _ in range(3))
    theirs = make_case(cast.mjolby, at=None).case
    with organisation_scope(cast.mjolby.pk):
        Case.objects.filter(pk=theirs.pk).update(number="26-999999")
    with organisation_scope(cast.motala.pk):
        for number in ("26-999999", "", "finns inte", first.number, "\x00"):
            with pytest.raises(Invalid) as error:
                merge(case_id=first.pk, into_number=number, by=cast.sara.actor)
            assert set(error.value.errors) == {"into"}
        merge(case_id=first.pk, into_number=second.number, by=cast.sara.actor)
        with pytest.raises(Invalid, match="redan avslutat"):
            merge(case_id=first.pk, into_number=third.number, by=cast.sara.actor)
        with pytest.raises(Invalid, match="redan ihopslaget"):
            merge(case_id=third.pk, into_number=first.number, by=cast.sara.actor)
        with pytest.raises(NotFound):
            merge(case_id=theirs.pk, into_number=second.number, by=cast.sara.actor)


@pytest.mark.parametrize("officer", [True, False])
def test_apart_again(cast: Cast, officer: bool) -> None:
    first, second = make_case(cast.motala).case, make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        if officer:
            Case.objects.filter(pk=second.pk).update(officer=cast.sara)
        merge(case_id=second.pk, into_number=first.number, by=cast.sara.actor)
        case = unmerge(case_id=second.pk, by=cast.sara.actor)
        assert (case.duplicate_of, case.closed_at, case.waiting_since) == (None, None, second.registered_at)
        assert case.state == (State.ASSIGNED if officer else State.RECEIVED)
        with pytest.raises(Invalid):
            unmerge(case_id=second.pk, by=cast.sara.actor)
        reply(case_id=first.pk, text="Bara till den första.", by=cast.sara.actor)
        assert Message.objects.count() == 1


def test_a_double_that_is_taken_up_again_is_its_own_case(cast: Cast) -> None:
    first, second, third = (make_case(cast.motala).case for _ in range(3))
    with organisation_scope(cast.motala.pk):
        for double in (second, third):
            merge(case_id=double.pk, into_number=first.number, by=cast.sara.actor)
        resident_writes(case_id=second.pk, text="Nej, det är en annan lampa.", by=RESIDENT, channel="web")
        change_state(case_id=third.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
        assert not Case.objects.filter(duplicate_of__isnull=False).exists()
        assert Case.objects.open().count() == 3


@pytest.mark.django_db(transaction=True)
def test_merging_crosswise_at_the_same_moment_never_waits_in_a_ring() -> None:
    """Each pair is merged both ways, and each of them into and out of cases with doubles of their own, all at once."""
    motala = factories.make_organisation()
    cases = [make_case(motala).case for _ in range(6)]
    by = factories.TEST
    with organisation_scope(motala.pk):
        merge(case_id=cases[5].pk, into_number=cases[0].number, by=by)
    work = [(one.pk, other.number) for one in cases for other in cases if one.pk != other.pk]
    start = Barrier(6, timeout=60)

    def run(part: int) -> list[str]:
        failures = []
        start.wait()
        try:
            for pk, number in work[part::6]:
                failures += attempt(motala, pk, number)
        finally:
            connection.close()
        return failures

    with ThreadPoolExecutor(6) as threads:
        assert [failure for failures in threads.map(run, range(6)) for failure in failures] == []
    with organisation_scope(motala.pk):
        for case in Case.objects.filter(duplicate_of__isnull=False).select_related("duplicate_of"):
            assert case.duplicate_of
            assert case.duplicate_of.duplicate_of_id is None  # nobody follows a case that follows another
            assert case.state == State.DUPLICATE
        assert Case.objects.filter(state=State.DUPLICATE, duplicate_of__isnull=True).count() == 0


def attempt(organisation: Organisation, pk: int, number: str) -> list[str]:
    """Merge, answer and part again; what people may be told is no failure, a deadlock is."""
    failures = []
    for deed in (
        lambda: merge(case_id=pk, into_number=number, by=factories.TEST),
        lambda: reply(case_id=pk, text="Hej.", by=factories.TEST),
        lambda: unmerge(case_id=pk, by=factories.TEST),
    ):
        try:
            with organisation_scope(organisation.pk):
                deed()
        except Invalid:
            pass
        except Exception as error:  # whatever it is, the test says it
            failures.append(repr(error))
    return failures
