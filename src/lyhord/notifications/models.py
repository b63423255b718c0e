"""The outbox: everything that must leave is first a row here."""

from uuid import uuid4

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


class PushSubscription(TenantModel):
    """A browser that may be told of news (Web Push): where to post, and what to lock the message with.

    Its `uid` is the address that a notice to it has. Known by its endpoint, so that a browser that asks again for
    another case is the same one. Deleted when the browser's service says that it is gone; what it follows goes along.
    """

    uid = models.UUIDField(default=uuid4)
    endpoint = models.CharField(max_length=2000)
    digest = models.BinaryField(max_length=32)  # SHA-256 of the endpoint
    key = models.BinaryField(max_length=65)  # the browser's public key ("p256dh")
    secret = models.BinaryField(max_length=16)  # shared with the browser ("auth")
    created_at = models.DateTimeField()

    objects = TenantQuerySet["PushSubscription"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="push_subscription_once"),
            models.UniqueConstraint(fields=["organisation", "uid"], name="push_subscription_uid"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
