"""What happens to a message on its way: each step inside the scope, in a transaction that also says whose turn it is.

How often it is tried says lanes.py. A subscriber that has failed for a day is paused, and the administrators are told.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from lyhord.accounts.models import Membership
from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.http import Answer
from lyhord.core.text import clean_text
from lyhord.exchange import lanes, signing
from lyhord.exchange.events import PING
from lyhord.exchange.lanes import MAX_ATTEMPTS, Turn
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from lyhord.exchange.notices import WebhookPaused
from lyhord.exchange.payload import body_of
from lyhord.notifications.actions import queue

GONE = 410  # "do not send here any more", says the standard
MANY, LONG = 20, timedelta(days=1)  # as many failures, for as long, without one success: paused
ANSWER_LENGTH = 500
SYSTEM = Actor.system("webhooks")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message, ready to be sent."""

    url: str
    headers: dict[str, str]
    body: bytes


def begin(delivery_id: int) -> Outgoing | Turn | None:
    """Count a try and make the message; else whose turn it is instead, or None when there is nothing to do."""
    delivery = _locked(delivery_id)
    if delivery is None or delivery.webhook.paused_at:
        return None
    webhook = delivery.webhook
    if not lanes.is_first(delivery):
        return None  # the one before it says when it is time
    rest = lanes.rests(webhook)
    if rest and delivery.type != PING:
        return Turn(delivery.pk, rest)
    body = body_of(delivery, webhook)
    if body is None:
        delivery.state, delivery.next_try_at = DeliveryState.CANCELLED, None
        delivery.save(update_fields=["state", "next_try_at"])
        return _next(delivery)
    delivery.attempts += 1
    delivery.body = body.decode()
    delivery.save(update_fields=["attempts", "body"])
    return Outgoing(webhook.url, signing.headers(delivery.uid, now(), body, secrets(webhook)), body)


def secrets(webhook: Webhook) -> list[str]:
    """The secrets that its messages are signed by today, the newest first."""
    versions = [webhook.secret_version]
    if webhook.old_secret_until and webhook.old_secret_until > now():
        versions.append(webhook.secret_version - 1)
    return [signing.secret_for(settings.SECRET_KEY.encode(), webhook.uid, version) for version in versions]


def arrived(delivery_id: int, answer: Answer) -> Turn | None:
    """The subscriber said yes."""
    delivery = _locked(delivery_id)
    if delivery is None:
        return None
    delivery.state, delivery.sent_at, delivery.next_try_at, delivery.error = DeliveryState.SENT, now(), None, ""
    _note(delivery, answer)
    delivery.save(update_fields=["state", "sent_at", "next_try_at", "error", "status", "answer"])
    if delivery.webhook.failures:
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0, failing_since=None, rest_until=None)
    return _next(delivery)


def did_not_arrive(delivery_id: int, error: str, answer: Answer | None = None, *, final: bool = False) -> Turn | None:
    """A try failed: one more later, unless it was the last or `final`. `error` is a code of core.http or "status"."""
    delivery = _locked(delivery_id)
    if delivery is None:
        return None
    _note(delivery, answer)
    delivery.error = error
    last = final or delivery.attempts >= MAX_ATTEMPTS
    delivery.next_try_at = None if last else lanes.next_try(delivery.attempts)
    if last:
        delivery.state = DeliveryState.FAILED
    delivery.save(update_fields=["state", "next_try_at", "error", "status", "answer"])
    if last:
        data = {"type": delivery.type, "number": delivery.number, "attempts": delivery.attempts}
        record(
            verb="webhook.failed", subject_type="webhook", subject_id=delivery.webhook_id, by=SYSTEM, data=data, level=1
        )
    _count_failure(delivery.webhook_id, gone=answer is not None and answer.status == GONE)
    return _next(delivery) if last else Turn(delivery.pk, delivery.next_try_at)


def _count_failure(webhook_id: int, *, gone: bool) -> None:
    webhook = Webhook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=webhook_id)
    lanes.count_failure(webhook)
    webhook.save(update_fields=["failures", "failing_since", "rest_until"])
    long = webhook.failures >= MANY and now() - (webhook.failing_since or now()) >= LONG
    if (long or gone) and not webhook.paused_at:
        _pause(webhook)


def _pause(webhook: Webhook) -> None:
    """Nothing more is sent until somebody resumes; what happens meanwhile is kept."""
    webhook.paused_at = now()
    webhook.save(update_fields=["paused_at"])
    record(verb="webhook.paused", subject_type="webhook", subject_id=webhook.pk, by=SYSTEM, data={"name": webhook.name})
    administrators = Membership.objects.filter(role="administrator", active=True).select_related("user")
    for member in administrators.order_by("pk"):
        notice = WebhookPaused(organisation=webhook.organisation, webhook=webhook, member=member)
        queue(notice, address=member.user.email)


def _note(delivery: Delivery, answer: Answer | None) -> None:
    """What the subscriber said, for the log: its beginning, as plain text."""
    delivery.status = answer.status if answer else None
    said = answer.body.decode("utf-8", "replace") if answer else ""
    delivery.answer = clean_text(said)[:ANSWER_LENGTH]


def _next(delivery: Delivery) -> Turn | None:
    after = lanes.next_after(delivery)
    return Turn(after) if after else None


def _locked(delivery_id: int) -> Delivery | None:
    """The message, if it waits, locked until the transaction ends."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("webhook__organisation")
    return rows.filter(pk=delivery_id, state=DeliveryState.WAITING).first()
