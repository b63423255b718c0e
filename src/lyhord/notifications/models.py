"""The outbox: everything that must leave is first a row here."""

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class NoticeState(models.TextChoices):
    """Where a notice is. `failed` is final until somebody resends it."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Notice(TenantModel):
    """One message to one address, written in the transaction that caused it."""

    kind = models.CharField(max_length=60)  # slug of the NoticeKind
    sender = models.CharField(max_length=20)  # slug of the sender plug-in: email
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=500, blank=True)
    stop_link = models.CharField(max_length=500, blank=True)  # where the address's owner says "no more"
    private = models.BooleanField(default=False)  # about somebody protected, or a unit that keeps its cases to itself
    subject_type = models.CharField(max_length=30, blank=True)  # what it is about: "case"
    subject_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=160)

    objects = TenantQuerySet["Notice"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "dedupe_key"], name="notice_once")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="notice_newest"),
            models.Index(fields=["organisation", "subject_type", "subject_id"], name="notice_subject"),
            models.Index(fields=["organisation", "-id"], condition=models.Q(state="failed"), name="notice_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
