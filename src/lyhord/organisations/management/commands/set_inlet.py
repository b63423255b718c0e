"""`set_inlet`: says whose an address of mail or a number for SMS is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.phone_number import phone_number
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.inlet_actions import set_inlet
from lyhord.organisations.models import Inlet, Organisation


class Command(BaseCommand):
    """Adds an address, or changes what is said of it. What else there is, administrators change in the settings."""

    help = "Säg vilken organisation som tar emot mejl till en adress, eller sms till ett nummer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="organisationens kortnamn, till exempel motala")
        parser.add_argument("address", help="mejladress, eller telefonnummer med landsnummer")
        parser.add_argument("--answers", action="store_true", help="svar på det vi skickar ska komma hit")
        parser.add_argument("--unit", default="", help="kod för enheten som adressen hör till")
        parser.add_argument("--kind", default="", help="vad som mest kommer hit: felanmalan, klagomal, fraga …")
        parser.add_argument("--review", action="store_true", help="någon tittar på allt innan det blir ett ärende")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"Det finns ingen organisation som heter {options['organisation']}.")
        written = options["address"].strip()
        channel = Inlet.Channel.EMAIL if "@" in written else Inlet.Channel.SMS
        try:
            address = written.lower() if "@" in written else phone_number(written)
            known = organisation.inlets.filter(channel=channel, address=address).first()
            with organisation_scope(organisation.pk):
                inlet = set_inlet(
                    inlet_id=known.pk if known else None,
                    channel=channel,
                    address=address,
                    kind=options["kind"],
                    unit_code=options["unit"],
                    review=options["review"],
                    answers=options["answers"],
                    trusted=True,
                    by=Actor.system("set_inlet"),
                )
        except Invalid as invalid:
            raise CommandError(str(invalid)) from None
        self.stdout.write(f"{inlet.address} → {organisation.name}")
