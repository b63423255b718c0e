"""Sending what waits for other systems."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from django.tasks import task

from lyhord.core.clock import now
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import delivery, departure, inbox, lanes, systems
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Batch, Connection
from lyhord.exchange.delivery import Outgoing
from lyhord.exchange.departure import Lot
from lyhord.exchange.faults import fault_of
from lyhord.exchange.lanes import Turn
from lyhord.exchange.models import ChangeKind, Delivery, System, Webhook
from lyhord.exchange.wording import Outward
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.organisations.models import Organisation

LIMITS = Limits(most_bytes=2000, cut=True, seconds=10)
KEPT = timedelta(days=30)
STINT = 5.0  # seconds for which a job goes on with one case before others get the worker
MOMENT = 1.0  # seconds after which what was read to be sent is read anew
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
        deliver.using(run_after=whose.at).enqueue(organisation_id=organisation_id, delivery_id=whose.row_id)


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


def give_up_change(_error: str, *, organisation_id: int, outgoing_id: int) -> None:
    """The queue has given up: every run was begun and none ended."""
    with organisation_scope(organisation_id):
        push_turn(organisation_id, departure.give_up(outgoing_id, "crashed"))


@task(priority=BEHIND_OTHERS)
@job_options(max_attempts=5, one_waiting=True, on_dead=give_up_change)
def push(organisation_id: int, outgoing_id: int) -> None:
    """Try one change in a case system, and go on with those after it; in the end say whose turn it is.

    No transaction is open while the other end takes its time.
    """
    with organisation_scope(organisation_id):
        onward = departure.begin(outgoing_id)
        if not isinstance(onward, Lot):
            push_turn(organisation_id, onward)
    until = monotonic() + STINT
    while isinstance(onward, Lot):
        end = _send(organisation_id, onward)
        with organisation_scope(organisation_id):
            if end.error:
                onward = departure.did_not_arrive(end.tried.row_id, end.error, final=end.final, left=end.left)
            else:
                goes_on = monotonic() < until
                onward = departure.arrived(end.tried, end.remote, quick=end.quick, onward=goes_on, left=end.left)
            if not isinstance(onward, Lot):
                push_turn(organisation_id, onward)


@dataclass(frozen=True, slots=True)
class _End:
    """How far a lot came: the last that was tried and is not written down yet, how that went, and those not tried."""

    tried: Outward
    remote: str
    error: str
    final: bool
    quick: bool
    left: tuple[Outward, ...]


def _send(organisation_id: int, lot: Lot) -> _End:
    """Send them one after the other, until one fails, the next may not leave, or they were begun too long ago."""
    old = monotonic() + MOMENT
    for place, begun in enumerate(lot.changes, start=1):
        began, left = monotonic(), lot.changes[place:]
        remote, error, final = _do(begun)
        at = monotonic()
        if error or not left or at > old or not departure.follows(organisation_id, begun, left[0]):
            break
    return _End(begun, remote, error, final, at - began < lanes.QUICK, left)


def _do(begun: Outward) -> tuple[str, str, bool]:
    """What the errand is called there, if it was made; what went wrong, and whether for good."""
    adapter, remote = ADAPTERS.get(begun.system.adapter), ""
    try:
        change = begun.whole()
        if change.kind is ChangeKind.CREATE:
            remote = adapter.create(begun.connection, change)
        else:
            adapter.send(begun.connection, begun.remote_id, change, again=begun.again)
    except (AdapterError, OutwardError) as failed:
        return "", stored(failed), failed.permanent
    return remote, "", False


def push_turn(organisation_id: int, whose: Turn | list[Turn] | None) -> None:
    """Add the jobs of the changes whose turn it is, in the caller's transaction."""
    for one in whose if isinstance(whose, list) else [whose] if whose else []:
        push.using(run_after=one.at).enqueue(organisation_id=organisation_id, outgoing_id=one.row_id)


def check_broke(_error: str, *, organisation_id: int, system_id: int) -> None:
    """The queue has given up."""
    _checked(organisation_id, system_id, "crashed")


@task()
@job_options(max_attempts=1, one_waiting=True, on_dead=check_broke)
def check_system(organisation_id: int, system_id: int) -> None:
    """Try whether a system answers and has what we need, and keep what it said."""
    with organisation_scope(organisation_id):
        system = System.objects.filter(pk=system_id).first()
        if system is None:
            return
        connection = systems.connection_to(system)
    queues = sorted({queue for part in ("types", "handover") for queue in (system.mapping.get(part) or {}).values()})
    error = ""
    try:
        ADAPTERS.get(system.adapter).check(connection, queues)
    except (AdapterError, OutwardError) as failed:
        error = stored(failed)
    _checked(organisation_id, system_id, error)


def _checked(organisation_id: int, system_id: int, error: str) -> None:
    with organisation_scope(organisation_id):
        System.objects.filter(pk=system_id).update(checked_at=now(), check_error=error[:500])


def stored(failed: AdapterError | OutwardError) -> str:
    """What went wrong, as it is kept (faults.py)."""
    return failed.code if isinstance(failed, OutwardError) else str(failed)


@every(minutes=1)
@task()
def pull_all() -> None:
    """Ask every case system for news."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            for system in System.objects.filter(active=True):
                pull.enqueue(organisation_id=organisation_id, system_id=system.pk)


def pull_broke(_error: str, *, organisation_id: int, system_id: int) -> None:
    """Something in the news was more than we can bear: said on the system's page, and read again in a minute."""
    with organisation_scope(organisation_id):
        lanes.note_failure(system_id, "crashed")


@task(priority=BEHIND_OTHERS)
@job_options(max_attempts=1, one_waiting=True, on_dead=pull_broke)
def pull(organisation_id: int, system_id: int) -> None:
    """Read one system's news and do them here. The cursor moves with what has been done: a crash repeats nothing."""
    more = True
    while more:
        with organisation_scope(organisation_id):
            system = System.objects.filter(pk=system_id, active=True).first()
            if system is None or lanes.rests(system):
                return
            connection = systems.connection_for_news(system)
        try:
            more = _pull_page(organisation_id, system, connection)
        except inbox.Busy:
            return  # the cursor stands where it stood; in a minute they are read again
        except (AdapterError, OutwardError) as failed:
            with organisation_scope(organisation_id):
                lanes.note_failure(system_id, stored(failed))
            return


def _pull_page(organisation_id: int, system: System, connection: Connection) -> bool:
    adapter = ADAPTERS.get(system.adapter)
    batch = adapter.pull(connection, system.cursor) if system.cursor else Batch((), adapter.start(connection))
    for news in batch.news:
        with organisation_scope(organisation_id):
            wanted = inbox.wanted(system.pk, news)
        if wanted:
            try:
                whole = adapter.content(connection, news)
            except (AdapterError, OutwardError) as failed:
                if not failed.permanent:
                    raise
                with organisation_scope(organisation_id):
                    inbox.refuse(system.pk, news, " ".join(fault_of(stored(failed))).strip())
                continue
            with organisation_scope(organisation_id):
                push_turn(organisation_id, inbox.take(system.pk, whole))
    with organisation_scope(organisation_id):
        System.objects.filter(pk=system.pk).update(
            cursor=batch.cursor, pulled_at=now(), failures=0, failing_since=None, rest_until=None, last_error=""
        )
    return batch.more
