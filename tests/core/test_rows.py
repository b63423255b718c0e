"""Rows written by one statement are as Django would have written them."""

from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Reporter
from lyhord.core.clock import now
from lyhord.core.rows import draw, insert, insert_or_read, together, under_way
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.models import Organisation
from tests import factories


@pytest.fixture
def motala(db: None) -> Organisation:
    """An organisation with a case."""
    motala = factories.make_organisation()
    factories.make_case(motala, email="elin@example.se")
    return motala


@pytest.mark.parametrize("model", [Case, Reporter, Event, Notice])
def test_a_copy_is_the_same_in_every_column(motala: Organisation, model: Any) -> None:
    given = {"id", "number", "uid", "follow_digest", "dedupe_key", "case_id", "transaction_id"}
    with organisation_scope(motala.pk):
        first = model.objects.order_by("pk")[0]
        values = {
            field.attname: getattr(first, field.attname)
            for field in model._meta.concrete_fields
            if not field.generated and not field.primary_key and not field.has_db_default()
        }
        if model is Reporter:
            values["case_id"] = factories.make_case(motala).case.pk
        for name in {"number", "dedupe_key"} & values.keys():
            values[name] += "x"
        if model is Case:
            values["follow_digest"] = b"x" * 32
        copy = model(**values)
        with CaptureQueriesContext(connection) as asked:
            assert insert(copy)
        assert len(asked) == 1
        assert copy.pk
        read = model.objects.get(pk=copy.pk)
        for field in model._meta.concrete_fields:
            if field.attname not in given:
                assert getattr(read, field.attname) == getattr(first, field.attname), field.name
            if not field.has_db_default():
                assert getattr(read, field.attname) == getattr(copy, field.attname), field.name
        assert not copy._state.adding


def test_one_that_is_taken_is_told(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        taken = Notice.objects.order_by("pk")[0]
        values = {
            field.attname: getattr(taken, field.attname)
            for field in Notice._meta.concrete_fields
            if not field.primary_key
        }
        again = Notice(**values)
        assert not insert(again, unless_taken=("organisation_id", "dedupe_key"))
        assert not again.pk
        assert Notice.objects.count() == 1


def test_what_the_database_decides_cannot_be_given(motala: Organisation) -> None:
    event = Event(
        organisation_id=motala.pk, at=now(), verb="x", subject_type="x", subject_id=1, actor_kind="x", transaction_id=1
    )
    with organisation_scope(motala.pk), pytest.raises(ValueError, match="transaction_id"):
        insert(event)


def notice(organisation: Organisation, about: int, key: str) -> Notice:
    return Notice(
        organisation_id=organisation.pk,
        kind="x",
        sender="email",
        address="elin@example.se",
        language="sv",
        subject="x",
        body="x",
        subject_type="case",
        subject_id=about,
        created_at=now(),
        dedupe_key=key,
    )


def test_rows_that_hang_together_are_one_statement(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        first = Case.objects.order_by("pk")[0]
        values = {
            field.attname: getattr(first, field.attname)
            for field in Case._meta.concrete_fields
            if not field.generated and not field.primary_key
        }
        case = Case(**values | {"number": "26-9999", "follow_digest": b"y" * 32, "state": "resolved"})
        [case_key, notice_key] = draw("cases_case", "notifications_notice")
        with (
            CaptureQueriesContext(connection) as asked,
            together({"cases_case": [case_key], "notifications_notice": [notice_key]}),
        ):
            assert insert(case)
            reporter = Reporter(organisation_id=motala.pk, case=case, email="elin@example.se")
            insert(reporter, keyed=False)
            told = notice(motala, case.pk, "1")
            insert(told, unless_taken=("organisation_id", "dedupe_key"))
            assert (case.pk, told.pk) == (case_key, notice_key)
            assert not reporter.pk
        assert len(asked) == 1
        assert case.open is False, "what the database generates is known afterwards"
        assert Case.objects.get(number="26-9999").pk == case_key
        assert Reporter.objects.get(case_id=case_key).email == "elin@example.se"
        assert Notice.objects.get(dedupe_key="1").subject_id == case_key


def test_a_row_without_a_key_has_one_drawn(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        with together({}):
            one, other = notice(motala, 1, "1"), notice(motala, 1, "2")
            insert(one)
            insert(other)
            assert one.pk != other.pk
        assert {one.pk, other.pk} <= set(Notice.objects.values_list("pk", flat=True))


def test_what_fails_half_way_is_not_written(motala: Organisation) -> None:
    def fail() -> None:
        with together({}):
            insert(notice(motala, 1, "1"))
            raise ZeroDivisionError

    with organisation_scope(motala.pk):
        with pytest.raises(ZeroDivisionError):
            fail()
        assert not Notice.objects.filter(dedupe_key="1").exists()
        assert under_way() is None
        assert insert(notice(motala, 1, "1")), "and the next row is written at once"


def test_nothing_gathered_is_nothing_sent(motala: Organisation) -> None:
    with organisation_scope(motala.pk), CaptureQueriesContext(connection) as asked, together({}):
        pass
    assert not len(asked)


@pytest.mark.requirement("X1")
def test_no_key_is_drawn_from_a_series_of_numbers(motala: Organisation) -> None:
    for name in (f"case_number_{motala.pk}_2026", "no such table", '"; select 1'):
        with organisation_scope(motala.pk), pytest.raises(DatabaseError), transaction.atomic():
            draw(name)


def contact(organisation: Organisation, address: str = "elin@example.se", language: str = "sv") -> Contact:
    return Contact(
        organisation_id=organisation.pk, sender="email", address=address, language=language, created_at=now()
    )


def test_one_that_is_there_is_read_in_the_same_statement(motala: Organisation) -> None:
    equal_by = ("organisation_id", "sender", "address")
    with organisation_scope(motala.pk):
        first, again = contact(motala, "ny@example.se"), contact(motala, "ny@example.se", "en")
        with CaptureQueriesContext(connection) as asked:
            assert insert_or_read(first, equal_by=equal_by)
            assert not insert_or_read(again, equal_by=equal_by)
        assert len(asked) == 2
        stored = Contact.objects.get(address="ny@example.se")
        for found in (first, again):
            for field in Contact._meta.concrete_fields:
                assert getattr(found, field.attname) == getattr(stored, field.attname), field.name
            assert not found._state.adding


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_reads_the_firsts() -> None:
    """It waits, and what it waited for is not in the picture that its statement began with."""
    motala = factories.make_organisation()
    equal_by = ("organisation_id", "sender", "address")
    found: list[tuple[bool, int]] = []

    def second() -> None:
        with organisation_scope(motala.pk):
            other = contact(motala)
            found.append((insert_or_read(other, equal_by=equal_by), other.pk))
        connection.close()

    with organisation_scope(motala.pk):
        first = contact(motala)
        assert insert_or_read(first, equal_by=equal_by)
        thread = Thread(target=second)
        thread.start()
        wait_until_somebody_waits()
    thread.join()
    assert found == [(False, first.pk)]


def wait_until_somebody_waits() -> None:
    sql = "select count(*) from pg_locks where not granted and locktype = 'transactionid'"
    until = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute(sql)
            if cursor.fetchone()[0]:
                return
            sleep(0.02)
    raise AssertionError("nobody waits")


def test_only_for_what_python_holds_as_it_is(motala: Organisation) -> None:
    with organisation_scope(motala.pk), pytest.raises(TypeError):
        insert_or_read(Case.objects.order_by("pk")[0], equal_by=("organisation_id", "number"))
