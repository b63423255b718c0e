"""`measure_linking FOLDER GOLD`: precision and recall of linking over any folder of agendas and minutes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.matters.linking import Place
from lyhord.matters.measuring import measure


class Command(BaseCommand):
    """Prints the figures and every link that was missed or wrong."""

    help = "Mät hur väl kallelser och protokoll länkas till ärenden, mot en facitfil (se lyhord.matters.measuring)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="mapp med kallelser och protokoll som text")
        parser.add_argument("gold", type=Path, help="facit: tabbavgränsad fil med kolumnerna matter, paper och item")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = measure(options["folder"], options["gold"])
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"papers {found.papers}, items {found.items}, links in gold {found.gold}, made {found.linked}"
        )
        self.stdout.write(f"precision {found.precision:.3f} ({found.right} of {found.linked})")
        self.stdout.write(f"recall {found.recall:.3f} ({found.right} of {found.gold})")
        for word, pairs in (("missed", found.missed), ("wrong", found.wrong)):
            for one, other in pairs:
                self.stdout.write(f"{word}: {_said(one)} = {_said(other)}")


def _said(place: Place) -> str:
    return f"{place.paper} {place.item}"
