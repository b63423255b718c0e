"""The queue and the schedule: two tables without walls, since a worker serves every organisation."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    """Where a job stands. A job that is done is deleted, unless KEEP_DONE asks for it to be kept a while."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(models.Model):
    """One call of a task that waits, runs, or has failed for good.

    Written by `store.py` alone; the ORM only reads it. `attempts` counts the runs begun, and together with
    `worker` says whose run it is: a worker that has lost its lease can no longer finish the job.
    `organisation_id` is for showing only: a task enters its organisation's scope by itself.
    """

    task = models.CharField(max_length=200)  # dotted path of the Task
    args = models.JSONField(db_default=models.Value([], models.JSONField()))
    kwargs = models.JSONField(db_default=models.Value({}, models.JSONField()))
    queue = models.CharField(max_length=40, db_default="default")
    priority = models.SmallIntegerField(db_default=0)
    state = models.CharField(max_length=7, choices=JobState, db_default=JobState.READY)
    run_after = models.DateTimeField(db_default=Now())
    attempts = models.SmallIntegerField(db_default=0)
    max_attempts = models.SmallIntegerField(db_default=8)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, db_default="")
    last_error = models.TextField(db_default="")
    enqueued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    unique_key = models.CharField(max_length=300, null=True)
    organisation_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(F("priority").desc(), F("run_after"), F("id"), name="job_waiting", condition=Q(state="ready")),
            models.Index(F("lease_until"), name="job_leased", condition=Q(state="running")),
            models.Index(F("finished_at"), name="job_finished", condition=Q(state__in=["done", "dead"])),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                name="job_only_one_waiting",
                condition=Q(state="ready", unique_key__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk} {self.state}"


class Schedule(models.Model):
    """When a scheduled task is next due. What is scheduled, and how often, is declared in code (`schedule.py`)."""

    task = models.CharField(max_length=200, primary_key=True)
    rule = models.CharField(max_length=40)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.task} {self.rule}"
