"""Large files, which are made beforehand by a job."""

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class PreparedFile(TenantModel):
    """A file of published cases: the last one that was made of a choice, and what should be made next."""

    format = models.CharField(max_length=10)  # "gpkg"
    selection = models.CharField(max_length=500)  # the choice as an address says it, and the language
    filter = models.JSONField(default=dict)  # the same for the job: PublicFilter.to_json
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=200, blank=True)  # in the file storage; "" until one has been made
    version = models.CharField(max_length=60, blank=True)  # what it was made of: an ETag
    begun_at = models.DateTimeField(null=True)
    cases = models.PositiveIntegerField(default=0)  # how many were published then
    size = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    waiting = models.BooleanField(default=False)  # for a job to make it

    objects = TenantQuerySet["PreparedFile"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "format", "selection"], name="prepared_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.selection}"
