"""`create_organisation CODE [--template NAME]`: any of the 290 municipalities, ready to use."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import fold
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.presets import NAMES, preset
from lyhord.places.municipalities import Municipality, all_municipalities, municipality


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
        slug = options["slug"] or slug_of(found)
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


def slug_of(found: Municipality) -> str:
    """A short name that no other municipality has: "motala"; of Habo and Håbo the second is "habo-0305"."""
    slug = _plain(found)
    others = [other for other in all_municipalities() if _plain(other) == slug and other.code != found.code]
    is_its_own = found.short_name.casefold().replace(" ", "-") == slug
    return f"{slug}-{found.code}" if others and not is_its_own else slug


def _plain(found: Municipality) -> str:
    return fold(found.short_name).replace(" ", "-")
