"""Rows written by one statement are as Django would have written them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Reporter
from lyhord.core.clock import now
from lyhord.core.rows import insert
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
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
