"""Putting notices into the outbox, again, and taking them out."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.rows import insert
from lyhord.core.text import clean_text
from lyhord.notifications import delivery
from lyhord.notifications.kind import NoticeKind
from lyhord.notifications.models import Notice, NoticeState
from lyhord.notifications.sender import SENDERS, SenderError
from lyhord.notifications.tasks import deliver


@transaction.atomic(savepoint=False)  # the callers are in one already, and nothing here is caught half-way
def queue(kind: NoticeKind, *, address: str, sender: str = "email") -> Notice:
    """Write a notice in the caller's transaction, and the job that sends it; the same news again is the same notice.

    Never fails for the address's sake, since what is told about must be saved: a notice to an address that cannot
    be one is `failed` from the start, where staff see it.
    """
    about_type, about_id = kind.about
    notice = Notice(
        organisation_id=kind.organisation.pk,
        kind=kind.slug,
        sender=sender,
        address=clean_text(address, one_line=True)[:254],
        language=kind.language,
        subject=kind.subject()[:200],
        body=kind.body(),
        link=kind.link,
        stop_link=kind.stop_link,
        subject_type=about_type,
        subject_id=about_id,
        private=kind.private,
        created_at=now(),
        dedupe_key=kind.dedupe_key,
    )
    if not insert(notice, unless_taken=("organisation_id", "dedupe_key")):
        return Notice.objects.get(dedupe_key=kind.dedupe_key)
    try:
        SENDERS.get(sender).check(address)
    except SenderError as error:
        delivery.failed(notice.pk, error=str(error))
        notice.refresh_from_db()
    else:
        deliver.enqueue(organisation_id=notice.organisation_id, notice_id=notice.pk)
    return notice


@transaction.atomic
def resend(*, notice_id: int, by: Actor) -> Notice:
    """Try a failed notice again, from the beginning. Conflict when it has not failed (any longer)."""
    notice = _lock(notice_id)
    if notice.state != NoticeState.FAILED:
        raise Conflict(_("Det här meddelandet är redan skickat eller på väg."))
    delivery.log(notice, "notice.resent", by)
    notice.state, notice.attempts, notice.next_try_at = NoticeState.QUEUED, 0, None
    notice.save(update_fields=["state", "attempts", "next_try_at"])
    deliver.enqueue(organisation_id=notice.organisation_id, notice_id=notice.pk)
    return notice


@transaction.atomic
def cancel(*, notice_id: int, by: Actor) -> Notice:
    """Take a notice that has not left out of the outbox. Conflict when it has left."""
    notice = _lock(notice_id)
    if notice.state == NoticeState.CANCELLED:
        return notice
    if notice.state == NoticeState.SENT:
        raise Conflict(_("Det här meddelandet har redan skickats."))
    notice.state, notice.next_try_at = NoticeState.CANCELLED, None
    notice.save(update_fields=["state", "next_try_at"])
    delivery.log(notice, "notice.cancelled", by)
    return notice


def _lock(notice_id: int) -> Notice:
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice
