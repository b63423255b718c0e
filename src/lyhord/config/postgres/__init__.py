"""The embedded database: PostgreSQL for trial, development and tests, without installing or configuring anything."""

from lyhord.config.postgres.errors import FolderInUseError, LauncherError
from lyhord.config.postgres.server import Server
from lyhord.config.postgres.urls import database_urls

__all__ = ["FolderInUseError", "LauncherError", "Server", "database_urls"]
