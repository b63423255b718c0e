"""News held for contacts, told together: one message to each in place of many.

What is gathered is what is held, found under the contact's lock: never what came between two points of time, since
an event may be committed after a later one has been told (ADR 14). Each notice is gathered in one message only, so
that gathering again finds nothing. Many contacts are taken in one transaction, a few statements for all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from lyhord.core.clock import now
from lyhord.jobs.many import enqueue_many
from lyhord.notifications.actions import BEHIND_OTHERS, tell_many
from lyhord.notifications.kind import kinds
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.notices import Gathered, Summaries
from lyhord.notifications.one_a_day import limited
from lyhord.notifications.slots import last_slot
from lyhord.notifications.tasks import deliver
from lyhord.organisations.models import Organisation

BATCH = 500
"""So many contacts at once: their notices are in memory meanwhile, and wait for nobody else."""

_GATHERED = """
update notifications_notice as held set state = 'gathered', gathered_in_id = told.message, sent_at = %s, last_error = ''
"""
_WITHOUT_WORDS = ", body = '', link = '', stop_link = '', reason = ''"
_THESE = " from unnest(%s::bigint[], %s::bigint[]) as told(notice, message) where held.id = told.notice"


def gather_if_due(contact_id: int) -> Notice | None:
    """Gather what has come due: the contact's own, or what it only follows, or both in one message."""
    return next(iter(gather_due([contact_id])), None)


@transaction.atomic
def gather_due(contact_ids: Sequence[int]) -> list[Notice]:
    """The same for many contacts at once; returns what goes to them."""
    found = Contact.objects.select_for_update().filter(pk__in=contact_ids, paused_at=None).order_by("pk")
    due: list[tuple[Contact, list[bool]]] = []
    slots: dict[tuple[str, datetime], list[int]] = {}
    for contact in found:
        passed = _passed(contact)
        for news, slot in passed.items():
            slots.setdefault(("news_gathered_at" if news else "gathered_at", slot), []).append(contact.pk)
        if passed:
            due.append((contact, list(passed)))
    for (field, slot), whose in slots.items():
        Contact.objects.filter(pk__in=whose).update(**{field: slot})
    return _gather(due)


@transaction.atomic
def gather_now(contact_id: int, sorts: Sequence[bool] = (False, True)) -> Notice | None:
    """Tell all that is held, slot or no slot: the address works again, or its owner wants no more summaries.

    `sorts` says of what: the contact's own (False), what it only follows (True).
    """
    contact = Contact.objects.select_for_update().filter(pk=contact_id, paused_at=None).first()
    return next(iter(_gather([(contact, sorts)])), None) if contact else None


def _passed(contact: Contact) -> dict[bool, datetime]:
    """The slots that have come and not been used: of its own (False), of what it only follows (True)."""
    news_rhythm = contact.news_rhythm
    if news_rhythm == Rhythm.NOW and contact.sender in limited():
        news_rhythm = Rhythm.DAY  # what came after the one of its day
    passed = {}
    for news, rhythm, seen in (
        (False, contact.rhythm, contact.gathered_at),
        (True, news_rhythm, contact.news_gathered_at),
    ):
        if rhythm != Rhythm.NOW and (seen is None or seen < last_slot(rhythm, now())):
            passed[news] = last_slot(rhythm, now())
    return passed


def _gather(due: Sequence[tuple[Contact, Sequence[bool]]]) -> list[Notice]:
    """One message of what is held for each locked contact; a single notice goes as it is."""
    held = _held(due)
    if not held:
        return []
    organisation = Organisation.objects.get(pk=due[0][0].organisation_id)
    alone = [rows[0] for rows in held.values() if len(rows) == 1]
    Notice.objects.filter(pk__in=[notice.pk for notice in alone]).update(state=NoticeState.QUEUED, last_error="")
    calls = [{"organisation_id": organisation.pk, "notice_id": notice.pk} for notice in alone]
    enqueue_many(deliver, calls, organisation_id=organisation.pk, priority=BEHIND_OTHERS)
    known = Summaries()
    letters = [
        (Gathered(organisation=organisation, contact=contact, held=held[contact.pk], known=known), contact)
        for contact, _sorts in due
        if len(held.get(contact.pk, ())) > 1
    ]
    made = tell_many(letters, hold=False)
    if len(made) < len(letters):  # one was there already
        made = list(Notice.objects.filter(dedupe_key__in=[kind.dedupe_key for kind, _contact in letters]))
    messages = {notice.contact_id or 0: notice for notice in made}
    _are_in(held, messages, keep_words=organisation.demo)
    return [*alone, *messages.values()]


def _held(due: Sequence[tuple[Contact, Sequence[bool]]]) -> dict[int, list[Notice]]:
    """What is held for each, oldest first."""
    wanted = {contact.pk: sorts for contact, sorts in due}
    held: dict[int, list[Notice]] = {}
    waiting = Notice.objects.select_for_update().filter(contact_id__in=list(wanted), state=NoticeState.HELD)
    for notice in waiting.defer("body", "stop_link", "reply_to", "thread").order_by("pk"):
        kind, whose = kinds.get(notice.kind), notice.contact_id or 0
        if (kind is not None and kind.news) in wanted[whose]:
            held.setdefault(whose, []).append(notice)
    return held


def _are_in(held: Mapping[int, Iterable[Notice]], messages: Mapping[int, Notice], *, keep_words: bool) -> None:
    """Each has been told in its contact's message; its words are not kept."""
    pairs = [(notice.pk, message.pk) for whose, message in messages.items() for notice in held[whose]]
    if pairs:
        with connection.cursor() as cursor:
            sql = _GATHERED + ("" if keep_words else _WITHOUT_WORDS) + _THESE
            cursor.execute(sql, [now(), [pk for pk, _ in pairs], [pk for _, pk in pairs]])
