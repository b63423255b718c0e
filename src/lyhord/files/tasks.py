"""Upkeep of the file storage."""

from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.files.sweep import sweep
from lyhord.jobs.schedule import daily
from lyhord.organisations.models import Organisation


@daily("04:10")
@task()
def sweep_storage() -> None:
    """Remove stored pictures that no row names; drafts that were never sent go by the hour (`remove_unused_photos`)."""
    for organisation_id in list(Organisation.objects.values_list("pk", flat=True)):
        sweep(organisation_id=organisation_id, by=Actor.system("files"))
