"""`write_app_projects motala --folder DIR`: the shells for the app stores, filled in for one organisation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.www.app.projects import files_for, ids_for


class Command(BaseCommand):
    """Writes an Android and an iOS project with the organisation's name, ids, icons and texts."""

    help = "Skriv projekt för Google Play och App Store, för en organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--folder", type=Path, required=True, help="a folder that is empty or not there yet")
        parser.add_argument("--release", default="1.0.0", help="1.0.0; grows with every release")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["slug"]).first()
        if organisation is None:
            raise CommandError(f"Det finns ingen organisation med namnet {options['slug']}.")
        folder: Path = options["folder"]
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} är inte tom. Välj en annan mapp.")
        with organisation_scope(organisation.pk):
            try:
                ids = ids_for(organisation, version=options["release"])
            except Invalid as error:
                raise CommandError(str(error)) from None
            for name, content in files_for(organisation, ids):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self.stdout.write(
            f"{folder}: android ({ids.android}) och ios ({ids.ios}), version {ids.version}.\n"
            "Att bygga, signera och publicera apparna i butikerna är kommunens eget steg, med kommunens egna konton: "
            "docs/app.md."
        )
