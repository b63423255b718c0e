"""What a matter is about and where, each with its evidence: found by a rule, or said by a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models.matter import Matter
from lyhord.organisations.models import TenantModel
from lyhord.places.models import Area


class Found(models.TextChoices):
    """Who says so. A rule never changes what a person has said."""

    RULE = "rule", _("läst ur texten")
    PERSON = "person", _("satt för hand")


class MatterTopic(TenantModel):
    """A topic of the vocabulary (topics.py). `denied`: a person has said that it is not about this."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="topics")
    topic = models.CharField(max_length=40)
    by = models.CharField(max_length=6, choices=Found, default=Found.RULE)
    evidence = models.CharField(max_length=200, blank=True)  # the words of the text
    denied = models.BooleanField(default=False)

    objects = TenantQuerySet["MatterTopic"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "matter", "topic"], name="matter_topic_once")]
        indexes = [models.Index(fields=["organisation", "topic"], name="matter_topic")]

    def __str__(self) -> str:
        return self.topic


class MatterPlace(TenantModel):
    """A property, street or area that it is about. `denied`: a person has said that it is not there."""

    class Kind(models.TextChoices):
        """How the text names the place."""

        PROPERTY = "property", _("fastighet")
        STREET = "street", _("gata")
        AREA = "area", _("område")

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="places")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    area = TenantForeignKey(Area, models.SET_NULL, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    by = models.CharField(max_length=6, choices=Found, default=Found.RULE)
    evidence = models.CharField(max_length=200, blank=True)
    denied = models.BooleanField(default=False)

    objects = TenantQuerySet["MatterPlace"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "matter", "kind", "name"], name="matter_place_once")
        ]
        indexes = [models.Index(fields=["organisation", "area"], name="matter_area")]

    def __str__(self) -> str:
        return self.name
