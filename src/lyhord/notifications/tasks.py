"""Sending what stands in the outbox."""

from itertools import batched

from django.tasks import task

from lyhord.core.tenancy import TenantQuerySet, organisation_scope
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.notifications import delivery
from lyhord.notifications.models import Contact, Notice, NoticeState, Rhythm
from lyhord.notifications.one_a_day import limited
from lyhord.notifications.pausing import address_bounced
from lyhord.notifications.sender import SENDERS, AddressGone, SenderError
from lyhord.organisations.models import Organisation


def give_up(_error: str, *, organisation_id: int, notice_id: int) -> None:
    """The queue has given up: the notice is failed, with the last reason it was given."""
    with organisation_scope(organisation_id):
        delivery.failed(notice_id)


@task()
@job_options(max_attempts=delivery.MAX_ATTEMPTS, on_dead=give_up)
def deliver(organisation_id: int, notice_id: int) -> None:
    """Send one notice; does nothing when it has been sent, has failed or was cancelled.

    Two transactions with the network between them: none is open while the other end takes its time. A crash after
    the other end said yes means that it gets the notice again, with the same Message-ID.
    """
    with organisation_scope(organisation_id):
        notice = delivery.begin(notice_id)
    if isinstance(notice, delivery.NotNow):
        deliver.using(run_after=notice.until).enqueue(organisation_id=organisation_id, notice_id=notice_id)
        return
    if notice is None:
        return
    try:
        SENDERS.get(notice.sender).send(notice)
    except AddressGone as error:
        with organisation_scope(organisation_id):
            delivery.dropped(notice_id, error=str(error))
    except SenderError as error:
        with organisation_scope(organisation_id):
            if error.permanent:
                delivery.failed(notice_id, error=str(error))
                if error.bounced:
                    _pause(notice, str(error))
                return
            delivery.put_off(notice_id, error=str(error))
        # Without the cause and without addresses: the queue keeps what it sees.
        raise SenderError(delivery.quiet(str(error))) from None
    except Exception as error:
        with organisation_scope(organisation_id):
            delivery.put_off(notice_id, error=type(error).__name__)
        raise
    else:
        with organisation_scope(organisation_id):
            delivery.sent(notice_id, keep_words=notice.organisation.demo)


def _pause(notice: Notice, said: str) -> None:
    """Nobody is there: the same as when a message comes back."""
    address_bounced(address=notice.address, sender=notice.sender, reason=said, by=delivery.SYSTEM, notice_id=notice.pk)


def _with_summaries_to_come() -> TenantQuerySet[Contact]:
    """A contact once for each notice that is held for it."""
    held = Contact.objects.filter(notices__state=NoticeState.HELD, paused_at=None)
    return held.exclude(rhythm=Rhythm.NOW, news_rhythm=Rhythm.NOW, sender__in=_told_at_once())


def _told_at_once() -> list[str]:
    waits = limited()
    return [sender.slug for sender in SENDERS if sender.slug not in waits]


@every(minutes=20)
@task()
def gather_all() -> None:
    """Have the summaries made that are due, an organisation at a time; often, so that none waits for a lost morning."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            if _with_summaries_to_come().exists():
                gather.enqueue(organisation_id)


@task()
@job_options(one_waiting=True)
def gather(organisation_id: int) -> None:
    """Make the summaries of one organisation's contacts, some hundreds in each transaction."""
    from lyhord.notifications.gathering import BATCH, gather_due

    with organisation_scope(organisation_id):
        ids = list(_with_summaries_to_come().order_by("pk").values_list("pk", flat=True).distinct())
    for some in batched(ids, BATCH):
        with organisation_scope(organisation_id):
            gather_due(some)


@task()
@job_options(one_waiting=True)
def release(organisation_id: int, contact_id: int) -> None:
    """Tell what was held for an address that is tried again."""
    from lyhord.notifications.gathering import gather_now

    with organisation_scope(organisation_id):
        gather_now(contact_id)


@daily("03:30")
@task()
def forget_old_codes() -> None:
    """Codes that nobody can use any more."""
    from lyhord.notifications.one_time import forget_codes

    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_codes()
