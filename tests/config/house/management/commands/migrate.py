"""`migrate` as the owner, as the product has it."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate


class Command(DjangoMigrate):
    """Connected as the owner."""

    def add_arguments(self, parser: Any) -> None:
        """Change the default only."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
