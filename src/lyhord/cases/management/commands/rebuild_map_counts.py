"""`rebuild_map_counts [ORGANISATION …]`: count published cases for the maps anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.cases.actions.map_counts import rebuild_map_counts
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation


class Command(BaseCommand):
    """Needed only when cases have been loaded past the triggers, as by a bulk copy. Safe while people work."""

    help = "Räkna om kartans antal: för de organisationer som nämns, annars alla."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisations", nargs="*", help="organisationernas slug, till exempel motala")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["organisations"]
        found = {one.slug: one for one in Organisation.objects.order_by("slug")}
        if missing := set(wanted) - set(found):
            raise CommandError(f"Organisationen {', '.join(sorted(missing))} finns inte.")
        for slug in wanted or found:
            with organisation_scope(found[slug].pk):
                rebuild_map_counts()
            self.stdout.write(f"{slug}: omräknat")
