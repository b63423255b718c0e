"""Who wants to be told, and everything that they are or were to be told; case systems, and what goes to and fro."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lyhord.cases.models import Case
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


class System(TenantModel):
    """A case system of the organisation's own. Off until somebody switches it on; `secret` is sealed (core/sealed.py).

    `mapping` is data: {"types": {code or "*": queue}, "handover": the same, for when
    somebody says so, "states_out": {state: word}, "states_in": {word: state},
    "people": {their name: e-mail here}}. What is missing is as the adapter says.
    """

    uid = models.UUIDField(default=uuid4)
    name = models.CharField(max_length=80)
    adapter = models.CharField(max_length=30)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    mapping = models.JSONField(default=dict)
    active = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)  # what happened before is not sent
    created_at = models.DateTimeField()
    cursor = models.CharField(max_length=200, blank=True)  # how far their news is read; the adapter's own words
    pulled_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # tries that failed, since one last succeeded
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)  # as faults.py reads it
    sent_at = models.DateTimeField(null=True)  # when something last arrived there, to the minute
    heard_at = models.DateTimeField(null=True)  # when something last came from there, to the minute
    checked_at = models.DateTimeField(null=True)
    check_error = models.CharField(max_length=500, blank=True)  # as faults.py reads it; "" when all was well
    proven_at = models.DateTimeField(null=True)  # when it last did at once what it was told, to a few seconds
    knocked_at = models.DateTimeField(null=True)  # when it last said that there is news, to the minute
    knock_secret = models.TextField(blank=True)  # theirs, sealed; "": ours (knocks.py)
    knock_version = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet["System"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="system_name")]

    def __str__(self) -> str:
        return self.name


class Link(TenantModel):
    """A case and what it is called in a case system; "" until it has come there."""

    system = TenantForeignKey(System, models.CASCADE, related_name="links")
    case = TenantForeignKey(Case, models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    linked_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)  # a change is on its way: their news waits
    busy_by = models.BigIntegerField(default=0)  # the job that brings it

    objects = TenantQuerySet["Link"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "case", "system"], name="link_once"),
            models.UniqueConstraint(
                fields=["organisation", "system", "remote_id"], condition=~Q(remote_id=""), name="link_remote"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "system"], condition=~Q(busy_until=None), name="link_busy")]

    def __str__(self) -> str:
        return self.remote_id


class ChangeKind(models.TextChoices):
    """What a change is; the values are stored."""

    CREATE = "create"
    PUBLIC = "public"  # our answer to the resident
    RESIDENT = "resident"  # what the resident says
    INTERNAL = "internal"  # among staff
    STATE = "state"
    OWNER = "owner"


class ChangeState(models.TextChoices):
    """How far a change has come. `failed` is final until somebody sends it again or gives it up."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"  # given up, or its case has become secret
    OVERTAKEN = "overtaken"  # the other side changed the same thing later
    ECHO = "echo"  # it came from there


class Outgoing(TenantModel):
    """A change on its way to a case system. Those of one link go one after the other, in the order of their ids."""

    link = TenantForeignKey(Link, models.CASCADE, related_name="outgoing")
    event_id = models.BigIntegerField(null=True)  # of the log; null: said once more, so that both sides agree
    kind = models.CharField(max_length=10, choices=ChangeKind)
    message_id = models.BigIntegerField(null=True)
    photo_id = models.BigIntegerField(null=True)  # a picture that came after what it belongs to
    value = models.CharField(max_length=200, blank=True)  # the state, or the officer's e-mail
    until = models.DateField(null=True)  # of a state that has a date
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects = TenantQuerySet["Outgoing"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "link", "event_id", "kind"], name="outgoing_once")
        ]
        indexes = [
            models.Index(F("organisation"), F("link"), F("id"), condition=Q(state="waiting"), name="outgoing_lane"),
            models.Index(F("organisation"), F("link"), F("id"), condition=Q(state="failed"), name="outgoing_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Incoming(TenantModel):
    """Something that came from a case system, by the name it has there: the same twice is one."""

    class Outcome(models.TextChoices):
        """What became of it."""

        APPLIED = "applied"
        NOTHING = "nothing"  # we knew, or it is no concern of ours
        OVERTAKEN = "overtaken"  # we changed the same thing later
        REFUSED = "refused"  # it does not go here; `reason` says why

    link = TenantForeignKey(Link, models.CASCADE, related_name="incoming")
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    value = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=500, blank=True)

    objects = TenantQuerySet["Incoming"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "link", "key"], name="incoming_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
