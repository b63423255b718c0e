"""Which cases somebody has taken along."""

from django.db import models

from lyhord.accounts.models import User
from lyhord.cases.models.case import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Shortlisted(TenantModel):
    """A case that one person has taken along on a round: their own list, which nobody else reads."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="shortlisted")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = TenantQuerySet["Shortlisted"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "case", "user"], name="shortlisted_once")]
        indexes = [models.Index(fields=["organisation", "user"], name="shortlisted_by")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.case_id}"
