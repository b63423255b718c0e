"""Who wants to be told, and everything that they are or were to be told."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Webhook(TenantModel):
    """An address of another system. Its secret is derived from `uid` and `secret_version` (signing.py), never stored.

    `active` is what the administrator has chosen; `paused_at` says that we hold what waits, until somebody resumes.
    """

    uid = models.UUIDField(default=uuid4)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)  # ["case.registered"]: events.EVENTS
    shares = models.JSONField(default=list)  # ["texts"]: events.SHARED
    active = models.BooleanField(default=True)
    started_at = models.DateTimeField()  # what happened before is not told
    created_at = models.DateTimeField()
    secret_version = models.PositiveIntegerField(default=1)
    old_secret_until = models.DateTimeField(null=True)  # until then, signed by the secret before too
    failures = models.PositiveIntegerField(default=0)  # tries that failed, since one last succeeded
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)  # nobody is called until then: it would only fail again
    paused_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Webhook"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "uid"], name="webhook_uid")]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """How far a message has come. `failed` is final until somebody sends it again."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"  # its case has become secret, or is gone


class Delivery(TenantModel):
    """One message to one subscriber. Those of one case go one after the other, in the order of their ids."""

    webhook = TenantForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    uid = models.UUIDField(default=uuid4)  # the webhook-id: the same however often it is sent
    type = models.CharField(max_length=40)
    event_id = models.BigIntegerField(null=True)  # of the log; null: a test
    case_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    change = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    body = models.TextField(blank=True)  # as it was last sent
    status = models.PositiveSmallIntegerField(null=True)  # what the subscriber last answered
    answer = models.CharField(max_length=500, blank=True)  # and how that began
    error = models.CharField(max_length=20, blank=True)  # code of core.http, or "status"

    objects = TenantQuerySet["Delivery"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "webhook", "event_id"], name="delivery_once")]
        indexes = [
            models.Index(F("organisation"), F("webhook"), F("id").desc(), name="delivery_newest"),
            models.Index(
                F("organisation"),
                F("webhook"),
                F("case_id"),
                F("id"),
                condition=Q(state="waiting"),
                name="delivery_lane",
            ),
            models.Index(
                F("organisation"), F("webhook"), F("id").desc(), condition=Q(state="failed"), name="delivery_failed"
            ),
            models.Index(F("organisation"), F("created_at"), name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.state}"
