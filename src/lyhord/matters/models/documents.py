"""Where documents come from, and what they said each time that they were read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models.bodies import Body, Meeting
from lyhord.organisations.models import TenantModel


class Source(TenantModel):
    """Where papers are fetched, and how that goes. `kind` is the slug of a plug-in in matters/sources."""

    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    config = models.JSONField(default=dict)  # what the plug-in's fields say
    active = models.BooleanField(default=True)
    interval_minutes = models.PositiveIntegerField(default=60)
    silent_days = models.PositiveSmallIntegerField(default=21)  # nothing new for so long is worth a look
    cursor = models.JSONField(default=dict)  # what the plug-in needs to go on from where it was: ETag, last change
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    last_error = models.CharField(max_length=300, blank=True)
    silence_told_at = models.DateTimeField(null=True)
    trial = models.JSONField(
        default=dict
    )  # what trying it out gave: {"waiting": true}, {"error": …} or {"papers": […]}

    objects = TenantQuerySet["Source"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="matter_source_name")]

    def __str__(self) -> str:
        return self.name


class Document(TenantModel):
    """A paper. Never deleted: one that was taken back stays as a tombstone, so that it is not read in again as new."""

    class Kind(models.TextChoices):
        """What sort of paper it is; only the first two are cut into items."""

        AGENDA = "agenda", _("Kallelse")
        MINUTES = "minutes", _("Protokoll")
        NOTICE = "notice", _("Anslag")
        STATEMENT = "statement", _("Tjänsteskrivelse")
        PLAN = "plan", _("Planhandling")
        OTHER = "other", _("Handling")

    class Quality(models.TextChoices):
        """How well it could be read."""

        GOOD = "good", _("läst")
        PARTLY = "partly", _("delvis läst")
        UNREADABLE = "unreadable", _("gick inte att läsa")

    source = TenantForeignKey(Source, models.SET_NULL, null=True, related_name="documents")
    key = models.CharField(max_length=340)  # the source and its own name for it: unlike an address, it stays
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    title = models.CharField(max_length=300)
    body = TenantForeignKey(Body, models.PROTECT, null=True, related_name="documents")
    meeting = TenantForeignKey(Meeting, models.PROTECT, null=True, related_name="documents")
    url = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=5, default="sv")
    quality = models.CharField(max_length=10, choices=Quality, default=Quality.GOOD)
    pages = models.PositiveIntegerField(default=0)
    first_read_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Document"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="document_key")]
        indexes = [
            models.Index(fields=["organisation", "meeting"], name="document_meeting"),
            models.Index(fields=["organisation", "-changed_at"], name="document_news"),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(TenantModel):
    """What a document said from a certain day: its text, page by page, and how well each could be read."""

    document = TenantForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    step = models.PositiveSmallIntegerField()  # reading.STEP when it was cut into items
    pages = models.JSONField(default=list)  # [{"text": "…", "quality": "ok"}]
    read_at = models.DateTimeField()

    objects = TenantQuerySet["DocumentVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "document", "number"], name="document_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"
