"""One organisation at a time, for Python and for PostgreSQL alike."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count

from lyhord.core.tenancy import (
    NoOrganisation,
    current_organisation_id,
    organisation_scope,
    require_organisation_id,
)
from lyhord.organisations.models import Organisation, Unit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N4", "X1")]


def setting() -> str:
    """What PostgreSQL believes."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('lyhord.organisation', true), '')")
        return str(cursor.fetchone()[0])


def in_transaction() -> bool:
    return connection.in_atomic_block


def two() -> tuple[Organisation, Organisation]:
    return factories.make_organisation("motala"), factories.make_organisation("mjolby")


def fail_in(organisation: Organisation) -> None:
    with organisation_scope(organisation.pk):
        factories.make_unit("borta", "Borta")
        raise ZeroDivisionError


def test_no_scope_at_first() -> None:
    assert current_organisation_id() is None
    with pytest.raises(NoOrganisation):
        require_organisation_id()


def test_scopes_nest_and_the_outer_one_comes_back() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        assert (current_organisation_id(), setting()) == (one.pk, str(one.pk))
        with organisation_scope(other.pk):
            assert (current_organisation_id(), setting()) == (other.pk, str(other.pk))
            with organisation_scope(one.pk):
                assert setting() == str(one.pk)
            assert setting() == str(other.pk)
        assert (current_organisation_id(), setting()) == (one.pk, str(one.pk))
        assert {unit.organisation_id for unit in Unit.objects.all()} == {one.pk}
    assert (current_organisation_id(), setting()) == (None, "")


def test_an_error_in_the_inner_scope_brings_the_outer_one_back_and_keeps_what_it_did() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        factories.make_unit("ny", "Ny")
        with pytest.raises(ZeroDivisionError):
            fail_in(other)
        assert (current_organisation_id(), setting()) == (one.pk, str(one.pk))
        assert Unit.objects.by_code("ny")
    with organisation_scope(other.pk):
        assert Unit.objects.by_code("borta") is None


def test_a_database_error_in_the_inner_scope_brings_the_outer_one_back() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        with pytest.raises(Exception, match="unit_code"), organisation_scope(other.pk):
            factories.make_unit("kundcenter", "Finns redan")
        assert setting() == str(one.pk)
        assert Unit.objects.exists()


def test_what_is_rolled_back_on_purpose_leaves_the_outer_scope() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        with organisation_scope(other.pk):
            factories.make_unit("borta", "Borta")
            transaction.set_rollback(True)
        assert setting() == str(one.pk)
    with organisation_scope(other.pk):
        assert Unit.objects.by_code("borta") is None


def test_a_savepoint_between_the_scopes_changes_nothing() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        with transaction.atomic():
            with organisation_scope(other.pk):
                pass
            assert setting() == str(one.pk)
        with pytest.raises(ZeroDivisionError), transaction.atomic(), organisation_scope(other.pk):
            raise ZeroDivisionError
        assert setting() == str(one.pk)


@pytest.mark.django_db(transaction=True)
def test_the_outermost_scope_is_one_transaction_and_leaves_nothing_in_the_session() -> None:
    one, other = two()
    with organisation_scope(one.pk):
        assert in_transaction()
        factories.make_unit("ny", "Ny")
        with organisation_scope(other.pk):
            assert setting() == str(other.pk)
        assert setting() == str(one.pk)
    assert not in_transaction()
    assert setting() == ""
    with pytest.raises(ZeroDivisionError):
        fail_in(one)
    assert setting() == ""
    with organisation_scope(one.pk):
        assert Unit.objects.by_code("ny")
        assert Unit.objects.by_code("borta") is None


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_share_a_scope() -> None:
    one, other = two()
    meet = Barrier(2, timeout=30)
    seen: dict[str, Any] = {}

    def work(name: str, organisation: Organisation) -> None:
        try:
            seen[f"{name} before"] = current_organisation_id()
            with organisation_scope(organisation.pk):
                meet.wait()
                seen[name] = (
                    current_organisation_id(),
                    setting(),
                    {unit.organisation_id for unit in Unit.objects.all()},
                )
                meet.wait()
        finally:
            connection.close()

    threads = [Thread(target=work, args=pair) for pair in (("one", one), ("other", other))]
    with organisation_scope(one.pk):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == {
        "one before": None,
        "other before": None,
        "one": (one.pk, str(one.pk), {one.pk}),
        "other": (other.pk, str(other.pk), {other.pk}),
    }


USES: dict[str, Callable[[Unit], object]] = {
    "iterate": lambda _: list(Unit.objects.all()),
    "iterator": lambda _: list(Unit.objects.iterator()),
    "get": lambda unit: Unit.objects.get(pk=unit.pk),
    "first": lambda _: Unit.objects.first(),
    "last": lambda _: Unit.objects.order_by("pk").last(),
    "latest": lambda _: Unit.objects.latest("pk"),
    "bool": lambda _: bool(Unit.objects.all()),
    "len": lambda _: len(Unit.objects.all()),
    "values": lambda _: list(Unit.objects.values("pk")),
    "values_list": lambda _: list(Unit.objects.values_list("pk")),
    "in_bulk": lambda unit: Unit.objects.in_bulk([unit.pk]),
    "count": lambda _: Unit.objects.count(),
    "exists": lambda _: Unit.objects.exists(),
    "contains": lambda unit: Unit.objects.all().contains(unit),
    "aggregate": lambda _: Unit.objects.aggregate(Count("pk")),
    "update": lambda _: Unit.objects.update(name="x"),
    "delete": lambda unit: Unit.objects.filter(pk=unit.pk).delete(),
    "create": lambda _: Unit.objects.create(code="x", name="x"),
    "get_or_create": lambda _: Unit.objects.get_or_create(code="x", defaults={"name": "x"}),
    "update_or_create": lambda _: Unit.objects.update_or_create(code="x", defaults={"name": "x"}),
    "bulk_create": lambda _: Unit.objects.bulk_create([Unit(code="x", name="x", organisation_id=1)]),
    "bulk_update": lambda unit: Unit.objects.bulk_update([unit], ["name"]),
    "select_for_update": lambda _: Unit.objects.select_for_update().first(),
    "related": lambda unit: list(unit.children.all()),
}


@pytest.mark.parametrize("name", USES)
def test_every_use_of_a_walled_table_outside_a_scope_is_a_loud_bug(name: str) -> None:
    motala = factories.make_organisation()
    with organisation_scope(motala.pk):
        unit = Unit.objects.get(code="kundcenter")
    with pytest.raises(NoOrganisation):
        USES[name](unit)


@pytest.mark.parametrize("name", sorted(set(USES) - {"delete"}))
def test_and_inside_one_it_works(name: str) -> None:
    motala = factories.make_organisation()
    with organisation_scope(motala.pk):
        unit = Unit.objects.get(code="kundcenter")
        if name == "bulk_create":
            assert Unit.objects.bulk_create([Unit(code="x", name="x", organisation=motala)])
        else:
            USES[name](unit)


def test_a_manager_cannot_empty_a_table_by_mistake() -> None:
    assert not hasattr(Unit.objects, "delete")
