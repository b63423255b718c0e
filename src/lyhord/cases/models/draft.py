"""What somebody at a desk has begun to write."""

from django.db import models

from lyhord.accounts.models import User
from lyhord.cases.models.case import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Draft(TenantModel):
    """One person's unfinished answer or note in one case; gone once it is sent."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
    internal = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = TenantQuerySet["Draft"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "case", "user"], name="draft_once")]
        indexes = [models.Index(fields=["organisation", "saved_at"], name="draft_age")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.saved_at:%Y-%m-%d}"
