"""`create_organisation CODE [--template NAME]`: any of the 290 municipalities, ready to use; or one elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lyhord.core.actor import Actor
from lyhord.core.country import COUNTRIES
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.core.text import fold
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.models import Organisation
from lyhord.organisations.presets import NAMES, preset
from lyhord.places.actions import import_areas
from lyhord.places.geojson import parse_areas
from lyhord.places.municipalities import Municipality, all_municipalities, municipality

BY = Actor.system("create_organisation")


class Command(BaseCommand):
    """Units, areas, case types, boundary and map centre from the municipality's code and a preset."""

    help = (
        "Skapa en kommun som går att använda direkt, till exempel: create_organisation 0583 --template motala. "
        "I ett annat land: create_organisation --country IS --name Reykjavíkurborg --slug reykjavik "
        "--centre 64.1466,-21.9426 --boundary gräns.geojson"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", default="", help="kommunkod med fyra siffror; bara i Sverige")
        parser.add_argument("--template", choices=NAMES, default="standard")
        parser.add_argument("--slug", help="kort namn i adresser; annars kommunens namn")
        parser.add_argument("--host", action="append", default=[], help="värdnamn, kan anges flera gånger")
        parser.add_argument(
            "--country", choices=[one.code for one in COUNTRIES], default="SE", help="landets kod enligt ISO 3166"
        )
        parser.add_argument("--time-zone", default="", help="till exempel Atlantic/Reykjavik; annars landets egen")
        parser.add_argument("--name", help="organisationens namn, där ingen kommunkod finns")
        parser.add_argument("--centre", help="kartans mitt som LAT,LON, där ingen kommunkod finns")
        parser.add_argument("--boundary", type=Path, help="gränsen som GeoJSON i WGS84")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                organisation, hosts = self._create(options)
                if options["boundary"]:
                    self._bound(organisation, options["boundary"])
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{organisation.name} finns nu på {', '.join(hosts)}.")

    def _create(self, options: dict[str, Any]) -> tuple[Organisation, list[str]]:
        if options["code"]:
            found = self._municipality(options["code"])
            name, (lat, lon), slug = found.name, found.centre, options["slug"] or slug_of(found)
        else:
            name, slug = options["name"], options["slug"]
            if not (name and slug and options["centre"]):
                raise CommandError("Skriv en kommunkod, eller --name, --slug och --centre.")
            lat, lon = self._centre(options)
        hosts = options["host"] or [f"{slug}.localhost"]
        organisation = create_organisation(
            slug=slug,
            code=options["code"],
            name=name,
            preset=preset(options["template"]),
            hosts=hosts,
            by=BY,
            lat=lat,
            lon=lon,
            country=options["country"],
            time_zone=options["time_zone"],
        )
        return organisation, hosts

    def _municipality(self, code: str) -> Municipality:
        try:
            return municipality(code)
        except KeyError:
            raise CommandError(f"Ingen kommun har koden {code}. Koden har fyra siffror, som 0583.") from None

    def _centre(self, options: dict[str, Any]) -> tuple[float, float]:
        try:
            lat, lon = (float(part) for part in options["centre"].split(","))
        except ValueError:
            raise CommandError("Skriv kartans mitt som LAT,LON, till exempel 64.1466,-21.9426.") from None
        if not COUNTRIES.get(options["country"].lower()).holds(lat, lon):
            raise CommandError("Kartans mitt ligger inte i landet. Skriv latituden först.")
        return lat, lon

    def _bound(self, organisation: Organisation, path: Path) -> None:
        with organisation_scope(organisation.pk):
            import_areas(kind="boundary", areas=parse_areas(path.read_bytes()), by=BY)


def slug_of(found: Municipality) -> str:
    """A short name that no other municipality has: "motala"; of Habo and Håbo the second is "habo-0305"."""
    slug = _plain(found)
    others = [other for other in all_municipalities() if _plain(other) == slug and other.code != found.code]
    is_its_own = found.short_name.casefold().replace(" ", "-") == slug
    return f"{slug}-{found.code}" if others and not is_its_own else slug


def _plain(found: Municipality) -> str:
    return fold(found.short_name).replace(" ", "-")
