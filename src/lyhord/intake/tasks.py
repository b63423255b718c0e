"""Upkeep of what comes in."""

from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import remove_unused
from lyhord.intake.linked_photos import PhotoFailed, give_up_link, keep_linked, photo_at, remember_failure
from lyhord.intake.models import LinkedPhoto
from lyhord.intake.rates import forget_old
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import every
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
