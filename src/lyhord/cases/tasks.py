"""What is done with cases by the clock."""

from django.tasks import task

from lyhord.cases.actions.drafts import forget_old_drafts
from lyhord.cases.actions.learn import train_suggestions
from lyhord.cases.actions.map_counts import compact_map_counts
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.schedule import daily
from lyhord.organisations.models import Organisation


@daily("03:20")
@task()
def train_all_suggestions() -> None:
    """Let each organisation's type suggestion learn from its own newest cases, never from another's."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            train_suggestions(by=Actor.system("suggestions"))


@daily("03:40")
@task()
def forget_drafts() -> None:
    """Forget what was begun and never sent."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_old_drafts()


@daily("03:50")
@task()
def compact_maps() -> None:
    """Sum the counts of the maps that the day has added to."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            compact_map_counts()
