"""Lists of names stand in Swedish order, whatever locale the database was made with."""

import pytest
from django.apps import apps
from django.db import connection

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation, Unit
from tests import factories

pytestmark = pytest.mark.django_db


def test_units_in_swedish_order(motala: Organisation) -> None:
    names = ["Ålder", "Öppen vård", "Zon 10", "Zon 2", "Äng", "vatten", "Wik", "Bo Å", "Bo A"]
    with organisation_scope(motala.pk):
        Unit.objects.all().update(parent=None)
        for number, name in enumerate(names):
            factories.make_unit(f"u-{number}", name, email="order@example.se")
        found = list(Unit.objects.filter(email="order@example.se").order_by("sort_key").values_list("name", flat=True))
    assert found == ["Bo A", "Bo Å", "vatten", "Wik", "Zon 2", "Zon 10", "Ålder", "Äng", "Öppen vård"]


def test_every_sort_key_is_ordered_by_bytes() -> None:
    columns = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.name == "sort_key"
    ]
    assert columns
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(
                "select collation_name from information_schema.columns where table_name = %s and column_name = %s",
                [table, column],
            )
            assert cursor.fetchone() == ("C",), table
