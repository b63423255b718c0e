"""The order, and how often: what webhooks and case systems have in common.

A lane is what must go one after the other: one webhook's messages about a case, or one system's changes of a case. A
later row waits for those before it; a change also for one that has failed for good, a message does not.

Exactly one job stands for each lane, that of its first row: it is added with the row when nothing waits before it, and
by the row before when that has left or been given up. Who adds a message locks those before it, so that one which
leaves at that very moment sees it.

A row is kept up for about three days: the queue's delays, and then every six hours. Whoever fails again and again is
left alone for a while, so that its time-outs do not hold up others.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from lyhord.core.clock import now
from lyhord.core.tenancy import TenantQuerySet
from lyhord.exchange.models import ChangeState, Delivery, DeliveryState, Link, Outgoing, System, Webhook
from lyhord.jobs.options import DELAYS

MAX_ATTEMPTS = 18
PATIENT = 3  # failures in a row before the other end is left alone for a while
PROVEN = timedelta(seconds=10)  # for so long whoever has done a change at once is asked by all who like
QUICK = 2.0  # seconds: at once
BUSY = timedelta(minutes=2)  # for which a case is held while a change of it is on its way: longer than any call
SOON = (0.3, 2)
SPREAD = (1, 15)  # seconds after which others ask again while one tries whether it answers
LONGEST_REST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which row is to be tried next; None: at once."""

    row_id: int
    at: datetime | None = None


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


def next_turn(link: Link) -> list[Turn]:
    """The change whose turn it is; later ones wait for it, also when it has failed for good."""
    lane = Outgoing.objects.filter(link=link, state__in=[ChangeState.WAITING, ChangeState.FAILED])
    first = lane.order_by("pk").first()
    return [Turn(first.pk, first.next_try_at)] if first and first.state == ChangeState.WAITING else []


def idle_turn(link: Link) -> list[Turn]:
    """As `next_turn`, but for a lane that somebody stands for already: a change of it is on its way right now."""
    return [] if link.busy_until and link.busy_until > now() else next_turn(link)


def is_proven(system: System) -> bool:
    """Whether we know that it answers at once."""
    return not system.failures and system.proven_at is not None and system.proven_at > now() - PROVEN


def doubt(link: Link) -> datetime | None:
    """When to ask again, for a system of which we do not know that it answers at once and that somebody asks already.

    So one that is slow or dead holds one worker, not all of them, whoever else waits.
    """
    system, at = link.system, now()
    if is_proven(system):
        return None
    list(System.objects.select_for_update(of=("self",), no_key=True).filter(pk=system.pk).values_list("pk"))
    others = Link.objects.filter(system=system, busy_until__gt=at).exclude(pk=link.pk)
    first = others.order_by("busy_until").values_list("busy_until", flat=True).first()
    if first is None:
        return None
    soon = at - (first - BUSY) < timedelta(seconds=QUICK)  # it has not been slow yet, and may answer at any moment
    return at + timedelta(seconds=random.uniform(*(SOON if soon else SPREAD)))  # noqa: S311  # spreads load


def proof_is_old(system: System) -> bool:
    """Whether it is time to write down that it answers at once."""
    return system.proven_at is None or system.proven_at < now() - PROVEN / 4


def next_try(attempts: int) -> datetime:
    """When a row that has been tried so often is tried again."""
    return now() + timedelta(seconds=DELAYS[min(max(attempts, 1), len(DELAYS)) - 1])


def rests(there: Webhook | System) -> datetime | None:
    """Until when nobody is called there, because it has failed again and again."""
    return there.rest_until if there.rest_until and there.rest_until > now() else None


def count_failure(there: Webhook | System) -> None:
    """One more try has failed there. The caller saves it, and has it locked."""
    there.failures += 1
    there.failing_since = there.failing_since or now()
    if there.failures >= PATIENT:
        there.rest_until = now() + min(timedelta(seconds=30 * 2 ** min(there.failures - PATIENT, 10)), LONGEST_REST)


def note_failure(system_id: int, error: str) -> None:
    """A system that fails again and again is left alone for a while, so that its time-outs do not hold up others."""
    system = System.objects.select_for_update(of=("self",)).get(pk=system_id)
    count_failure(system)
    system.last_error = error[:500]
    system.save(update_fields=["failures", "failing_since", "rest_until", "last_error"])
