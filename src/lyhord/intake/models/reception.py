"""What came in, so that the same thing is never taken in twice; and what was turned away."""

from django.db import models
from django.db.models import F, Q

from lyhord.accounts.models import Membership
from lyhord.cases.models import Case, Message
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Reception(TenantModel):
    """One submission by its source's own id: (organisation, source, external id) makes one case."""

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    case = TenantForeignKey(Case, models.CASCADE, null=True, related_name="receptions")
    received_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)  # by the sender's clock, where that was earlier
    seconds = models.PositiveIntegerField(null=True)  # from opening the form to pressing the button

    objects = TenantQuerySet["Reception"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "source", "external_id"], name="reception_once")]
        indexes = [
            models.Index(
                F("organisation"), F("case"), condition=Q(source__startswith="open311:"), name="reception_by_client"
            ),
            models.Index(
                F("organisation"), F("received_at"), condition=Q(seconds__isnull=False), name="reception_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Alarm(TenantModel):
    """An alarm of some machine, by its source's own id: how often it has come, and the case that it is part of now.

    What an alarm is about has a name too (`thing`, "pump-17"): alarms of the same thing join its open case.
    """

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=150)
    thing = models.CharField(max_length=150, blank=True)
    case = TenantForeignKey(Case, models.CASCADE, related_name="alarms")
    count = models.PositiveIntegerField(default=1)  # since the case began
    round = models.PositiveIntegerField(default=1)  # how many cases it has been part of
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Alarm"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "source", "external_id"], name="alarm_once")]
        indexes = [
            models.Index(F("organisation"), F("source"), F("thing"), condition=~Q(thing=""), name="alarm_thing"),
            models.Index(F("organisation"), F("case"), name="alarm_case"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Diversion(TenantModel):
    """Somebody was told to ring instead: counted by day and type, nothing about the person."""

    day = models.DateField()
    case_type_code = models.CharField(max_length=80)
    question = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)

    objects = TenantQuerySet["Diversion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day", "case_type_code", "question"], name="diversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.case_type_code} {self.count}"


class RecentUse(TenantModel):
    """How often somebody did something in one step of time, as counted by one connection (rates.py).

    Has no tie to any case. `digest` is a client, or an address made into a number with a key that changes every day
    (abuse.py). The table is unlogged.
    """

    purpose = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=16)
    began = models.DateTimeField()
    connection = models.IntegerField()
    count = models.IntegerField()
    until = models.DateTimeField()  # from when it counts no longer

    objects = TenantQuerySet["RecentUse"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "purpose", "digest", "began", "connection"], name="recent_use_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "until"], name="recent_use_until")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.began}"


class ApiKey(TenantModel):
    """What lets another system in: one for each client and organisation. Only its digest is kept.

    The key is a long random text, so a plain digest of it tells nothing (`clients.py`). With a `member` it acts as
    that person, with the rights that their role gives at the time.
    """

    client = models.CharField(max_length=120)  # "FixaMinGata"
    digest = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)  # ["requests"]: clients.SCOPES
    hourly = models.PositiveIntegerField(default=1000)  # how many reports it may send in an hour, when throttled
    throttled = models.BooleanField(default=True)
    publishes_at_once = models.BooleanField(default=False)  # what it sends is shown without somebody reading it first
    fixmystreet = models.BooleanField(default=False)  # FixMyStreet or a relative: its dialect is spoken
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    member = TenantForeignKey(Membership, models.CASCADE, null=True, related_name="+")

    objects = TenantQuerySet["ApiKey"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="api_key_digest")]

    def __str__(self) -> str:
        return self.client


class LinkedPhoto(TenantModel):
    """A picture that came as an address and has not been fetched yet; gone once it has, or cannot be."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="linked_photos")
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="linked_photos")  # None: the report
    url = models.CharField(max_length=2000)
    show = models.BooleanField(default=False)  # together with its case, if nobody has reviewed that
    label = models.CharField(max_length=120, blank=True)  # whose it is: "FixaMinGata"
    last_error = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    objects = TenantQuerySet["LinkedPhoto"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "case"], name="linked_photo_case"),
            models.Index(fields=["organisation", "message"], name="linked_photo_message"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"
