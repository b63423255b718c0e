"""Upkeep of what is followed."""

from django.tasks import task

from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.following.queries import ANSWER_WITHIN
from lyhord.jobs.schedule import daily
from lyhord.organisations.models import Organisation


@daily("03:20")
@task()
def forget_unconfirmed() -> None:
    """Forget addresses whose owners never said yes: they are not ours to keep."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            Follow.objects.filter(confirmed_at__isnull=True, created_at__lt=now() - ANSWER_WITHIN).delete()
