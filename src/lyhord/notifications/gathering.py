"""News held for a contact, told together: one message in place of many.

What is gathered is what is held, found under the contact's lock: never what came between two points of time, since
an event may be committed after a later one has been told (ADR 14). Each notice is gathered in one message only, so
that gathering again finds nothing.
"""

from datetime import datetime, time, timedelta

from django.db import transaction

from lyhord.core.clock import local, now, zone
from lyhord.notifications.actions import tell
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.notices import Gathered
from lyhord.notifications.tasks import deliver
from lyhord.organisations.models import Organisation

SUMMARIES_AT = time(7)
_MONDAY = 0


def last_slot(rhythm: str, moment: datetime) -> datetime:
    """When the latest summary of that rhythm was due: today's or yesterday's 07:00, or that of the latest Monday."""
    here = local(moment)
    day = here.date() if here.time() >= SUMMARIES_AT else here.date() - timedelta(days=1)
    if rhythm == Rhythm.WEEK:
        day -= timedelta(days=(day.weekday() - _MONDAY) % 7)
    return datetime.combine(day, SUMMARIES_AT, zone())


@transaction.atomic
def gather_if_due(contact_id: int) -> Notice | None:
    """Gather, unless the contact's latest slot has been seen to already."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id, paused_at=None).first()
    if contact is None or contact.rhythm == Rhythm.NOW:
        return None
    slot = last_slot(contact.rhythm, now())
    if contact.gathered_at is not None and contact.gathered_at >= slot:
        return None
    contact.gathered_at = slot
    contact.save(update_fields=["gathered_at"])
    return _gather(contact)


@transaction.atomic
def gather_now(contact_id: int) -> Notice | None:
    """Tell all that is held, slot or no slot: the address works again, or its owner wants no more summaries."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id, paused_at=None).first()
    return _gather(contact) if contact else None


def _gather(contact: Contact) -> Notice | None:
    """One message of what is held for a locked contact; None when nothing is. A single notice goes as it is."""
    held = list(Notice.objects.select_for_update().filter(contact_id=contact.pk, state=NoticeState.HELD).order_by("pk"))
    if len(held) < 2:
        Notice.objects.filter(pk__in=[notice.pk for notice in held]).update(state=NoticeState.QUEUED, last_error="")
        for notice in held:
            deliver.enqueue(organisation_id=contact.organisation_id, notice_id=notice.pk)
        return held[0] if held else None
    organisation = Organisation.objects.get(pk=contact.organisation_id)
    message = tell(Gathered(organisation=organisation, contact=contact, held=held), contact=contact, hold=False)
    words = {} if organisation.demo else {"body": "", "link": "", "stop_link": ""}
    Notice.objects.filter(pk__in=[notice.pk for notice in held]).update(
        state=NoticeState.GATHERED, gathered_in=message, sent_at=now(), last_error="", **words
    )
    return message
