"""Putting notices into the outbox, and reading it."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.cases.notices import CaseAnswered
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.notifications import actions, queries
from lyhord.notifications.models import Notice, NoticeState
from lyhord.organisations.models import Organisation, Unit
from tests import factories

EMAIL = "anna.lind@exempel.se"
SARA = Actor("person", 1, "Sara Ek")


def answered(organisation: Organisation, case: Case, key: str = "message-1") -> CaseAnswered:
    """News about a case."""
    return CaseAnswered(organisation=organisation, case=case, code="C0DE", key=key)


@pytest.fixture
def case(motala: Organisation) -> Case:
    """A case whose reporter wants no mail by itself."""
    return factories.make_case(motala).case


@pytest.mark.django_db
def test_notice_and_job_come_and_go_with_the_callers_transaction(motala: Organisation, case: Case) -> None:
    with organisation_scope(motala.pk):
        with transaction.atomic():
            actions.queue(answered(motala, case), address=EMAIL)
            assert Notice.objects.count() == 1
            assert Job.objects.count() == 1
            transaction.set_rollback(True)
        assert Notice.objects.count() == 0
        assert Job.objects.count() == 0


@pytest.mark.django_db
def test_the_same_news_twice_is_one_notice_and_one_job(motala: Organisation, case: Case) -> None:
    with organisation_scope(motala.pk):
        first = actions.queue(answered(motala, case), address=EMAIL)
        again = actions.queue(answered(motala, case), address=EMAIL)
        other = actions.queue(answered(motala, case, "message-2"), address=EMAIL)
    assert first.pk == again.pk != other.pk
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_two_organisations_may_have_the_same_key(motala: Organisation) -> None:
    mjolby = factories.make_organisation("mjolby")
    for organisation in (motala, mjolby):
        registered = factories.make_case(organisation)
        registered.case.pk = 7
        with organisation_scope(organisation.pk):
            actions.queue(answered(organisation, registered.case), address=EMAIL)
            assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_queued_by_two_at_the_same_moment_it_is_one_notice(motala: Organisation, case: Case) -> None:
    together, ids = Barrier(2), []

    def queue() -> None:
        try:
            with organisation_scope(motala.pk):
                together.wait(30)
                ids.append(actions.queue(answered(motala, case), address=EMAIL).pk)
        finally:
            connection.close()

    threads = [Thread(target=queue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert Job.objects.count() == 1


@pytest.mark.requirement("2.16")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["ingen adress", "a@b.se\nBcc: evil@exempel.se", "a\x00@b.se", "x" * 300 + "@exempel.se", "två@exempel.se, a@b.se"],
)
def test_an_impossible_address_fails_visibly_and_the_case_is_saved(motala: Organisation, address: str) -> None:
    registered = factories.make_case(motala)
    with organisation_scope(motala.pk):
        notice = actions.queue(answered(motala, registered.case), address=address)
        assert notice.state == "failed"
        assert "\n" not in notice.address
        assert Event.objects.filter(verb="notice.failed", subject_id=registered.case.pk).exists()
        assert Case.objects.filter(pk=registered.case.pk).exists()
        assert queries.failed_count() == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("action", [actions.resend, actions.cancel])
def test_another_organisations_notice_does_not_exist(
    motala: Organisation, case: Case, action: Callable[..., Notice]
) -> None:
    with organisation_scope(motala.pk):
        notice = actions.queue(answered(motala, case), address="ingen")
    mjolby = factories.make_organisation("mjolby")
    with organisation_scope(mjolby.pk):
        assert queries.outbox().rows == []
        with pytest.raises(NotFound):
            action(notice_id=notice.pk, by=SARA)
    with organisation_scope(motala.pk):
        assert Notice.objects.get().state == "failed"


@pytest.mark.django_db
def test_pages_follow_each_other_without_gap(motala: Organisation, case: Case) -> None:
    with organisation_scope(motala.pk):
        made = [actions.queue(answered(motala, case, f"m-{n}"), address=EMAIL).pk for n in range(7)]
        seen, before = [], None
        while True:
            page = queries.outbox(before=before, size=3)
            seen += [row.id for row in page.rows]
            assert len(page.rows) <= 3
            if page.next_before is None:
                break
            before = page.next_before
        assert seen == sorted(made, reverse=True)
        Notice.objects.filter(pk=made[2]).update(state=NoticeState.FAILED)
        [row] = queries.outbox(state=NoticeState.FAILED).rows
        assert (row.id, row.can_resend, row.label, row.address) == (made[2], True, "Nytt svar", EMAIL)
        assert [row.id for row in queries.for_subject("case", case.pk, show_private=False, most=2)] == made[:-3:-1]
        assert queries.for_subject("case", case.pk + 1, show_private=True) == []


@pytest.mark.requirement("X2")
@pytest.mark.django_db
@pytest.mark.parametrize("why", ["protected", "confidential"])
def test_the_outbox_does_not_say_whom_or_what_a_private_case_is_about(motala: Organisation, why: str) -> None:
    case = factories.make_case(motala).case
    with organisation_scope(motala.pk):
        if why == "confidential":
            case.unit = Unit.objects.get(code="forskola")
        setattr(case, why, True)
        case.save()
        actions.queue(answered(motala, case), address=EMAIL)
        actions.queue(answered(motala, case, "m-2"), address="ingen")
        for row in queries.outbox().rows:
            assert (row.address, row.subject, row.about) == ("", "", None)
            assert EMAIL not in repr(row)
            assert case.number not in repr(row)
        assert all(not row.address for row in queries.for_subject("case", case.pk, show_private=False))
        assert queries.for_subject("case", case.pk, show_private=True)[-1].address == EMAIL


@pytest.mark.django_db
def test_rows_for_staff_never_hold_the_link(motala: Organisation, case: Case) -> None:
    with organisation_scope(motala.pk):
        actions.queue(answered(motala, case), address=EMAIL)
        assert "C0DE" in Notice.objects.get().body
        assert "C0DE" not in repr(queries.outbox())
