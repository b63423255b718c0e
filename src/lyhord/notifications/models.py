"""Whom we reach and where (contacts), and the outbox: everything that must leave is first a row there."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Rhythm(models.TextChoices):
    """How often a contact hears from us: at once, or what there is to say gathered once a day or once a week.

    Of one's own cases at once, unless one wants otherwise; of what is decided, once a day.
    """

    NOW = "now"
    DAY = "day"
    WEEK = "week"


class Contact(TenantModel):
    """One way to one person: a mail address, a telephone, a browser. What it hears of is said by those who tell it.

    Nobody's account: who holds the address holds the contact. `token` opens its page and is only ever sent to the
    address itself.
    """

    sender = models.CharField(max_length=20)  # slug of the sender plug-in: email, sms, push
    address = models.CharField(max_length=254)  # as the sender's `clean` has it; for push a digest of the subscription
    language = models.CharField(max_length=10, default="sv")
    token = models.UUIDField(default=uuid4, unique=True)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)  # its owner has shown that it is theirs
    paused_at = models.DateTimeField(null=True)  # nothing gets through: nothing is sent until it is verified anew
    pause_reason = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True)  # its owner answered STOPP: nothing at all is sent until START
    rhythm = models.CharField(max_length=5, choices=Rhythm, default=Rhythm.NOW)
    quiet = models.BooleanField(default=False)  # nothing between 21 and 07
    news_rhythm = models.CharField(max_length=5, choices=Rhythm, default=Rhythm.DAY)  # of what one only follows
    gathered_at = models.DateTimeField(null=True)  # the slot for which notices were last gathered
    news_gathered_at = models.DateTimeField(null=True)  # the same for what one only follows

    objects = TenantQuerySet["Contact"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sender", "address"], name="contact_once")]

    def __str__(self) -> str:
        return self.sender


class OneTimeCode(TenantModel):
    """Six digits sent to a contact, by which its owner shows that they read what comes there. Kept for a day."""

    contact = TenantForeignKey(Contact, models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=20)  # what it is good for, and for nothing else
    digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["OneTimeCode"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "contact", "purpose", "-id"], name="code_newest")]

    def __str__(self) -> str:
        return self.purpose


class NoticeState(models.TextChoices):
    """Where a notice is. `failed` is final until somebody resends it; `held` waits for its contact."""

    QUEUED = "queued"
    HELD = "held"  # until the contact's news are gathered, or its address works again
    SENT = "sent"
    GATHERED = "gathered"  # told of in another notice
    FAILED = "failed"
    CANCELLED = "cancelled"


class Notice(TenantModel):
    """One message to one address, written in the transaction that caused it."""

    kind = models.CharField(max_length=60)  # slug of the NoticeKind
    sender = models.CharField(max_length=20)  # slug of the sender plug-in: email
    address = models.CharField(max_length=254)
    contact = TenantForeignKey(Contact, models.SET_NULL, null=True, related_name="notices")  # null: staff
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=500, blank=True)
    stop_link = models.CharField(max_length=500, blank=True)  # where the address's owner says "no more"
    reply_to = models.CharField(max_length=320, blank=True)  # where an answer goes, if anywhere
    reason = models.CharField(max_length=300, blank=True)  # why its reader is told, where it is not their own case
    thread = models.CharField(max_length=600, blank=True)  # Message-IDs that it belongs to, with brackets
    private = models.BooleanField(default=False)  # about somebody protected, or a unit that keeps its cases to itself
    subject_type = models.CharField(max_length=30, blank=True)  # what it is about: "case"
    subject_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.QUEUED)
    gathered_in = TenantForeignKey("self", models.SET_NULL, null=True, related_name="gathered")
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
            models.Index(
                fields=["organisation", "contact"], condition=models.Q(contact__isnull=False), name="notice_contact"
            ),
            models.Index(fields=["organisation", "contact"], condition=models.Q(state="held"), name="notice_held"),
            models.Index(
                fields=["organisation", "gathered_in"],
                condition=models.Q(gathered_in__isnull=False),
                name="notice_gathered",  # asked for each notice that is deleted
            ),
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


class TextGateway(TenantModel):
    """The service that carries an organisation's text messages, and what it may cost."""

    gateway = models.CharField(max_length=20)  # slug of the plug-in in gateways/
    url = models.CharField(max_length=300)
    username = models.CharField(max_length=200)
    secret = models.TextField(blank=True)  # sealed (core/sealed.py)
    key = models.TextField()  # sealed: what the gateway says to us, so that we know it
    sender = models.CharField(max_length=20)  # the number, or a short name that cannot be answered
    countries = models.CharField(max_length=100)  # "46 47": only numbers of these are written to
    most_a_day = models.PositiveIntegerField()  # parts, each of which costs; what is more waits for the next day
    active = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = TenantQuerySet["TextGateway"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="text_gateway_once")]

    def __str__(self) -> str:
        return self.sender


class SentText(TenantModel):
    """A text message that a gateway has taken, under the gateway's name for it; counts what is sent."""

    notice = TenantForeignKey(Notice, models.CASCADE, related_name="texts")
    remote_id = models.CharField(max_length=200)
    parts = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["SentText"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "at"], name="sent_text_at"),
            models.Index(fields=["organisation", "notice"], name="sent_text_notice"),
        ]

    def __str__(self) -> str:
        return self.remote_id
