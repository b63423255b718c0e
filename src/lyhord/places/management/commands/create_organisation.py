"""`create_organisation CODE [--template NAME]`: any of the 290 municipalities, ready to use."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import fold
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.presets import NAMES, preset
from lyhord.places.municipalities import municipality


class Command(BaseCommand):
    """Units, areas, case types, boundary and map centre from the municipality's code and a preset."""

    help = "Skapa en kommun som går att använda direkt, till exempel: create_organisation 0583 --template motala"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="kommunkod med fyra siffror")
        parser.add_argument("--template", choices=NAMES, default="standard")
        parser.add_argument("--slug", help="kort namn i adresser; annars kommunens namn")
        parser.add_argument("--host", action="append", default=[], help="värdnamn, kan anges flera gånger")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = municipality(options["code"])
        except KeyError:
            raise CommandError(f"Ingen kommun har koden {options['code']}. Koden har fyra siffror, som 0583.") from None
        slug = options["slug"] or fold(found.short_name).replace(" ", "-")
        hosts = options["host"] or [f"{slug}.localhost"]
        try:
            organisation = create_organisation(
                slug=slug,
                code=found.code,
                name=found.name,
                preset=preset(options["template"]),
                hosts=hosts,
                by=Actor.system("create_organisation"),
                lat=found.lat,
                lon=found.lon,
            )
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{organisation.name} finns nu på {', '.join(hosts)}.")
