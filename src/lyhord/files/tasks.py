"""Upkeep of the file storage, and all that is done with one that is another machine's."""

from datetime import timedelta

from django.conf import settings
from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.files import staging, storage
from lyhord.files.sweep import sweep
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.organisations.models import Organisation


@daily("04:10")
@task()
def sweep_storage() -> None:
    """Remove stored pictures that no row names; drafts that were never sent go by the hour (`remove_unused_photos`)."""
    for organisation_id in list(Organisation.objects.values_list("pk", flat=True)):
        sweep(organisation_id=organisation_id, by=Actor.system("files"))


def not_moved(error: str, organisation_id: int, key: str) -> None:
    """The queue has given up, until the hourly look."""
    staging.note_failure(organisation_id, key, error)


@task()
@job_options(one_waiting=True, on_dead=not_moved, time_limit=timedelta(minutes=5))
def move_staged(organisation_id: int, key: str) -> None:
    """Move what waits under a key into the storage; nothing is open while the other machine takes its time."""
    if not staging.move(organisation_id, key):
        storage.delete(key)


@task()
@job_options(one_waiting=True, time_limit=timedelta(minutes=5))
def remove_stored(organisation_id: int, key: str) -> None:
    """Remove what lies under a key. What this never manages, the nightly sweep finds."""
    storage.delete(key)


@every(hours=1)
@task()
def move_what_waits() -> None:
    """Have moved what has not been: after an outage longer than the queue tries for."""
    if settings.S3 is None:
        return
    for organisation_id in list(Organisation.objects.values_list("pk", flat=True)):
        with organisation_scope(organisation_id):
            for key in staging.keys_waiting():
                move_staged.enqueue(organisation_id, key)
