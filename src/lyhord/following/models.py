"""Who follows what."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class Follow(TenantModel):
    """Somebody wants to know what happens with a subject; counts once the address is confirmed."""

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    email = models.EmailField()
    language = models.CharField(max_length=10, default="sv")
    token = models.UUIDField(default=uuid4, unique=True)  # confirms and stops, by link
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Follow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "subject_type", "subject_id", "email"], name="follow_once")
        ]
        indexes = [models.Index(fields=["organisation", "email"], name="follow_email")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
