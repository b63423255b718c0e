"""The order: of one webhook's messages about one case, a later one waits for those before it.

Exactly one job stands for each lane, that of its first message: it is added with the message when nothing waits
before it, and by the message before when that has left or been given up. Who adds a message locks those before it, so
that one which leaves at that very moment sees it.
"""

from datetime import datetime

from django.db.models import Min

from lyhord.core.tenancy import TenantQuerySet
from lyhord.exchange.models import Delivery, DeliveryState, Webhook


def waiting(webhook_id: int) -> TenantQuerySet[Delivery]:
    """What waits to leave."""
    return Delivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)


def is_first(delivery: Delivery) -> bool:
    """Whether nothing waits before it. Locks what does."""
    if delivery.case_id is None:
        return True
    before = waiting(delivery.webhook_id).filter(case_id=delivery.case_id, pk__lt=delivery.pk)
    return not list(before.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def next_after(delivery: Delivery) -> int | None:
    """The message whose turn it is when this one, which no longer waits, is out of the way."""
    if delivery.case_id is None:
        return None
    after = waiting(delivery.webhook_id).filter(case_id=delivery.case_id).order_by("pk")
    return after.values_list("pk", flat=True).first()


def firsts(webhook: Webhook) -> list[int]:
    """The first message of each lane."""
    lanes = waiting(webhook.pk).filter(case_id__isnull=False).values("case_id").annotate(first=Min("pk"))
    tests = waiting(webhook.pk).filter(case_id__isnull=True).values_list("pk", flat=True)
    return sorted([*(lane["first"] for lane in lanes), *tests])


def held(webhook: Webhook, moment: datetime) -> datetime | None:
    """Until when nobody is called there, because it has failed again and again."""
    return webhook.rest_until if webhook.rest_until and webhook.rest_until > moment else None
