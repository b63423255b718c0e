"""Who follows what."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.notifications.models import PushSubscription
from lyhord.organisations.models import TenantModel


class Follow(TenantModel):
    """Somebody wants to know what happens with a subject; counts once the address is confirmed.

    The address is a mail address, or a browser that is told by Web Push (`push`): one of the two.
    """

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    email = models.EmailField(blank=True)
    push = TenantForeignKey(PushSubscription, models.CASCADE, null=True, related_name="follows")
    language = models.CharField(max_length=10, default="sv")
    token = models.UUIDField(default=uuid4, unique=True)  # confirms and stops, by link
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Follow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject_type", "subject_id", "email"],
                condition=~models.Q(email=""),
                name="follow_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "subject_type", "subject_id", "push"], name="follow_once_by_push"
            ),
            models.CheckConstraint(
                condition=models.Q(email="") ^ models.Q(push__isnull=True), name="follow_one_address"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "email"], name="follow_email"),
            models.Index(fields=["organisation", "push"], condition=models.Q(push__isnull=False), name="follow_push"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"

    @property
    def sender(self) -> str:
        """The slug of the sender that reaches the address."""
        return "push" if self.push_id else "email"

    @property
    def address(self) -> str:
        """The address as that sender takes it; asks the database for a push subscription that is not loaded."""
        return str(self.push.uid) if self.push else self.email
