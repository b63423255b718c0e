"""Ways to compare in queries, beside Django's own; every table's base imports them."""

from typing import Any

from django.db import models
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import Lookup


class AnyOf(Lookup):
    """`field__any=values`: one parameter however many values, so that the statement stays the same."""

    lookup_name = "any"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (list(value),)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = any({right})", (*left_params, *right_params)


models.Field.register_lookup(AnyOf)
ForeignObject.register_lookup(AnyOf)
