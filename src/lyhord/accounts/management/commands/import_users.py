"""`import_users ORGANISATION FILE`: many members of staff from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.accounts.actions import import_members
from lyhord.accounts.people_file import read_people
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation


class Command(BaseCommand):
    """Reads email;name;role;units, where units are codes with a blank between; comma or semicolon, UTF-8 or Latin-1."""

    help = "Lägg till personal från en CSV-fil med kolumnerna email, name, role, units."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="organisationens slug, till exempel motala")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="kontrollera bara")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"Organisationen {options['organisation']} finns inte.")
        try:
            people = read_people(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"Filen går inte att läsa: {error.strerror}") from error
        except Invalid as error:
            raise CommandError(str(error)) from error
        try:
            with organisation_scope(organisation.pk):
                count = import_members(people=people, by=Actor.system("import_users"))
                if options["dry_run"]:
                    from django.db import transaction

                    transaction.set_rollback(True)
        except Invalid as error:
            lines = "\n".join(f"rad {line}: {text}" for line, text in error.errors.items())
            raise CommandError(f"Ingen lades till. Rätta filen och försök igen.\n{lines}") from error
        self.stdout.write(f"{count} personer {'kan läggas' if options['dry_run'] else 'lades'} till i {organisation}.")
