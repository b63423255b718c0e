"""Six digits sent to a contact: who can say them reads what comes there.

A code holds for a quarter of an hour, for one purpose, once, and for five tries; only the newest counts. One in a
million guesses is right, so that five tries of five codes in an hour open nothing to anybody who only guesses.
"""

import hmac
import secrets
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id
from lyhord.notifications.actions import tell
from lyhord.notifications.models import Contact, OneTimeCode
from lyhord.notifications.notices import CodeNotice
from lyhord.organisations.models import Organisation

DIGITS = 6
HOLDS = timedelta(minutes=15)
MOST_TRIES = 5
MOST_AN_HOUR = 5
PRESSED_TWICE = timedelta(seconds=20)
"""Asked for again so soon is the same press, and the code that is on its way still counts."""
KEPT = timedelta(days=1)


class Tried(Enum):
    """How a code that somebody wrote was."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_LATE = "too late"  # it has run out, has been used, or there is none
    TOO_OFTEN = "too often"  # of this one; a new one can be had


@transaction.atomic
def send_code(*, contact: Contact, purpose: str, by: Actor) -> bool:
    """Send the contact a new code. False when it has been sent too many of late; nothing is sent then."""
    lately = OneTimeCode.objects.filter(contact=contact, created_at__gt=now() - timedelta(hours=1))
    sent = list(lately)
    if any(
        row.purpose == purpose
        and row.used_at is None
        and row.tries < MOST_TRIES
        and row.created_at > now() - PRESSED_TWICE
        for row in sent
    ):
        return True
    if len(sent) >= MOST_AN_HOUR:
        return False
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = OneTimeCode.objects.create(
        organisation_id=require_organisation_id(),
        contact=contact,
        purpose=purpose,
        digest=_digest(contact, purpose, code),
        created_at=now(),
    )
    organisation = Organisation.objects.get(pk=contact.organisation_id)
    tell(CodeNotice(organisation=organisation, contact=contact, code=code, number=row.pk), contact=contact)
    return True


@transaction.atomic
def try_code(*, contact: Contact, purpose: str, written: str, by: Actor) -> Tried:
    """Whether it is the newest code sent to the contact for that purpose. A right one is used up."""
    newest = OneTimeCode.objects.select_for_update().filter(contact=contact, purpose=purpose).order_by("-pk").first()
    if newest is None or newest.used_at is not None or newest.created_at + HOLDS <= now():
        return Tried.TOO_LATE
    if newest.tries >= MOST_TRIES:
        return Tried.TOO_OFTEN
    digits = "".join(character for character in written if character.isdecimal() and character.isascii())
    newest.tries += 1
    right = hmac.compare_digest(bytes(newest.digest), _digest(contact, purpose, digits[:20]))
    newest.used_at = now() if right else None
    newest.save(update_fields=["tries", "used_at"])
    if right:
        return Tried.RIGHT
    return Tried.TOO_OFTEN if newest.tries >= MOST_TRIES else Tried.WRONG


@transaction.atomic
def forget_codes() -> int:
    """Forget those that are old; returns how many."""
    return OneTimeCode.objects.filter(created_at__lt=now() - KEPT).delete()[0]


def _digest(contact: Contact, purpose: str, code: str) -> bytes:
    said = f"lyhord one-time code {contact.organisation_id} {contact.pk} {purpose} {code}"
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256")
