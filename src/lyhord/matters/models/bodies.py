"""The bodies that decide, and when they meet."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import sort_key
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel


class Body(TenantModel):
    """A council, an executive, a board or a committee of one of them."""

    class Classification(models.TextChoices):
        """What kind of body it is: says whether it decides or only prepares."""

        COUNCIL = "council", _("fullmäktige")
        EXECUTIVE = "executive", _("styrelse")
        BOARD = "board", _("nämnd")
        COMMITTEE = "committee", _("utskott")
        OTHER = "other", _("annat")

    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)  # "Byggnadsnämnden"
    aliases = models.JSONField(default=list)  # other names that papers have for it: ["bygg-au"]
    classification = models.CharField(max_length=12, choices=Classification, default=Classification.OTHER)
    sort_key = models.CharField(max_length=160, editable=False, db_collation="C")

    objects = TenantQuerySet["Body"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="body_code")]
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **options)


class Meeting(TenantModel):
    """A meeting of a body. One a day: a second agenda for the same day belongs to the same meeting."""

    class State(models.TextChoices):
        """How far it has come."""

        PLANNED = "planned", _("ska hållas")
        HELD = "held", _("hållet")
        CANCELLED = "cancelled", _("inställt")

    body = TenantForeignKey(Body, models.CASCADE, related_name="meetings")
    held_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)

    objects = TenantQuerySet["Meeting"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "body", "held_on"], name="meeting_once")]
        indexes = [models.Index(fields=["organisation", "-held_on"], name="meeting_day")]

    def __str__(self) -> str:
        return f"{self.held_on} {self.body_id}"
