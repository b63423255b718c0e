"""Who follows what."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.notifications.models import Contact
from lyhord.organisations.models import TenantModel


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
