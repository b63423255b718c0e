"""`collaboration_group NAME SLUG SLUG …`: municipalities that have agreed to share a queue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.collaboration.actions import gather
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.organisations.models import Organisation


class Command(BaseCommand):
    """Makes organisations members of one group at once; they can also ask each other in the settings."""

    help = "Låt kommuner dela en kö, till exempel: collaboration_group Östergötland motala mjolby"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="vad gruppen heter; finns den hos den första kommunen utökas den")
        parser.add_argument("organisation", nargs="+", help="kommunernas kortnamn, minst två")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = list(dict.fromkeys(options["organisation"]))
        found = {organisation.slug: organisation for organisation in Organisation.objects.filter(slug__in=slugs)}
        if missing := [slug for slug in slugs if slug not in found]:
            raise CommandError(f"Det finns ingen organisation som heter {', '.join(missing)}.")
        try:
            gather(
                name=options["name"],
                members=[found[slug] for slug in slugs],
                by=Actor.system("collaboration_group"),
            )
        except Invalid as invalid:
            raise CommandError(str(invalid)) from None
        self.stdout.write(f"{options['name']}: {', '.join(found[slug].name for slug in slugs)}.")
