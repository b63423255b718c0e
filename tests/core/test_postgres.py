"""The database backend: whether a kept connection lives is asked of the socket."""

import os

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import _queries


@pytest.mark.django_db(transaction=True)
def test_a_living_connection_is_usable_without_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert not asked.captured_queries


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_ended_is_not_usable() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(os.environ["LYHORD_TEST_ADMIN_URL"], autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(%s, 5000)", [pid])
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()


@pytest.mark.django_db
def test_inside_a_broken_transaction_it_is_not_usable() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="division by zero"):
        cursor.execute("select 1 / 0")
    assert not connection.is_usable()
    connection.set_rollback(True)


@pytest.mark.django_db
def test_statements_that_come_again_are_prepared() -> None:
    with connection.cursor() as cursor:
        for number in range(5):
            cursor.execute("select %s::int + 4711", [number])
        cursor.execute("select count(*) from pg_prepared_statements where statement like '%%4711%%'", [])
        assert cursor.fetchone()[0] >= 1


@pytest.mark.django_db
def test_a_statement_of_many_parameters_is_read_once() -> None:
    sql = f"select {' + '.join(['%s::int'] * 120)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, list(range(120)))
        before = _queries._query2pg.cache_info()
        cursor.execute(sql, list(range(120)))
        after = _queries._query2pg.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
