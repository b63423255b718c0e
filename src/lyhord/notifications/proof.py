"""What a message to a paused address carries, so that only who got that very message can say that it works again.

The contact's own link will not do: it stands in every older message too, which arrived before nothing did.
"""

from datetime import timedelta

from django.core import signing

from lyhord.notifications.models import Contact

ANSWER_WITHIN = timedelta(days=7)
_SALT = "lyhord.notifications.proof"


def proof_of(contact: Contact) -> str:
    """A short text for an address of a page; worth something for this pause and ANSWER_WITHIN only."""
    return signing.dumps([contact.pk, _pause(contact)], salt=_SALT)


def is_proof(contact: Contact, written: str) -> bool:
    """Whether it came in a message that was sent to the contact during its present pause."""
    try:
        said = signing.loads(written, salt=_SALT, max_age=ANSWER_WITHIN)
    except signing.BadSignature:
        return False
    return bool(said == [contact.pk, _pause(contact)])


def _pause(contact: Contact) -> int:
    return int(contact.paused_at.timestamp() * 1000) if contact.paused_at else 0
