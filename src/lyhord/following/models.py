"""Who follows what."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.notifications.models import Contact
from lyhord.organisations.models import TenantModel

NOTHING = 4
"""The level of who wants to hear nothing of a subject, whatever else they asked for: no event is so important."""


class Role(models.TextChoices):
    """Why somebody hears of a subject: it is their own, or they follow what is shown to all."""

    REPORTER = "reporter"
    FOLLOWER = "follower"


class Follow(TenantModel):
    """A contact wants to know what happens with a subject; counts once its owner has said yes.

    Who has something of their own has one for each way they chose to hear of it, and none if they chose none.
    """

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    contact = TenantForeignKey(Contact, models.CASCADE, related_name="follows")
    role = models.CharField(max_length=10, choices=Role, default=Role.FOLLOWER)
    token = models.UUIDField(default=uuid4, unique=True)  # confirms and stops, by link
    created_at = models.DateTimeField()  # when it was last asked for
    confirmed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # ends then unless renewed; null: when the subject does
    asked_to_renew_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=1)  # the least of an event that is told; above 3: nothing is
    muted_until = models.DateTimeField(null=True)

    objects = TenantQuerySet["Follow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject_type", "subject_id", "contact"], name="follow_once_each"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "contact"], name="follow_contact"),
            models.Index(
                fields=["organisation", "expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="follow_ending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"

    @property
    def sender(self) -> str:
        """The slug of the sender that reaches the contact."""
        return self.contact.sender

    @property
    def address(self) -> str:
        """The address as that sender takes it."""
        return self.contact.address


class Profile(TenantModel):
    """A standing interest: whoever holds the contact hears of events that its rule asks for, and why.

    Nothing says who that is. It counts once the contact's owner has said yes: only then has it postings, which are
    what events are matched against.
    """

    contact = TenantForeignKey(Contact, models.CASCADE, related_name="profiles")
    name = models.CharField(max_length=60)  # its owner's word for it: "hemma", "barnens skola"
    rule = models.JSONField()  # as Rule.as_json
    level = models.PositiveSmallIntegerField(default=1)  # the least of an event that is told: 1 all, 3 the important
    token = models.UUIDField(default=uuid4, unique=True)  # opens, confirms and ends it, by link
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # ends then unless renewed
    asked_to_renew_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Profile"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "contact"], name="profile_contact"),
            models.Index(
                fields=["organisation", "expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="profile_ending",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubjectPosting(TenantModel):
    """A profile asks for a topic or a word. Made of its rule, and made anew whenever that changes."""

    term = models.BigIntegerField()  # facts.term
    level = models.PositiveSmallIntegerField()
    profile = TenantForeignKey(Profile, models.CASCADE, related_name="subject_postings")
    placed = models.BooleanField()  # counts only together with a place
    narrowed = models.BooleanField()  # the rule has more to say: it is asked too

    objects = TenantQuerySet["SubjectPosting"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "term", "level"], include=["profile", "placed", "narrowed"], name="subject_term"
            ),
            models.Index(fields=["organisation", "profile"], name="subject_profile"),
        ]

    def __str__(self) -> str:
        return str(self.term)


class PlacePosting(TenantModel):
    """A profile asks for an area, or for what is in a circle: one row for each tile that the circle touches."""

    term = models.BigIntegerField()  # of the area, or the tile of a grid as wide as the circle
    level = models.PositiveSmallIntegerField()
    profile = TenantForeignKey(Profile, models.CASCADE, related_name="place_postings")
    alone = models.BooleanField()  # the place is enough, whatever it is about
    narrowed = models.BooleanField()
    lat = models.FloatField(null=True)  # the circle's; null for an area
    lon = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)

    objects = TenantQuerySet["PlacePosting"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "term", "level"],
                include=["profile", "alone", "narrowed", "lat", "lon", "radius_m"],
                name="place_term",
            ),
            models.Index(fields=["organisation", "profile"], name="place_profile"),
        ]

    def __str__(self) -> str:
        return str(self.term)


class News(TenantModel):
    """An event as followers see it: what it was called, how important it is, and what it is about."""

    event_id = models.BigIntegerField()  # in the log
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    what = models.CharField(max_length=200, blank=True)  # what happened, in the organisation's language
    path = models.CharField(max_length=200, blank=True)  # where it is read, on the organisation's host
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    facts = models.JSONField()  # as Facts.as_json

    objects = TenantQuerySet["News"].as_manager()

    class Meta:
        verbose_name_plural = "news"
        constraints = [models.UniqueConstraint(fields=["organisation", "event_id"], name="news_once")]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="news_newest"),
            models.Index(fields=["organisation", "subject_type", "subject_id"], name="news_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class Match(TenantModel):
    """News that a profile asks for, and why: a row of its owner's feed.

    There may be tens of thousands for one event, so it is a log of numbers without foreign keys (as the audit log is);
    what ends a profile removes its rows.
    """

    news_id = models.BigIntegerField()
    profile_id = models.BigIntegerField()
    subject = models.SmallIntegerField(null=True)  # the reason, as Reason has it
    place = models.SmallIntegerField(null=True)
    distance_m = models.IntegerField(null=True)

    objects = TenantQuerySet["Match"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "profile_id", "news_id"], name="match_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "news_id", "profile_id"], name="match_of_news"),  # telling goes by it
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.news_id}"
