"""The walls between organisations, as the database has them: every model is walked, nothing is listed by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.utils import ProgrammingError

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet, organisation_scope
from lyhord.core.walled import TenantForeignKey, Walled
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.walls import references, walled_models
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N4", "X1", "0.20")]

WALLED = list(walled_models())
NOT_WALLED = {
    "organisations_hostname": "the host name must find the organisation before anything is known",
    "organisations_inlet": "so must the address that a mail or an SMS came to",
    "jobs_job": "a worker serves every organisation; the task enters its scope by itself",
    "organisations_edition": "a number that says nothing, read as the scope begins",
}
KEPT_FROM = [("audit_event",), ("organisations_edition",)]
"""What the application's role may only add to, or only read."""


SEARCH = "select lyhord_search_cases('lampan', 100, '{}', true)"
USABLE = "has_sequence_privilege(oid, 'select, usage, update')"


def rows(sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def ours() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("lyhord."):
            yield model


def test_there_are_models_to_walk() -> None:
    assert len(WALLED) > 20


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_the_wall_stands_on_every_walled_table(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert rows("select relrowsecurity, relforcerowsecurity from pg_class where oid = to_regclass(%s)", table) == [
        (True, True)
    ]
    policies = rows(
        "select polpermissive, polcmd, polroles, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)"
        " from pg_policy where polrelid = to_regclass(%s)",
        table,
    )
    assert len(policies) == 1  # a second one would widen the first
    permissive, command, roles, using, with_check = policies[0]
    assert (permissive, command, roles) == (True, "*", [0])  # for everything, for everybody
    assert using == with_check
    assert using.startswith("(organisation_id = (NULLIF(current_setting('lyhord.organisation'")
    assert "SELECT" not in using.upper()


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_no_reference_can_cross_the_wall(model: type[models.Model]) -> None:
    """Plain foreign keys are checked past row-level security: only the composite one may be there."""
    for field in references(model):
        assert isinstance(field, TenantForeignKey), f"{model.__name__}.{field.name} must be a TenantForeignKey"
        target = field.related_model._meta.db_table
        found = rows(
            "select array_agg(own.attname order by k.place), array_agg(theirs.attname order by k.place), convalidated,"
            " confrelid::regclass::text from pg_constraint c"
            " cross join lateral unnest(conkey, confkey) with ordinality as k(own, theirs, place)"
            " join pg_attribute own on own.attrelid = conrelid and own.attnum = k.own"
            " join pg_attribute theirs on theirs.attrelid = confrelid and theirs.attnum = k.theirs"
            " where contype = 'f' and conrelid = to_regclass(%s) group by c.oid, convalidated, confrelid"
            " having bool_or(own.attname = %s)",
            model._meta.db_table,
            field.column,
        )
        assert found == [(["organisation_id", field.column], ["organisation_id", "id"], True, target)]


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_every_walled_model_refuses_unscoped_queries(model: type[models.Model]) -> None:
    assert issubclass(model._default_manager._queryset_class, TenantQuerySet)  # type: ignore[attr-defined]  # every model has it


def test_no_other_table_has_an_organisation_and_no_wall() -> None:
    """Asked of the database: a table made by hand in a migration would be found too."""
    tables = rows(
        "select relname from pg_class c join pg_attribute a on a.attrelid = c.oid where relkind in ('r', 'p')"
        " and relnamespace = 'public'::regnamespace and attname = 'organisation_id' and not relrowsecurity"
    )
    assert {name for (name,) in tables} == set(NOT_WALLED)
    for model in ours():
        columns = {field.column for field in model._meta.local_concrete_fields}
        if "organisation_id" in columns and model._meta.db_table not in NOT_WALLED:
            assert issubclass(model, Walled), model


def test_no_plain_many_to_many_ties_walled_tables_together() -> None:
    """Its table would have no organisation and no wall."""
    for model in ours():
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            assert through is None or issubclass(through, Walled), field


def test_unwalled_tables_do_not_point_at_walled_ones() -> None:
    for model in ours():
        if not issubclass(model, Walled):
            for field in model._meta.local_fields:
                assert not (field.is_relation and issubclass(field.related_model, Walled)), field  # type: ignore[arg-type]  # a relation to a model


def test_no_unique_constraint_tells_what_another_organisation_has() -> None:
    """A constraint without the organisation in it says "taken" about a row one must not know of."""
    for model in WALLED:
        unique = rows(
            "select i.relname, array_agg(a.attname), bool_or(a.atttypid = 'uuid'::regtype) from pg_index x"
            " join pg_class i on i.oid = x.indexrelid join pg_attribute a on a.attrelid = x.indexrelid"
            " where x.indrelid = to_regclass(%s) and indisunique and not indisprimary group by i.relname",
            model._meta.db_table,
        )
        for name, columns, random in unique:
            assert "organisation_id" in columns or random, name


def test_the_applications_role_owns_nothing_and_cannot_pass() -> None:
    assert rows(
        "select current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " from pg_roles where rolname = current_user"
    ) == [("lyhord_app", *[False] * 5)]
    assert rows("select relname from pg_class where relowner = 'lyhord_app'::regrole") == []
    assert rows("select proname from pg_proc where proowner = 'lyhord_app'::regrole") == []
    assert rows("select datname from pg_database where datdba = 'lyhord_app'::regrole") == []
    assert rows("select 1 from pg_auth_members where member = 'lyhord_app'::regrole") == []
    assert rows(
        "select has_schema_privilege('public', 'create'), has_database_privilege(current_database(), 'create')"
    ) == [(False, False)]


def test_the_applications_role_has_only_the_rights_of_its_work() -> None:
    tables = "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    for right in ("truncate", "references", "trigger"):
        assert rows(f"{tables} and has_table_privilege(oid, '{right}')") == [], right
    for right in ("update", "delete"):
        assert rows(f"{tables} and not has_table_privilege(oid, '{right}') order by relname") == KEPT_FROM, right
    assert rows(f"{tables} and not has_table_privilege(oid, 'insert')") == [("organisations_edition",)]
    sequences = "select c.oid from pg_class c where relkind = 'S' and relnamespace = 'public'::regnamespace"
    reachable = rows(f"with s as materialized ({sequences}) select oid::regclass::text from s where {USABLE}")
    assert reachable == []


def test_there_are_no_views_that_could_look_over_the_wall() -> None:
    assert (
        rows("select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace") == []
    )


def test_functions_that_pass_the_wall_are_known_and_guarded() -> None:
    """A function that runs as its owner is not bound by policies: each names its search path, and is listed here."""
    functions = rows("select proname, proconfig from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")
    assert {name for name, _ in functions} == {
        "lyhord_keys",
        "lyhord_new_edition",
        "lyhord_new_edition_of_person",
        "lyhord_next_number",
        "lyhord_search_cases",
        "lyhord_search_published",
        "lyhord_works_elsewhere",
    }
    assert all(config and config[0].startswith("search_path=") for _, config in functions)


@pytest.fixture
def both(cast: Cast) -> Cast:
    """Rows in every important table of both organisations."""
    for organisation in (cast.motala, cast.mjolby):
        factories.make_case(organisation, email="asta@example.se", answers={"lamps": 2})
    return cast


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_no_row_is_visible_without_a_scope_and_only_own_ones_with_it(both: Cast, model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert rows(f'select count(*) from "{table}"') == [(0,)]
    with organisation_scope(both.motala.pk):
        assert rows(f'select distinct organisation_id from "{table}"') in ([], [(both.motala.pk,)])
    for nonsense in ("0", "-1", str(2**62)):
        with transaction.atomic():
            rows("select set_config('lyhord.organisation', %s, true)", nonsense)
            assert rows(f'select count(*) from "{table}"') == [(0,)]
            rows("select set_config('lyhord.organisation', '', true)")


def test_the_tables_that_matter_have_rows_in_that_test(both: Cast) -> None:
    with organisation_scope(both.motala.pk):
        for table in ("cases_case", "cases_reporter", "notifications_notice", "audit_event", "organisations_unit"):
            assert rows(f"select count(*) > 0 from {table}") == [(True,)], table


def test_a_row_cannot_be_written_into_another_organisation(both: Cast) -> None:
    with organisation_scope(both.motala.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Unit.objects.create(organisation=both.mjolby, code="spion", name="Spion")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Unit.objects.filter(code="kundcenter").update(organisation_id=both.mjolby.pk)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            rows(
                "insert into audit_event (organisation_id, at, verb, subject_type, subject_id, level, actor_kind,"
                " actor_label, data) values (%s, now(), 'x', 'x', 1, 1, 'x', 'x', '{}') returning id",
                both.mjolby.pk,
            )


def test_another_organisations_rows_cannot_be_changed_or_removed(both: Cast) -> None:
    with organisation_scope(both.mjolby.pk):
        target = Case.objects.get()
    with organisation_scope(both.motala.pk):
        assert not Case.objects.filter(pk=target.pk).exists()
        assert Case.objects.filter(pk=target.pk).update(title="x") == 0
        assert rows(
            "with gone as (delete from cases_case where id = %s returning 1) select count(*) from gone", target.pk
        ) == [(0,)]
        with pytest.raises(Case.DoesNotExist):
            Case.objects.select_for_update().get(pk=target.pk)
        with pytest.raises(Case.DoesNotExist):
            target.refresh_from_db()
    with organisation_scope(both.mjolby.pk):
        assert Case.objects.get().title == target.title


def change_and_check(case: Case, column: str, value: int | None) -> None:
    assert value
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**{column: value})
        rows("set constraints all immediate; select 1")


@pytest.mark.parametrize(
    "column", ["unit_id", "case_type_id", "version_id", "category_id", "duplicate_of_id", "area_id"]
)
def test_a_reference_into_another_organisation_is_refused_at_commit(both: Cast, column: str) -> None:
    """The row is one's own and the id exists, in another organisation: only the composite key sees it."""
    model = Case._meta.get_field(column.removesuffix("_id")).related_model
    assert isinstance(model, type)
    assert issubclass(model, models.Model)
    with organisation_scope(both.mjolby.pk):
        theirs = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    with organisation_scope(both.motala.pk):
        case = Case.objects.get()
        with pytest.raises(IntegrityError, match="_wall"):
            change_and_check(case, column, theirs)


@pytest.mark.django_db(transaction=True)
def test_such_a_reference_does_not_survive_the_commit_itself() -> None:
    one, other = factories.make_organisation("motala"), factories.make_organisation("mjolby")
    with organisation_scope(other.pk):
        theirs = Unit.objects.get(code="kundcenter")
    with pytest.raises(IntegrityError, match="organisations_unit_parent_id_wall"):
        point_at(one, theirs)
    with organisation_scope(one.pk):
        assert Unit.objects.get(code="kundcenter").parent_id is None


def point_at(organisation: Organisation, unit: Unit) -> None:
    with organisation_scope(organisation.pk):
        Unit.objects.filter(code="kundcenter").update(parent=unit.pk)


@pytest.mark.parametrize(
    "sql", ["update audit_event set verb = 'x'", "delete from audit_event", "truncate audit_event"]
)
def test_the_log_is_added_to_and_never_edited(both: Cast, sql: str) -> None:
    with organisation_scope(both.motala.pk):
        assert Event.objects.exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows(sql)
    with organisation_scope(both.motala.pk), pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(verb="x")


def test_the_walls_cannot_be_taken_down_by_the_applications_role(both: Cast) -> None:
    for sql in (
        "alter table cases_case disable row level security",
        "drop policy organisation_wall on cases_case",
        "set role lyhord_owner",
        "create table public.hole (id int)",
        "copy cases_case from '/dev/null'",
        "select last_value from cases_case_id_seq",
        f"select nextval('case_number_{both.mjolby.pk}_2026')",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows(sql)


def test_the_number_series_of_another_organisation_is_out_of_reach(both: Cast) -> None:
    with (
        organisation_scope(both.motala.pk),
        pytest.raises(DatabaseError, match="another organisation"),
        transaction.atomic(),
    ):
        rows("select lyhord_next_number(%s, 2026)", both.mjolby.pk)
    with pytest.raises(DatabaseError, match="another organisation"), transaction.atomic():
        rows("select lyhord_next_number(%s, 2026)", both.mjolby.pk)


def test_the_search_sees_one_organisation_only(both: Cast) -> None:
    assert rows(SEARCH) == []
    for organisation in (both.motala, both.mjolby):
        with organisation_scope(organisation.pk):
            found = {pk for (pk,) in rows(SEARCH)}
            assert found == set(Case.objects.values_list("pk", flat=True))
            assert len(found) == 1


SCHEMA = {
    "tables": "select relname, relkind, relrowsecurity, relforcerowsecurity, relacl::text, oid, relfilenode"
    " from pg_class",
    "policies": "select polname, polrelid, oid, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)"
    " from pg_policy",
    "constraints": "select conname, conrelid, oid, pg_get_constraintdef(oid) from pg_constraint",
    "functions": "select proname, oid, proacl::text from pg_proc where pronamespace = 'public'::regnamespace",
    "migrations": "select id, app, name from django_migrations",
}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrating_again_changes_nothing() -> None:
    def schema() -> dict[str, list[tuple[Any, ...]]]:
        with connections["owner"].cursor() as cursor:
            found = {}
            for name, sql in SCHEMA.items():
                cursor.execute(sql)
                found[name] = sorted(cursor.fetchall(), key=str)
            return found

    try:
        before = schema()
        call_command("migrate", verbosity=0, interactive=False)
        assert schema() == before
    finally:
        connections["owner"].close()
