"""The queue's own upkeep."""

from datetime import timedelta

from django.db.models import Q
from django.tasks import default_task_backend, task

from lyhord.core.clock import now
from lyhord.jobs.models import Job, JobState
from lyhord.jobs.schedule import daily

DEAD_KEPT = timedelta(days=90)


@daily("03:10")
@task()
def tidy() -> None:
    """Delete jobs that have been dead for 90 days, and jobs done that were kept for their time."""
    kept = timedelta(seconds=default_task_backend.options.get("KEEP_DONE", 0))
    dead = Q(state=JobState.DEAD, finished_at__lt=now() - DEAD_KEPT)
    done = Q(state=JobState.DONE, finished_at__lt=now() - kept)
    Job.objects.filter(dead | done).delete()
