"""What measurements are made on: rows loaded past the models must still be what the models ask for."""

import pytest
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from bench import _towns
from bench._rows import COLUMNS, Rows, now
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope

MODELS = {model._meta.db_table: model for model in apps.get_models()}


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_that_must_have_a_value_gets_one(table: str) -> None:
    """A field that is added to a model is added here too, or nothing can be measured any more."""
    needed = {
        field.column
        for field in MODELS[table]._meta.concrete_fields
        if not field.null
        and field.db_default is models.NOT_PROVIDED
        and not isinstance(field, models.AutoField | models.GeneratedField)
    }
    assert needed <= set(COLUMNS[table].split()), f"columns that have no value: {needed - set(COLUMNS[table].split())}"


@pytest.mark.django_db
def test_generated_rows_hold_together() -> None:
    """Put in by what the walls let through, not by COPY: every foreign key and every constraint is asked."""
    town = _towns.made("0583")
    made = Rows([town], total=200, until=now(), key=b"key").make(1, 201)
    with organisation_scope(town.organisation_id):
        with connection.cursor() as cursor:
            for table, lines in made.items():
                columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
                for line in lines:
                    values = sql.SQL(", ").join(map(_literal, line.rstrip("\n").split("\t")))
                    statement = sql.SQL("insert into {} ({}) values ({})").format(
                        sql.Identifier(table), columns, values
                    )
                    cursor.execute(statement)
            cursor.execute("set constraints all immediate")
        assert Case.objects.count() == 200
        assert all(lines for lines in made.values()), "a table without a row is a table that nothing tries"


def _literal(text: str) -> sql.Literal:
    """A value as COPY would read it (PostgreSQL, COPY, "Text Format")."""
    return sql.Literal(None if text == "\\N" else text.replace("\\\\", "\\"))
