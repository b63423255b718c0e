"""What is known of how an organisation sends text messages: asked by the sender, the channel and the settings."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Sum

from lyhord.core.clock import now, today, zone
from lyhord.core.kept import kept
from lyhord.core.sealed import unseal
from lyhord.notifications.gateway import Credentials
from lyhord.notifications.models import SentText, TextGateway

SECRET, KEY = "text gateway secret", "text gateway key"  # what they are sealed for
USER = "lyhord"
"""The name that the gateway gives with its key."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What every page may ask for: whether residents may choose text messages, and whom they reach."""

    active: bool
    countries: frozenset[str]
    number: str
    """Where answers come; "" where they cannot."""


def shown() -> Shown:
    """Of the organisation in scope; kept until its settings change."""

    def read() -> Shown:
        row = TextGateway.objects.first()
        if row is None:
            return Shown(False, frozenset(), "")
        number = row.sender if row.sender.startswith("+") else ""
        return Shown(row.active, frozenset(row.countries.split()), number)

    return kept("text messages", read)


def reaches(number: str) -> bool:
    """Whether the organisation writes to numbers of that country: dear ones abroad are a way to steal."""
    found = shown().countries
    return not found or any(number.startswith(f"+{code}") for code in found)


def credentials(row: TextGateway) -> Credentials:
    """Who we are at the gateway."""
    return Credentials(url=row.url, username=row.username, secret=unseal(row.secret, purpose=SECRET) or "")


def key_of(row: TextGateway) -> str:
    """What the gateway says to us."""
    return unseal(row.key, purpose=KEY) or ""


def is_key(row: TextGateway, given: str) -> bool:
    """Whether it is; how long that takes tells nothing."""
    known = key_of(row)
    return bool(known) and hmac.compare_digest(known.encode(), given.encode())


def new_key() -> str:
    """One that nobody guesses, and that fits in an address."""
    return secrets.token_urlsafe(24)


def parts_today() -> int:
    """How many parts have left since midnight."""
    midnight = datetime.combine(today(), time(), zone())
    return int(SentText.objects.filter(at__gte=midnight, at__lte=now()).aggregate(sum=Sum("parts"))["sum"] or 0)
