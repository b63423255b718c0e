"""`migrate` as the owner of the tables, and the walls after it."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate

from lyhord.organisations import schema
from lyhord.organisations.walls import build_walls


class Command(DjangoMigrate):
    """Django's migrate, connected as the owner, followed by the building of the walls; a new database begins whole."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step-by-step", action="store_true", help="Take a new database through every migration.")
        parser.set_defaults(database=settings.MIGRATION_DATABASE)

    def handle(self, *args: Any, **options: Any) -> None:
        only_looking = options.get("plan") or options.get("check_unapplied")
        if not (only_looking or options.get("app_label") or options.get("step_by_step")):
            schema.lay(options["database"])
        super().handle(*args, **options)
        if not only_looking:
            build_walls(options["database"])
