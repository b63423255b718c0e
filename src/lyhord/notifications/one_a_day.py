"""At most one message of news a day by senders that say so: what comes after it waits for the next morning's summary.

A day goes from seven to seven, as summaries do. What was about to leave counts as told, so that two workers never send
two; what failed does not.
"""

from datetime import datetime

from django.db.models import Q

from lyhord.core.clock import now
from lyhord.notifications.kind import kinds
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.sender import SENDERS
from lyhord.notifications.slots import last_slot, next_morning

WAITS = "högst ett om dagen"


def limited() -> list[str]:
    """The slugs of such senders."""
    return [sender.slug for sender in SENDERS if sender.one_news_a_day]


def too_soon(notice: Notice) -> datetime | None:
    """Until when a notice that has not been tried must wait, since its reader has had news today; None: it may leave.

    In the caller's transaction, with the contact held to its end.
    """
    plugin = SENDERS.find(notice.sender)
    if plugin is None or not plugin.one_news_a_day or notice.attempts:
        return None
    if not Notice.objects.filter(_is_news(), pk=notice.pk).exists():
        return None
    contact = Contact.objects.select_for_update().get(pk=notice.contact_id or 0)
    told = Notice.objects.filter(_is_news(), contact_id=contact.pk).exclude(pk=notice.pk)
    today = last_slot(Rhythm.DAY, now())
    left = Q(state=NoticeState.SENT, sent_at__gte=today) | Q(state=NoticeState.QUEUED, attempts__gt=0)
    if not told.filter(left).exists():
        return None
    if contact.news_gathered_at is None or contact.news_gathered_at < today:
        contact.news_gathered_at = today  # today's has been told
        contact.save(update_fields=["news_gathered_at"])
    return next_morning(now())


def _is_news() -> Q:
    """News, and summaries that have any."""
    news = [slug for slug, kind in kinds.items() if kind.news]
    return Q(kind__in=news) | Q(gathered__kind__in=news)
