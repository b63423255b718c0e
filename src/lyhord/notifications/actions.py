"""Putting notices into the outbox, again, and taking them out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Left, Replace
from django.utils.translation import gettext_lazy as _

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.rows import insert, insert_many
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import clean_text
from lyhord.jobs.many import enqueue_many
from lyhord.notifications import delivery
from lyhord.notifications.kind import NoticeKind
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.pausing import address_bounced, resume
from lyhord.notifications.quiet_hours import morning_after
from lyhord.notifications.sender import SENDERS, SenderError
from lyhord.notifications.tasks import deliver, release

__all__ = [
    "address_bounced",
    "cancel",
    "drop",
    "drop_kind",
    "heard_from",
    "make_private",
    "move_notices",
    "queue",
    "resend",
    "tell",
    "tell_many",
]

LONGEST_SUBJECT = 200
BEHIND_OTHERS = -10
"""The priority of what goes to thousands: a receipt to one does not wait for it."""


@transaction.atomic(savepoint=False)  # the callers are in one already, and nothing here is caught half-way
def queue(kind: NoticeKind, *, address: str, sender: str = "email") -> Notice:
    """Write a notice in the caller's transaction, and the job that sends it; the same news again is the same notice.

    For addresses that are the house's own: residents are told by their contacts (`tell`). Never fails for the
    address's sake, since what is told about must be saved: a notice to an address that cannot be one is `failed`
    from the start, where staff see it.
    """
    return _put(_notice(kind, sender, address), address)


@transaction.atomic(savepoint=False)
def tell(kind: NoticeKind, *, contact: Contact, hold: bool = True) -> Notice:
    """As `queue`, to somebody's contact and as they want it.

    What is not urgent is held for the contact's next summary, or until morning. To a paused address nothing goes but
    the question whether it works again: the rest is held until it does. Without `hold` it is no news of its own but
    the summary, and is not held for another.
    """
    notice, not_before = _to_contact(kind, contact, hold=hold)
    return _put(notice, contact.address, not_before=not_before)


@transaction.atomic(savepoint=False)
def tell_many(
    letters: Sequence[tuple[NoticeKind, Contact]], *, priority: int = BEHIND_OTHERS, hold: bool = True
) -> list[Notice]:
    """As `tell`, many at once: a few statements for all, and behind what is sent to one. Returns those that are new."""
    queued: dict[str, datetime | None] = {}
    notices = []
    for kind, contact in letters:
        notice, not_before = _to_contact(kind, contact, hold=hold)
        _fail_if_wrong(notice, contact.address)
        queued[notice.dedupe_key] = not_before
        notices.append(notice)
    made = insert_many(notices, unless_taken=("organisation_id", "dedupe_key"))
    calls: dict[datetime | None, list[dict[str, Any]]] = {}
    for notice in made:
        if notice.state == NoticeState.FAILED:
            delivery.log(notice, "notice.failed", delivery.SYSTEM)
        elif notice.state == NoticeState.QUEUED:
            call = {"organisation_id": notice.organisation_id, "notice_id": notice.pk}
            calls.setdefault(queued[notice.dedupe_key], []).append(call)
    for run_after, same in calls.items():
        organisation_id = same[0]["organisation_id"]
        enqueue_many(deliver, same, organisation_id=organisation_id, priority=priority, run_after=run_after)
    return made


def _to_contact(kind: NoticeKind, contact: Contact, *, hold: bool) -> tuple[Notice, datetime | None]:
    """The notice as the contact wants it, and when it may leave at the earliest."""
    urgent = kind.asks or kind.at_once
    rhythm = contact.news_rhythm if kind.news else contact.rhythm
    notice = _notice(kind, contact.sender, contact.address)
    notice.contact_id = contact.pk
    if contact.stopped_at and not kind.despite_stop:
        delivery.stop(notice)
    elif contact.paused_at and not kind.asks:
        notice.state, notice.last_error = NoticeState.HELD, delivery.PAUSED
    elif hold and rhythm != Rhythm.NOW and not urgent:
        notice.state = NoticeState.HELD
    return notice, morning_after(now()) if contact.quiet and not urgent else None


def _notice(kind: NoticeKind, sender: str, address: str) -> Notice:
    about_type, about_id = kind.about
    plugin = SENDERS.find(sender)
    return Notice(
        organisation_id=kind.organisation.pk,
        kind=kind.slug,
        sender=sender,
        address=clean_text(address, one_line=True)[:254],
        language=kind.language,
        subject=kind.subject()[:LONGEST_SUBJECT],
        body=kind.brief() if plugin and plugin.brief else kind.body(),
        link=kind.link,
        stop_link=kind.stop_link,
        reason=kind.reason[:300],
        reply_to=kind.reply_to[:320] if sender == "email" else "",
        thread=" ".join(kind.thread)[:600] if sender == "email" else "",
        subject_type=about_type,
        subject_id=about_id,
        private=kind.private,
        created_at=now(),
        dedupe_key=kind.dedupe_key,
    )


def _put(notice: Notice, address: str, *, not_before: datetime | None = None) -> Notice:
    """Write it, and the job that sends it; one that no sender could carry is failed instead."""
    _fail_if_wrong(notice, address)
    if not insert(notice, unless_taken=("organisation_id", "dedupe_key")):
        return Notice.objects.get(dedupe_key=notice.dedupe_key)
    if notice.state == NoticeState.FAILED:
        delivery.log(notice, "notice.failed", delivery.SYSTEM)
    elif notice.state == NoticeState.QUEUED:
        job = deliver.using(run_after=not_before) if not_before else deliver
        job.enqueue(organisation_id=notice.organisation_id, notice_id=notice.pk)
    return notice


def _fail_if_wrong(notice: Notice, address: str) -> None:
    if notice.state == NoticeState.QUEUED and (wrong := wrong_with(notice.sender, address)):
        notice.state, notice.last_error = NoticeState.FAILED, wrong


def wrong_with(sender: str, address: str) -> str:
    """Why nothing can be sent there, in a short line for staff; "" when it can."""
    plugin = SENDERS.find(sender)
    try:
        if plugin is None:
            raise SenderError("den vägen ut finns inte", permanent=True)
        plugin.check(address)
    except SenderError as error:
        return delivery.quiet(str(error)) or type(error).__name__
    return ""


@transaction.atomic
def resend(*, notice_id: int, by: Actor) -> Notice:
    """Try a failed notice again, from the beginning. Conflict when it has not failed, or its words are gone.

    Whoever presses has reason to think that it will arrive: a paused address is tried again, and what was held for it
    follows.
    """
    notice = _lock(notice_id)
    if notice.state != NoticeState.FAILED:
        raise Conflict(_("Det här meddelandet är redan skickat eller på väg."))
    if not notice.body:
        raise Conflict(_("Det här meddelandet lämnade oss, men kom tillbaka. Det går inte att skicka igen."))
    delivery.log(notice, "notice.resent", by)
    notice.state, notice.attempts, notice.next_try_at = NoticeState.QUEUED, 0, None
    notice.save(update_fields=["state", "attempts", "next_try_at"])
    deliver.enqueue(organisation_id=notice.organisation_id, notice_id=notice.pk)
    if notice.contact_id is not None and resume(contact_id=notice.contact_id, by=by):
        release.enqueue(organisation_id=notice.organisation_id, contact_id=notice.contact_id)
    return notice


@transaction.atomic
def cancel(*, notice_id: int, by: Actor) -> Notice:
    """Take a notice that has not left out of the outbox. Conflict when it has left."""
    notice = _lock(notice_id)
    if notice.state == NoticeState.CANCELLED:
        return notice
    if notice.state in {NoticeState.SENT, NoticeState.GATHERED}:
        raise Conflict(_("Det här meddelandet har redan skickats."))
    notice.state, notice.next_try_at = NoticeState.CANCELLED, None
    notice.save(update_fields=["state", "next_try_at"])
    delivery.log(notice, "notice.cancelled", by)
    return notice


@transaction.atomic
def drop(*, contact_id: int, subject_type: str, subject_id: int, by: Actor) -> int:
    """Take out what waits to tell a contact of a subject: its owner wants no more. Returns how many notices.

    The caller's own event says why, so none is added here.
    """
    return _take_out(Notice.objects.filter(contact_id=contact_id, subject_type=subject_type, subject_id=subject_id))


@transaction.atomic(savepoint=False)
def drop_kind(*, contact_id: int, kind: str, by: Actor) -> int:
    """The same for everything of a kind, whatever it is about."""
    return _take_out(Notice.objects.filter(contact_id=contact_id, kind=kind))


@transaction.atomic(savepoint=False)
def drop_about(*, subject_type: str, subject_id: int, kind: str, by: Actor) -> int:
    """The same for everything of a kind about a subject, whomever it is for: it is shown no more."""
    return _take_out(Notice.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=kind))


@transaction.atomic(savepoint=False)
def reword(*, subject_type: str, subject_id: int, kind: str, old: str, new: str, by: Actor) -> None:
    """Put other words in place of some in what waits to be told: they were corrected before it left."""
    waiting = Notice.objects.filter(
        subject_type=subject_type,
        subject_id=subject_id,
        kind=kind,
        state__in=[NoticeState.QUEUED, NoticeState.HELD],
    )
    waiting.update(
        subject=Left(Replace("subject", Value(old), Value(new)), LONGEST_SUBJECT),
        body=Replace("body", Value(old), Value(new)),
    )


@transaction.atomic(savepoint=False)
def move_notices(*, subject_type: str, subject_id: int, to_id: int, by: Actor) -> None:
    """What notices are about has become part of something else; the caller's own event says so."""
    Notice.objects.filter(subject_type=subject_type, subject_id=subject_id).update(subject_id=to_id)


def _take_out(notices: TenantQuerySet[Notice]) -> int:
    waiting = notices.filter(state__in=[NoticeState.QUEUED, NoticeState.HELD])
    return waiting.update(state=NoticeState.CANCELLED, next_try_at=None, body="", link="", stop_link="", reason="")


@transaction.atomic
def make_private(*, subject_type: str, subject_id: int, by: Actor) -> int:
    """Whom they went to and what they are about is for those only who may see the subject.

    What was about to leave to residents is taken out, since its words were written before the subject was private;
    returns how many notices that was, so that the caller can say something else instead.
    """
    about = Notice.objects.filter(subject_type=subject_type, subject_id=subject_id)
    waiting = about.filter(state__in=[NoticeState.QUEUED, NoticeState.HELD], contact__isnull=False)
    taken_out = waiting.update(state=NoticeState.CANCELLED, next_try_at=None, body="", link="", stop_link="", reason="")
    about.filter(private=False).update(private=True, subject="")
    return taken_out


@transaction.atomic
def heard_from(*, sender: str, address: str, by: Actor) -> bool:
    """Somebody has written to us from an address: if it was paused, it is tried again. Returns whether it was."""
    contact = Contact.objects.filter(sender=sender, address=address, paused_at__isnull=False).first()
    if contact is None or not resume(contact_id=contact.pk, by=by):
        return False
    release.enqueue(organisation_id=contact.organisation_id, contact_id=contact.pk)
    return True


def _lock(notice_id: int) -> Notice:
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice
