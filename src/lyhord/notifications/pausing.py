"""An address to which nothing gets through is left alone until its owner has shown that it works again."""

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.notifications import delivery
from lyhord.notifications.models import Contact, Notice, NoticeState
from lyhord.notifications.sender import SENDERS

_LONGEST = 200


@transaction.atomic
def address_bounced(
    *,
    address: str,
    reason: str,
    by: Actor,
    sender: str = "email",
    notice_id: int | None = None,
    dead: bool = True,
) -> Contact | None:
    """What was sent to an address came back: mark the notice as not arrived, and pause the contact where it is `dead`.

    A mailbox that is full, or a mail that was not wanted, is no reason to send nothing more.

    `notice_id` is the notice that came back, where it is known; then its contact counts, whatever the other end calls
    the address. `reason` is what the other end said. Returns the contact, None when the address is nobody's contact.
    What is said about a case meanwhile is held, and told when the address is verified.
    """
    said = delivery.quiet(reason)
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first() if notice_id is not None else None
    if notice is not None and notice.state in {NoticeState.SENT, NoticeState.QUEUED}:
        notice.state, notice.next_try_at, notice.last_error = NoticeState.FAILED, None, said
        notice.save(update_fields=["state", "next_try_at", "last_error"])
        delivery.log(notice, "notice.bounced", by)
    contact = _contact(notice, sender, address)
    if contact is None or contact.paused_at is not None or not dead:
        return contact
    contact.paused_at, contact.pause_reason = now(), said[:_LONGEST]
    contact.save(update_fields=["paused_at", "pause_reason"])
    record(verb="contact.paused", subject_type="contact", subject_id=contact.pk, by=by, data={"sender": contact.sender})
    return contact


@transaction.atomic
def resume(*, contact_id: int, by: Actor) -> bool:
    """Try a paused address again; if nothing gets through, it is paused anew. Returns whether it was paused."""
    if not Contact.objects.filter(pk=contact_id, paused_at__isnull=False).update(paused_at=None, pause_reason=""):
        return False
    record(verb="contact.resumed", subject_type="contact", subject_id=contact_id, by=by)
    return True


def _contact(notice: Notice | None, sender: str, address: str) -> Contact | None:
    locked = Contact.objects.select_for_update()
    if notice is not None and notice.contact_id is not None:
        return locked.filter(pk=notice.contact_id).first()
    plugin = SENDERS.find(sender)
    try:
        known_as = plugin.clean(address) if plugin else address
    except Invalid:
        return None
    return locked.filter(sender=sender, address=known_as).first()
