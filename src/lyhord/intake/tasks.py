"""Upkeep of what comes in."""

from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import remove_unused
from lyhord.intake.abuse import forget_old
from lyhord.jobs.schedule import every
from lyhord.organisations.models import Organisation


@every(minutes=10)
@task()
def forget_senders() -> None:
    """Delete the traces of senders once they are an hour old."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_old()


@every(hours=1)
@task()
def remove_unused_photos() -> None:
    """Delete pictures that were uploaded more than a day ago and never sent with anything."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            remove_unused(by=Actor.system("intake"))
