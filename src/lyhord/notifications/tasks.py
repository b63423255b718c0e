"""Sending what stands in the outbox."""

from django.tasks import task

from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.options import job_options
from lyhord.notifications import delivery
from lyhord.notifications.sender import SENDERS, AddressGone, SenderError


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
