"""`create_api_key`: lets another system send reports."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.accounts.models import Membership
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import READ, SCOPES, USUAL, WRITE, create_key
from lyhord.organisations.models import Organisation


class Command(BaseCommand):
    """Makes an API key and prints it once."""

    help = "Skapa en nyckel för ett annat system (Open311, REST). Nyckeln visas bara nu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="organisationens kortnamn, till exempel motala")
        parser.add_argument("client", help="vad systemet heter, till exempel FixaMinGata")
        parser.add_argument("--scope", action="append", choices=SCOPES, help="vad nyckeln får användas till")
        parser.add_argument(
            "--person", default="", help="mejladressen till den i personalen som nyckeln ska handla som"
        )
        parser.add_argument("--hourly", type=int, default=1000, help="så många anmälningar i timmen")
        parser.add_argument("--unthrottled", action="store_true", help="ingen gräns i timmen")
        parser.add_argument("--publishes-at-once", action="store_true", help="visas utan att någon läser först")
        parser.add_argument("--fixmystreet", action="store_true", help="systemet är FixMyStreet eller FixaMinGata")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"Det finns ingen organisation som heter {options['organisation']}.")
        try:
            with organisation_scope(organisation.pk):
                member = _member(options["person"]) if options["person"] else None
                _row, key = create_key(
                    client=options["client"],
                    scopes=options["scope"] or ((READ, WRITE) if member else USUAL),
                    member_id=member.pk if member else None,
                    hourly=options["hourly"],
                    throttled=not options["unthrottled"],
                    fixmystreet=options["fixmystreet"],
                    publishes_at_once=options["publishes_at_once"],
                    by=Actor.system("create_api_key"),
                )
        except Invalid as invalid:
            raise CommandError(str(invalid)) from None
        self.stdout.write(key)


def _member(email: str) -> Membership:
    """Whoever works here and has that address."""
    member = Membership.objects.filter(user__email=email.strip().lower(), active=True).first()
    if member is None:
        raise CommandError(f"Ingen som arbetar här har adressen {email}.")
    return member
