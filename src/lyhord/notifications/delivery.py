"""What happens to a notice on its way: each step writes its row in a transaction of its own, inside the scope."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.prepared import Prepared
from lyhord.core.text import clean_text
from lyhord.jobs.options import DELAYS
from lyhord.notifications import one_a_day
from lyhord.notifications.kind import kinds
from lyhord.notifications.models import Notice, NoticeState
from lyhord.notifications.quiet_hours import morning_after

PAUSED = "adressen är pausad"
STOPPED = "mottagaren har svarat STOPP"
MAX_ATTEMPTS = 10  # with the queue's delays about 26 hours
ERROR_LENGTH = 200
SYSTEM = Actor.system("notifications")

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']*@[^\s<>()\[\]:;,\"']*")


# Every mail takes these steps.
_LOCKED = Prepared(
    lambda pk: Notice.objects.select_for_update(of=("self",)).select_related("organisation", "contact").filter(pk=pk),
    pk=int,
)
_BEGUN = "update notifications_notice set attempts = %s where id = %s"
_SENT = "update notifications_notice set state = 'sent', sent_at = %s, next_try_at = null, last_error = ''"
_WITHOUT_WORDS = ", body = '', link = '', stop_link = '', reason = ''"
_ONCE = " where id = %s and state <> 'sent'"


@dataclass(frozen=True, slots=True)
class NotNow:
    """It is night and the contact wants to sleep, or it has had its news of the day."""

    until: datetime


def begin(notice_id: int) -> Notice | NotNow | None:
    """Count an attempt; None when there is nothing to send any more, or its address has been paused meanwhile."""
    notice = _lock(notice_id)
    if notice is None or notice.state != NoticeState.QUEUED:
        return None
    if (contact := notice.contact) is not None and (contact.stopped_at or contact.paused_at or contact.quiet):
        kind = kinds.get(notice.kind)
        if contact.stopped_at and not (kind and kind.despite_stop):
            stop(notice)
            notice.save(update_fields=["state", "next_try_at", "last_error", "body", "link", "stop_link", "reason"])
            return None
        if contact.paused_at and not (kind and kind.asks):
            notice.state, notice.next_try_at, notice.last_error = NoticeState.HELD, None, PAUSED
            notice.save(update_fields=["state", "next_try_at", "last_error"])
            return None
        morning = None if kind and (kind.asks or kind.at_once) else morning_after(now())
        if contact.quiet and morning:
            return NotNow(morning)
    if notice.contact_id is not None and (later := one_a_day.too_soon(notice)):
        kind = kinds.get(notice.kind)
        if not (kind and kind.news):
            return NotNow(later)  # a summary
        notice.state, notice.next_try_at, notice.last_error = NoticeState.HELD, None, one_a_day.WAITS
        notice.save(update_fields=["state", "next_try_at", "last_error"])
        return None
    notice.attempts += 1
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN, [notice.attempts, notice_id])
    return notice


def sent(notice_id: int, *, keep_words: bool) -> None:
    """It has left. The words are not kept: they hold the link that opens the case, and nobody needs them here."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT + ("" if keep_words else _WITHOUT_WORDS) + _ONCE, [now(), notice_id])


@transaction.atomic
def put_off(notice_id: int, *, error: str) -> None:
    """It did not leave, and will be tried again."""
    notice = _lock(notice_id)
    if notice is None or notice.state != NoticeState.QUEUED:
        return
    last = notice.attempts >= MAX_ATTEMPTS
    wait = timedelta(seconds=DELAYS[min(max(notice.attempts, 1), len(DELAYS)) - 1])
    notice.next_try_at = None if last else now() + wait
    notice.last_error = quiet(error)
    notice.save(update_fields=["next_try_at", "last_error"])


@transaction.atomic
def failed(notice_id: int, *, error: str = "") -> None:
    """It will not leave unless somebody resends it. Without `error` the last one stands."""
    notice = _lock(notice_id)
    if notice is None or notice.state != NoticeState.QUEUED:
        return
    notice.state, notice.next_try_at = NoticeState.FAILED, None
    notice.last_error = quiet(error) or notice.last_error
    notice.save(update_fields=["state", "next_try_at", "last_error"])
    log(notice, "notice.failed", SYSTEM)


@transaction.atomic
def dropped(notice_id: int, *, error: str) -> None:
    """Nobody is at the address any longer: it need not be sent, and staff need not look at it."""
    notice = _lock(notice_id)
    if notice is None or notice.state != NoticeState.QUEUED:
        return
    notice.state, notice.next_try_at, notice.last_error = NoticeState.CANCELLED, None, quiet(error)
    notice.body = notice.link = notice.stop_link = notice.reason = ""
    notice.save(update_fields=["state", "next_try_at", "last_error", "body", "link", "stop_link", "reason"])
    log(notice, "notice.cancelled", SYSTEM)


def stop(notice: Notice) -> None:
    """Let it be, since its reader wants nothing more; the caller saves it."""
    notice.state, notice.next_try_at, notice.last_error = NoticeState.CANCELLED, None, STOPPED
    notice.body = notice.link = notice.stop_link = notice.reason = ""


def log(notice: Notice, verb: str, by: Actor) -> None:
    """An event about what the notice is about, else about the notice; without address and words."""
    record(
        verb=verb,
        subject_type=notice.subject_type or "notice",
        subject_id=notice.subject_id or notice.pk,
        by=by,
        data={"notice": notice.pk, "kind": notice.kind, "attempts": notice.attempts},
        level=1,
    )


def quiet(error: str) -> str:
    """An error for the outbox: one short line, without the addresses that mail servers like to repeat."""
    return _ADDRESS.sub("…@…", clean_text(error, one_line=True))[:ERROR_LENGTH]


def _lock(notice_id: int) -> Notice | None:
    return _LOCKED.first(pk=notice_id)
