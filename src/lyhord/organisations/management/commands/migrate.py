"""`migrate` as the owner of the tables, and the walls after it."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate

from lyhord.organisations.walls import build_walls


class Command(DjangoMigrate):
    """Django's migrate, connected as the owner, followed by the building of the walls."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=settings.MIGRATION_DATABASE)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options.get("plan") and not options.get("check_unapplied"):
            build_walls(options["database"])
