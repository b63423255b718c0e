"""Areas and addresses of an organisation."""

from typing import Any

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import sort_key
from lyhord.organisations.models import TenantModel


class Area(TenantModel):
    """A piece of land with a name: the boundary of the organisation, a district, a school area."""

    kind = models.CharField(max_length=20)  # boundary, district, …
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    geojson = models.JSONField()  # Polygon or MultiPolygon, WGS84, [lon, lat]
    sort_key = models.CharField(max_length=160, editable=False, db_collation="C")
    updated_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet["Area"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "code"], name="area_code")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **options)


class Address(TenantModel):
    """One address point of the organisation's own street list."""

    street = models.CharField(max_length=120)
    number = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    locality = models.CharField(max_length=80, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    search_key = models.CharField(max_length=240, editable=False)  # addresses.search_key(street + number)

    objects = TenantQuerySet["Address"].as_manager()

    class Meta:
        indexes = [
            models.Index("organisation", models.F("search_key"), name="address_search"),
            models.Index(fields=["organisation", "lat", "lon"], name="address_position"),
        ]

    def __str__(self) -> str:
        return f"{self.street} {self.number}".strip()


class Asset(TenantModel):
    """Something that stands at a place and has a sign with a code: a lamp post, a bin, a playground."""

    code = models.CharField(max_length=40)  # as on its sign: asset_file.CODE
    name = models.CharField(max_length=120)
    type_code = models.CharField(max_length=80, blank=True)  # the case type that is mostly meant there
    lat = models.FloatField()
    lon = models.FloatField()

    objects = TenantQuerySet["Asset"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="asset_code")]

    def __str__(self) -> str:
        return self.name
