"""News held for a contact, told together: one message in place of many.

What is gathered is what is held, found under the contact's lock: never what came between two points of time, since
an event may be committed after a later one has been told (ADR 14). Each notice is gathered in one message only, so
that gathering again finds nothing.
"""

from collections.abc import Sequence

from django.db import transaction

from lyhord.core.clock import now
from lyhord.notifications.actions import tell
from lyhord.notifications.kind import kinds
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.notices import Gathered
from lyhord.notifications.one_a_day import limited
from lyhord.notifications.slots import last_slot
from lyhord.notifications.tasks import deliver
from lyhord.organisations.models import Organisation


@transaction.atomic
def gather_if_due(contact_id: int) -> Notice | None:
    """Gather what has come due: the contact's own, or what it only follows, or both in one message."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id, paused_at=None).first()
    if contact is None:
        return None
    due: list[bool] = []
    news_rhythm = contact.news_rhythm
    if news_rhythm == Rhythm.NOW and contact.sender in limited():
        news_rhythm = Rhythm.DAY  # what came after the one of its day
    for news, rhythm, seen in (
        (False, contact.rhythm, contact.gathered_at),
        (True, news_rhythm, contact.news_gathered_at),
    ):
        if rhythm != Rhythm.NOW and (seen is None or seen < last_slot(rhythm, now())):
            due.append(news)
    if not due:
        return None
    if False in due:
        contact.gathered_at = last_slot(contact.rhythm, now())
    if True in due:
        contact.news_gathered_at = last_slot(news_rhythm, now())
    contact.save(update_fields=["gathered_at", "news_gathered_at"])
    return _gather(contact, due)


@transaction.atomic
def gather_now(contact_id: int, sorts: Sequence[bool] = (False, True)) -> Notice | None:
    """Tell all that is held, slot or no slot: the address works again, or its owner wants no more summaries.

    `sorts` says of what: the contact's own (False), what it only follows (True).
    """
    contact = Contact.objects.select_for_update().filter(pk=contact_id, paused_at=None).first()
    return _gather(contact, sorts) if contact else None


def _gather(contact: Contact, sorts: Sequence[bool]) -> Notice | None:
    """One message of what is held for a locked contact; None when nothing is. A single notice goes as it is."""
    waiting = Notice.objects.select_for_update().filter(contact_id=contact.pk, state=NoticeState.HELD)
    news = [slug for slug, kind in kinds.items() if kind.news]
    if True not in sorts:
        waiting = waiting.exclude(kind__in=news)
    elif False not in sorts:
        waiting = waiting.filter(kind__in=news)
    held = list(waiting.order_by("pk"))
    if len(held) < 2:
        Notice.objects.filter(pk__in=[notice.pk for notice in held]).update(state=NoticeState.QUEUED, last_error="")
        for notice in held:
            deliver.enqueue(organisation_id=contact.organisation_id, notice_id=notice.pk)
        return held[0] if held else None
    organisation = Organisation.objects.get(pk=contact.organisation_id)
    message = tell(Gathered(organisation=organisation, contact=contact, held=held), contact=contact, hold=False)
    words = {} if organisation.demo else {"body": "", "link": "", "stop_link": "", "reason": ""}
    Notice.objects.filter(pk__in=[notice.pk for notice in held]).update(
        state=NoticeState.GATHERED, gathered_in=message, sent_at=now(), last_error="", **words
    )
    return message
