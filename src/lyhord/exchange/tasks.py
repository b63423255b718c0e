"""Sending what waits for other systems."""

from datetime import timedelta

from django.tasks import task

from lyhord.core.clock import now
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import delivery, lanes
from lyhord.exchange.delivery import Outgoing, Turn
from lyhord.exchange.models import Delivery, Webhook
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily
from lyhord.organisations.models import Organisation

LIMITS = Limits(most_bytes=2000, cut=True, seconds=10)
KEPT = timedelta(days=30)
BEHIND_OTHERS = -10  # a slow subscriber may hold a worker for LIMITS.seconds: mail goes first


def give_up(_error: str, *, organisation_id: int, delivery_id: int) -> None:
    """The queue has given up: every run was begun and none ended."""
    with organisation_scope(organisation_id):
        turn(organisation_id, delivery.did_not_arrive(delivery_id, "broken", final=True))


@task(priority=BEHIND_OTHERS)
@job_options(max_attempts=5, one_waiting=True, on_dead=give_up)
def deliver(organisation_id: int, delivery_id: int) -> None:
    """Try one message, and say whose turn it is next.

    No transaction is open while the other end takes its time. A crash after it said yes means that it gets the
    message again, with the same webhook-id.
    """
    with organisation_scope(organisation_id):
        begun = delivery.begin(delivery_id)
        if not isinstance(begun, Outgoing):
            turn(organisation_id, begun)
            return
    error, answer = "", None
    try:
        answer = fetch(begun.url, limits=LIMITS, method="POST", headers=begun.headers, content=begun.body)
    except OutwardError as failed:
        error = failed.code
    with organisation_scope(organisation_id):
        if answer is not None and answer.fine:
            turn(organisation_id, delivery.arrived(delivery_id, answer))
        else:
            gone = answer is not None and answer.status == delivery.GONE
            turn(organisation_id, delivery.did_not_arrive(delivery_id, error or "status", answer, final=gone))


def turn(organisation_id: int, whose: Turn | None) -> None:
    """Add the job of the message whose turn it is, in the caller's transaction."""
    if whose is not None:
        deliver.using(run_after=whose.at).enqueue(organisation_id=organisation_id, delivery_id=whose.delivery_id)


@daily("03:50")
@task()
def forget_deliveries() -> None:
    """Delete what is older than 30 days, arrived or not: a log for mending, no archive. And let no lane stand still."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            Delivery.objects.filter(created_at__lt=now() - KEPT).delete()
            for webhook in Webhook.objects.filter(active=True, paused_at__isnull=True):
                for delivery_id in lanes.firsts(webhook):
                    turn(organisation_id, Turn(delivery_id))
