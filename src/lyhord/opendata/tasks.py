"""Making large files."""

from django.tasks import task

from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily
from lyhord.opendata import prepared
from lyhord.organisations.models import Organisation


def give_up(_error: str, *, organisation_id: int, file_id: int) -> None:
    """The queue has given up."""
    prepared.give_up(organisation_id=organisation_id, file_id=file_id)


@task()
@job_options(max_attempts=3, on_dead=give_up, one_waiting=True)
def make_file(organisation_id: int, file_id: int) -> None:
    """Make a file that somebody wants."""
    prepared.make(organisation_id=organisation_id, file_id=file_id)


@daily("03:40")
@task()
def tidy_files() -> None:
    """Forget files that nobody wants any more, and make the others anew."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        for file_id in prepared.tidy(organisation_id=organisation_id):
            make_file.enqueue(organisation_id=organisation_id, file_id=file_id)
