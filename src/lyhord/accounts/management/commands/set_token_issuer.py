"""`set_token_issuer`: lets people in by the API with the tokens of an OpenID Connect provider."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lyhord.accounts.issuer_actions import set_issuer, tie_subject
from lyhord.accounts.models import Membership
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation

_BY = Actor.system("set_token_issuer")


class Command(BaseCommand):
    """Trusts an issuer; its keys are fetched by the worker."""

    help = "Släpp in personal i API:et med intyg (JWT) från en OpenID Connect-utfärdare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="organisationens kortnamn, till exempel motala")
        parser.add_argument("issuer", help="utfärdarens adress, precis som i intygen (iss)")
        parser.add_argument("audience", help="vad utfärdaren kallar den här tjänsten (aud)")
        parser.add_argument("--trusts-email", action="store_true", help="mejladresser gäller utan email_verified")
        parser.add_argument("--off", action="store_true", help="släpp inte in någon längre")
        parser.add_argument("--subject", nargs=2, action="append", default=[], metavar=("SUB", "MEJL"))

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"Det finns ingen organisation som heter {options['organisation']}.")
        try:
            with organisation_scope(organisation.pk):
                row = set_issuer(
                    issuer=options["issuer"],
                    audience=options["audience"],
                    trusts_email=options["trusts_email"],
                    active=not options["off"],
                    by=_BY,
                )
                for subject, email in options["subject"]:
                    member = Membership.objects.filter(user__email=email.lower(), active=True).first()
                    if member is None:
                        raise CommandError(f"Ingen som arbetar här har adressen {email}.")
                    tie_subject(issuer_id=row.pk, subject=subject, membership_id=member.pk, by=_BY)
        except Invalid as invalid:
            raise CommandError(str(invalid)) from None
