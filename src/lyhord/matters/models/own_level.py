"""How much an organisation says that something matters, where it is otherwise than usual."""

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class OwnLevel(TenantModel):
    """A row of the organisation's own in the table of levels (stages.py)."""

    kind = models.CharField(max_length=20, blank=True)  # of matter; "" where it holds for all
    code = models.CharField(max_length=30)  # an event, or a stage of the kind
    level = models.PositiveSmallIntegerField()
    shown = models.BooleanField(default=True)  # whether residents see it in the timeline

    objects = TenantQuerySet["OwnLevel"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "code"], name="own_level_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.level}"
