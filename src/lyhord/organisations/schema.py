"""The whole schema in one file, for a database that has nothing yet.

Step by step, a hundred migrations take some 25 seconds of CPU: Django makes its models anew for each step. So an empty
database gets `schema.sql` at once, and what came after it by migrations, as every other database does. ADR 22; the file
is written, and held to be the same as all the steps, by tests/organisations/test_schema.py.
"""

from pathlib import Path

from django.db import connections, transaction

SCHEMA = Path(__file__).with_name("schema.sql")


def lay(alias: str = "owner") -> bool:
    """Give an empty database its tables; whether it was empty. `alias` connects as the owner of the tables."""
    connection = connections[alias]
    if connection.introspection.table_names():
        return False
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("set local check_function_bodies = off")  # functions come before the tables that they read
        cursor.execute(SCHEMA.read_text(encoding="utf-8"))
    return True
