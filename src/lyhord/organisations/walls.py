"""The walls between organisations, built in the database from the models after every migration.

For every walled table: row-level security, enabled and forced, with one policy; a composite foreign key
(organisation_id, x_id) for every reference to another walled table; and rights for the application's role, which
owns nothing. Running it again changes nothing; a changed CONDITION replaces the policies. ADR 3 says why it is
derived and not written by hand.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name

from lyhord.core.walled import Walled

POLICY = "organisation_wall"
# Without nullif a query raises once a transaction with a local setting has ended: the value is '' then.
# Not wrapped in (select …): that made a joined list 80 times slower.
CONDITION = "organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint"
APPEND_ONLY = {"audit_event"}
READ_ONLY = {"organisations_edition"}
"""Written by a trigger alone, which runs as the owner."""


def walled_models() -> Iterator[type[models.Model]]:
    """Every concrete model that belongs to one organisation."""
    for model in apps.get_models():
        if issubclass(model, Walled):
            yield model


def references(model: type[models.Model]) -> Iterator["models.ForeignKey[models.Model, models.Model]"]:
    """The foreign keys from a walled model to walled models."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, Walled):
            yield field


def build_walls(alias: str = "owner") -> None:
    """Bring the database's walls up to the models; `alias` connects as the owner of the tables."""
    connection = connections[alias]
    role = str(connections["default"].settings_dict["USER"])
    statements: list[str] = []
    for model in walled_models():
        statements += _wall(connection, model)
    for model in walled_models():
        statements += _foreign_keys(connection, model)
    if role and role != connection.settings_dict["USER"]:
        statements += _rights(connection, role)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _fetch(connection: BaseDatabaseWrapper, sql: str, values: list[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _wall(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    index = truncate_name(f"{table}_wall", 63)
    rows = _fetch(
        connection,
        "select relrowsecurity and relforcerowsecurity, obj_description(p.oid, 'pg_policy'), to_regclass(%s)"
        " from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polname = %s where c.oid = to_regclass(%s)",
        [index, POLICY, table],
    )
    if not rows:
        return []
    walled, built_from, indexed = rows[0]
    out = []
    if not walled:
        out += [f'alter table "{table}" enable row level security', f'alter table "{table}" force row level security']
    if built_from != CONDITION:  # the server writes conditions its own way: what it was built from stands beside it
        quoted = CONDITION.replace("'", "''")
        out += [
            f'drop policy if exists {POLICY} on "{table}"',
            f'create policy {POLICY} on "{table}" using ({CONDITION}) with check ({CONDITION})',
            f"comment on policy {POLICY} on \"{table}\" is '{quoted}'",
        ]
    if not indexed:  # asked first: even "if not exists" would wait for everybody who writes to the table
        out.append(f'create unique index "{index}" on "{table}" (organisation_id, id)')
    return out


def _foreign_keys(connection: BaseDatabaseWrapper, model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    out = []
    for field in references(model):
        name = truncate_name(f"{table}_{field.column}_wall", 63)
        target = field.related_model._meta.db_table
        known = "select 1 from pg_constraint where conname = %s and conrelid = to_regclass(%s)"
        if _fetch(connection, known, [name, table]):
            continue
        out.append(
            f'alter table "{table}" add constraint "{name}" foreign key (organisation_id, "{field.column}")'
            f' references "{target}" (organisation_id, id) deferrable initially deferred'
        )
    return out


def _rights(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    quoted = connection.ops.quote_name(role)
    out = [
        f"grant usage on schema public to {quoted}",
        f"grant select, insert, update, delete on all tables in schema public to {quoted}",
    ]
    # A column that counts by itself needs no right to its sequence, and the series of case numbers, which are sequences
    # too, tell how many cases an organisation has: they are reached through their function only.
    reachable = _fetch(
        connection,
        "with sequences as materialized (select oid from pg_class where relkind = 'S' and"
        " relnamespace = 'public'::regnamespace) select oid::regclass::text from sequences"
        " where has_sequence_privilege(%s, oid, 'select, usage, update')",
        [role],
    )
    out += [f"revoke all on sequence {name} from {quoted}" for (name,) in reachable]
    out += [f'revoke update, delete, truncate on "{table}" from {quoted}' for table in sorted(APPEND_ONLY | READ_ONLY)]
    out += [f'revoke insert on "{table}" from {quoted}' for table in sorted(READ_ONLY)]
    return out
