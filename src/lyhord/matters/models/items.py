"""The items (§) of agendas and minutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models.documents import Document
from lyhord.matters.models.findings import Found
from lyhord.matters.models.matter import Matter
from lyhord.organisations.models import TenantModel


class Item(TenantModel):
    """One § of minutes, or one row of an agenda, as the document says now."""

    class Result(models.TextChoices):
        """What a body did with it, in the words of minutes."""

        APPROVED = "approved", _("bifall")
        REJECTED = "rejected", _("avslag")
        REFERRED_BACK = "referred_back", _("återremiss")
        POSTPONED = "postponed", _("bordläggning")
        ENDORSED = "endorsed", _("tillstyrkan")
        ANSWERED = "answered", _("besvarad")
        NOTED = "noted", _("antecknas")
        DROPPED = "dropped", _("utgår")

    document = TenantForeignKey(Document, models.CASCADE, related_name="items")
    matter = TenantForeignKey(Matter, models.SET_NULL, null=True, related_name="items")
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=500)
    identifier = models.CharField(max_length=100, blank=True)  # the case number as it was written
    page = models.PositiveIntegerField(default=1)
    sections = models.JSONField(default=dict)  # what stands in it, by the names of items.SECTIONS
    decision_text = models.TextField(blank=True)  # word by word
    reservations = models.TextField(blank=True)
    result = models.CharField(max_length=15, choices=Result, blank=True)
    treatment = models.CharField(max_length=150, blank=True)  # "kommunstyrelsen 2024-04-03 36": how others refer to it
    linked_by = models.CharField(max_length=6, choices=Found, default=Found.RULE)
    link_evidence = models.CharField(max_length=200, blank=True)
    gone = models.BooleanField(default=False)  # a later version of the document leaves it out

    objects = TenantQuerySet["Item"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "document", "number"], name="item_number")]
        indexes = [
            models.Index(fields=["organisation", "matter"], name="item_matter"),
            models.Index(fields=["organisation", "treatment"], condition=~models.Q(treatment=""), name="item_treated"),
        ]

    def __str__(self) -> str:
        return f"§ {self.number} {self.heading}"


class ItemReference(TenantModel):
    """An earlier treatment that an item names; what it names may be read in later than the item."""

    item = TenantForeignKey(Item, models.CASCADE, related_name="references")
    treatment = models.CharField(max_length=150)

    objects = TenantQuerySet["ItemReference"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "item", "treatment"], name="item_reference_once")
        ]
        indexes = [models.Index(fields=["organisation", "treatment"], name="item_reference_to")]

    def __str__(self) -> str:
        return self.treatment
