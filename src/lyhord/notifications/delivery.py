"""What happens to a notice on its way: each step writes its row in a transaction of its own, inside the scope."""

import re
from datetime import timedelta

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.text import clean_text
from lyhord.jobs.options import DELAYS
from lyhord.notifications.models import Notice, NoticeState

MAX_ATTEMPTS = 10  # with the queue's delays about 26 hours
ERROR_LENGTH = 200
SYSTEM = Actor.system("notifications")

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']*@[^\s<>()\[\]:;,\"']*")


def begin(notice_id: int) -> Notice | None:
    """Count an attempt; None when there is nothing to send any more."""
    notice = _lock(notice_id)
    if notice is None or notice.state != NoticeState.QUEUED:
        return None
    notice.attempts += 1
    notice.save(update_fields=["attempts"])
    return notice


@transaction.atomic
def sent(notice_id: int, *, keep_words: bool) -> None:
    """It has left. The words are not kept: they hold the link that opens the case, and nobody needs them here."""
    notice = _lock(notice_id)
    if notice is None or notice.state == NoticeState.SENT:
        return
    notice.state, notice.sent_at = NoticeState.SENT, now()
    notice.next_try_at, notice.last_error = None, ""
    if not keep_words:
        notice.body = notice.link = notice.stop_link = ""
    notice.save()


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
    return Notice.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=notice_id).first()
