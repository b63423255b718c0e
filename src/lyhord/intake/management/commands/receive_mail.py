"""`receive_mail`: a mail on standard input is kept; the mail server calls this for every mail to our addresses.

Ends as mail servers expect of a program that they hand mail to (sysexits.h): 0 when it is kept, 67 when none of the
recipients is ours, 65 when it is no mail or too large, and 75, so that they try again later, for everything else. As
long as the database is away, no mail is lost: it waits in the mail server's queue.
"""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.arrivals import inlets_for, keep_mail
from lyhord.intake.mail.head import head_of
from lyhord.intake.mail.reading import MOST_BYTES

BY = Actor.system("receive_mail")
# What Postfix, Exim and Sendmail name the recipient in the program's environment.
_ENVIRONMENT = ("ORIGINAL_RECIPIENT", "RECIPIENT", "LOCAL_PART_AT_DOMAIN", "DELIVERED_TO")


class Command(BaseCommand):
    """Keeps one mail; a worker reads it."""

    help = "Ta emot ett mejl på standard in och spara det. För mejlservern."
    requires_system_checks = ()  # nothing but the mail may hinder it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipients", nargs="*", help="adresserna som mejlet levererades till")

    def handle(self, *args: Any, recipients: list[str], **options: Any) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            status, said = receive(raw, recipients)
        except Exception as error:  # whatever it is, the mail must not bounce for it
            status, said = os.EX_TEMPFAIL, f"{type(error).__name__}: försök igen senare"
        if status:
            self.stderr.write(said)
            sys.exit(status)


def receive(raw: bytes, recipients: list[str]) -> tuple[int, str]:
    """Keep the mail in each organisation that it was delivered to; the exit status, and why."""
    if not raw.strip():
        return os.EX_DATAERR, "Mejlet är tomt."
    if len(raw) > MOST_BYTES:
        return os.EX_DATAERR, "Mejlet är för stort. Skicka det utan bilagor."
    told = [address for address in recipients if "@" in address]
    told += [address for name in _ENVIRONMENT if (address := os.environ.get(name, "")) and "@" in address]
    found = inlets_for(told or head_of(raw).recipients)
    if not found:
        return os.EX_NOUSER, "Ingen av adresserna är vår."
    for organisation_id, inlet in found.items():
        with organisation_scope(organisation_id):
            keep_mail(inlet=inlet, raw=raw, recipients=told, by=BY)
    return os.EX_OK, ""
