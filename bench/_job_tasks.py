"""What the measured workers run."""

from django.tasks import task


@task()
def nothing() -> None:
    """Costs what a job costs at the least."""
