"""The roles and the database that Lyhörd expects, made once in a new cluster."""

import psycopg
from psycopg import sql

from lyhord.config.postgres.errors import LauncherError

OWNER = "lyhord_owner"
APP = "lyhord_app"
DATABASE = "lyhord"

_EXTENSIONS = ("pg_trgm",)


def prepare(admin_url: str, database_url: str) -> None:
    """Make what is missing. Safe to repeat; ``database_url`` is the superuser's way into the database ``lyhord``.

    ``lyhord_owner`` owns the tables and runs migrations; it must see every organisation's rows (BYPASSRLS), or data
    migrations would touch nothing. ``lyhord_app`` serves people; it owns nothing and stands behind the walls.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS CREATEDB").format(sql.Identifier(OWNER)))
        if APP not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            create_database(connection, DATABASE)
    add_extensions(database_url)


def create_database(connection: psycopg.Connection, name: str, template: str | None = None) -> None:
    """Create a database owned by the owner role, as a copy of ``template`` when given. Not inside a transaction."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    connection.execute(statement)


def add_extensions(database_url: str) -> None:
    """Add the extensions that the product uses to one database."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for name in _EXTENSIONS:
            try:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            except psycopg.errors.FeatureNotSupported as problem:
                raise LauncherError(
                    f"PostgreSQL saknar tillägget {name}. Installera paketet postgresql-contrib.",
                    f"PostgreSQL lacks the extension {name}. Install the package postgresql-contrib.",
                ) from problem
