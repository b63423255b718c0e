"""Reading webhooks and the log of what they were told."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.http import SENTENCES
from lyhord.core.kept import kept
from lyhord.exchange.models import Delivery, DeliveryState, Webhook

PAGE = 50

STATE_LABELS: dict[DeliveryState, Promise] = {
    DeliveryState.WAITING: _("Väntar"),
    DeliveryState.SENT: _("Framme"),
    DeliveryState.FAILED: _("Kom inte fram"),
    DeliveryState.CANCELLED: _("Stoppat"),
}


def has_webhooks() -> bool:
    """Whether anybody is to be told at all: every change of a case asks, and mostly the answer is no."""
    return kept("webhooks", lambda: Webhook.objects.filter(active=True).exists())


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook with how it goes."""

    webhook: Webhook
    waiting: int
    failed: int
    last_sent_at: datetime | None


def webhook_rows() -> list[WebhookRow]:
    """All of them, by name; in one query."""
    rows = Webhook.objects.annotate(
        n_waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        n_failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
        last=Max("deliveries__sent_at"),
    ).order_by("name", "pk")
    return [WebhookRow(row, row.n_waiting, row.n_failed, row.last) for row in rows]


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """One page of the log, newest first; `next_before` is the `before` of the next, None on the last."""

    rows: list[Delivery]
    next_before: int | None


def delivery_page(webhook: Webhook, *, failed: bool = False, before: int | None = None) -> DeliveryPage:
    """What the subscriber was told, or was to be."""
    found = Delivery.objects.filter(webhook=webhook).order_by("-pk")
    if failed:
        found = found.filter(state=DeliveryState.FAILED)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    return DeliveryPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def why(delivery: Delivery) -> str:
    """Why the last try failed, in words; "" when it did not."""
    if delivery.error == "status":
        return str(_("Svaret var %(status)s.") % {"status": delivery.status})
    return str(SENTENCES.get(delivery.error, ""))
