"""Upkeep of what comes in."""

from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import remove_unused
from lyhord.intake.arrivals import forget_originals, mark_failed
from lyhord.intake.handling import handle_mail
from lyhord.intake.linked_photos import PhotoFailed, give_up_link, keep_linked, photo_at, remember_failure
from lyhord.intake.models import Arrival, LinkedPhoto
from lyhord.intake.page_messages import handle_page_message
from lyhord.intake.rates import forget_old
from lyhord.intake.text_messages import handle_text
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.organisations.models import Organisation

SYSTEM = Actor.system("intake")


def give_up(_error: str, *, organisation_id: int, link_id: int) -> None:
    """The queue has given up."""
    with organisation_scope(organisation_id):
        give_up_link(link_id=link_id, by=SYSTEM)


@task()
@job_options(max_attempts=6, on_dead=give_up)
def fetch_photo(organisation_id: int, link_id: int) -> None:
    """Fetch a picture that came as an address. No transaction is open while the other machine takes its time."""
    with organisation_scope(organisation_id):
        link = LinkedPhoto.objects.filter(pk=link_id).first()
    if link is None:
        return
    try:
        data = photo_at(link.url)
        with organisation_scope(organisation_id):
            keep_linked(link_id=link_id, data=data, by=SYSTEM)
    except PhotoFailed as failed:
        with organisation_scope(organisation_id):
            remember_failure(link_id=link_id, code=failed.code)
        raise


def fail(_error: str, *, organisation_id: int, arrival_id: int) -> None:
    """The queue has given up: somebody has to look."""
    with organisation_scope(organisation_id):
        mark_failed(arrival_id=arrival_id, reason="broken", by=SYSTEM)


@task()
@job_options(max_attempts=6, on_dead=fail)
def handle_arrival(organisation_id: int, arrival_id: int) -> None:
    """Make of a mail or an SMS what it is to become."""
    with organisation_scope(organisation_id):
        channel = Arrival.objects.filter(pk=arrival_id).values_list("channel", flat=True).first()
    if channel == "email":
        handle_mail(organisation_id=organisation_id, arrival_id=arrival_id)
    elif channel == "sms":
        handle_text(organisation_id=organisation_id, arrival_id=arrival_id)
    elif channel == "facebook":
        handle_page_message(organisation_id=organisation_id, arrival_id=arrival_id)


@daily("03:20")
@task()
def forget_old_originals() -> None:
    """Delete the originals of what was handled long ago."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_originals()


@every(minutes=10)
@task()
def forget_senders() -> None:
    """Delete the counts of who does how much once they count no longer."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_old()


@every(hours=1)
@task()
def remove_unused_photos() -> None:
    """Delete pictures that were uploaded more than a day ago and never sent with anything."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            remove_unused(by=SYSTEM)
