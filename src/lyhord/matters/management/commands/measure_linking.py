"""`measure_linking FOLDER GOLD`: precision and recall of linking over any folder of agendas and minutes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.core.tenancy import organisation_scope
from lyhord.matters.linking import Place
from lyhord.matters.measuring import Measured, measure, measure_stored
from lyhord.organisations.models import Organisation


class Command(BaseCommand):
    """Prints the figures and every link that was missed or wrong."""

    help = "Mät hur väl kallelser och protokoll länkas till ärenden, mot en facitfil (se lyhord.matters.measuring)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="mapp med kallelser och protokoll som text")
        parser.add_argument(
            "--stored",
            metavar="ORGANISATION",
            default="",
            help="mät det som organisationen (dess slug) har inläst och länkat, i stället för mappens texter",
        )
        parser.add_argument("gold", type=Path, help="facit: tabbavgränsad fil med kolumnerna matter, paper och item")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._measured(options)
        except (ValueError, OSError, Organisation.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"papers {found.papers}, items {found.items}, links in gold {found.gold}, made {found.linked}"
        )
        self.stdout.write(f"precision {found.precision:.3f} ({found.right} of {found.linked})")
        self.stdout.write(f"recall {found.recall:.3f} ({found.right} of {found.gold})")
        for word, pairs in (("missed", found.missed), ("wrong", found.wrong)):
            for one, other in pairs:
                self.stdout.write(f"{word}: {_said(one)} = {_said(other)}")

    def _measured(self, options: dict[str, Any]) -> Measured:
        if not options["stored"]:
            return measure(options["folder"], options["gold"])
        with organisation_scope(Organisation.objects.get(slug=options["stored"]).pk):
            return measure_stored(options["gold"])


def _said(place: Place) -> str:
    return f"{place.paper} {place.item}"
