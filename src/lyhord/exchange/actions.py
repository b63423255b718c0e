"""Changes to webhooks, and sending again what did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now, zone
from lyhord.core.errors import Conflict, Invalid, NotFound, Text
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.exchange import lanes
from lyhord.exchange.addresses import wrong_with
from lyhord.exchange.events import EVENTS, PING, SHARED
from lyhord.exchange.lanes import Turn
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from lyhord.exchange.tasks import turn

MOST = 20
NAME_LENGTH = 80
OLD_SECRET_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookValues:
    """What an administrator says about a webhook."""

    name: str
    url: str
    events: Collection[str]
    shares: Collection[str] = ()
    active: bool = True


@transaction.atomic
def add_webhook(*, values: WebhookValues, by: Actor) -> Webhook:
    """A new one; it is told what happens from now on. Raises Invalid with a sentence per field."""
    if Webhook.objects.count() >= MOST:
        raise Invalid({"": _("Det finns redan så många som det kan finnas.")})
    webhook = Webhook(organisation_id=require_organisation_id(), started_at=now(), created_at=now())
    _set(webhook, values)
    webhook.save()
    _log(webhook, "added", by, events=webhook.events, shares=webhook.shares)
    return webhook


@transaction.atomic
def change_webhook(*, webhook_id: int, values: WebhookValues, by: Actor) -> Webhook:
    """Other values. Switched off, it is not told what waits either; on again, what happens from then on.

    Raises Invalid with a sentence per field.
    """
    webhook = _lock(webhook_id)
    before = {name: getattr(webhook, name) for name in ("name", "events", "shares", "active")}
    if values.active and not webhook.active:
        webhook.started_at = now()
    _set(webhook, values)
    webhook.save()
    if not webhook.active:
        lanes.waiting(webhook.pk).update(state=DeliveryState.CANCELLED, next_try_at=None)
    _log(webhook, "changed", by, before=before, after={name: getattr(webhook, name) for name in before})
    return webhook


@transaction.atomic
def remove_webhook(*, webhook_id: int, by: Actor) -> None:
    """Forget it with all that it was told."""
    webhook = _lock(webhook_id)
    _log(webhook, "removed", by)
    Webhook.objects.filter(pk=webhook.pk).delete()


@transaction.atomic
def change_secret(*, webhook_id: int, by: Actor) -> Webhook:
    """A new secret. For a day messages are signed by the one before too, so that the subscriber can change in peace."""
    webhook = _lock(webhook_id)
    webhook.secret_version += 1
    webhook.old_secret_until = now() + OLD_SECRET_KEPT
    webhook.save(update_fields=["secret_version", "old_secret_until"])
    _log(webhook, "secret_changed", by)
    return webhook


@transaction.atomic
def resume(*, webhook_id: int, by: Actor) -> Webhook:
    """Go on with one that was paused: what waits is sent, with all its tries anew. Conflict when it is not paused."""
    webhook = _lock(webhook_id)
    if webhook.paused_at is None:
        raise Conflict(_("Den här webhooken är inte pausad."))
    webhook.paused_at = webhook.failing_since = webhook.rest_until = None
    webhook.failures = 0
    webhook.save(update_fields=["paused_at", "failing_since", "rest_until", "failures"])
    _log(webhook, "resumed", by)
    lanes.waiting(webhook.pk).update(attempts=0, next_try_at=None)
    for delivery_id in lanes.firsts(webhook):
        turn(webhook.organisation_id, Turn(delivery_id))
    return webhook


@transaction.atomic
def ping(*, webhook_id: int, by: Actor) -> Delivery:
    """Send a message that says nothing, to see that it arrives. Conflict while paused."""
    webhook = _lock(webhook_id)
    if webhook.paused_at:
        raise Conflict(_("Den här webhooken är pausad. Fortsätt först."))
    delivery = Delivery.objects.create(webhook=webhook, type=PING, happened_at=now(), created_at=now())
    _log(webhook, "pinged", by)
    turn(webhook.organisation_id, Turn(delivery.pk))
    return delivery


@transaction.atomic
def resend(*, delivery_id: int, by: Actor) -> Delivery:
    """Send one again, by the same id, whether or not it arrived. Conflict when it is on its way or was stopped."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    webhook = _lock(delivery.webhook_id)
    if not _again(webhook, [delivery_id]):
        raise Conflict(_("Det här meddelandet är på väg, eller stoppat."))
    _log(webhook, "resent", by, count=1)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def resend_failed(*, webhook_id: int, by: Actor) -> int:
    """Send all again that did not arrive; returns how many."""
    webhook = _lock(webhook_id)
    failed = Delivery.objects.filter(webhook=webhook, state=DeliveryState.FAILED)
    count = _again(webhook, list(failed.order_by("pk").values_list("pk", flat=True)))
    _log(webhook, "resent", by, count=count)
    return count


@transaction.atomic
def replay(*, webhook_id: int, since: date, by: Actor) -> int:
    """Send all of a day and the days after it again, in their order, also what arrived; returns how many.

    For a subscriber that has lost what it was told. Each has the id that it had, and says what is so today.
    """
    webhook = _lock(webhook_id)
    first = datetime.combine(since, time(), zone())
    told = Delivery.objects.filter(webhook=webhook, state__in=_ENDED, created_at__gte=first, case_id__isnull=False)
    count = _again(webhook, list(told.order_by("pk").values_list("pk", flat=True)))
    _log(webhook, "replayed", by, count=count, since=str(since))
    return count


_ENDED = (DeliveryState.SENT, DeliveryState.FAILED)


def _again(webhook: Webhook, delivery_ids: list[int]) -> int:
    """Let some wait once more. A job stands for the first of each lane; it may stand for a later one already."""
    ended = Delivery.objects.filter(pk__in=delivery_ids, state__in=_ENDED)
    locked = list(ended.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=locked).update(state=DeliveryState.WAITING, attempts=0, next_try_at=None)
    if not webhook.paused_at:
        for delivery_id in sorted(set(locked).intersection(lanes.firsts(webhook))):
            turn(webhook.organisation_id, Turn(delivery_id))
    return len(locked)


def _set(webhook: Webhook, values: WebhookValues) -> None:
    errors: dict[str, Text] = {}
    name, url = clean_text(values.name, one_line=True), values.url.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        errors["name"] = _("Skriv vad det andra systemet heter, med högst 80 tecken.")
    if sentence := wrong_with(url):
        errors["url"] = sentence
    if not values.events or not set(values.events) <= set(EVENTS):
        errors["events"] = _("Välj vad systemet ska få veta.")
    if not set(values.shares) <= set(SHARED):
        errors["shares"] = _("Välj något i listan.")
    if errors:
        raise Invalid(errors)
    webhook.name, webhook.url, webhook.active = name, url, values.active
    webhook.events = [event for event in EVENTS if event in values.events]
    webhook.shares = [share for share in SHARED if share in values.shares]


def _lock(webhook_id: int) -> Webhook:
    webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def _log(webhook: Webhook, verb: str, by: Actor, **data: object) -> None:
    record(
        verb=f"webhook.{verb}",
        subject_type="webhook",
        subject_id=webhook.pk,
        by=by,
        data={"name": webhook.name, **data},
    )
