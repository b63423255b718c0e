"""What has been mailed to a source: each letter and what became of it, and the papers in it until they are read."""

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models.documents import Source
from lyhord.organisations.models import TenantModel


class MailedLetter(TenantModel):
    """A mail to a source. `refused` is a key of mailbox.REFUSALS, "" for one that counts."""

    source = TenantForeignKey(Source, models.CASCADE, related_name="letters")
    key = models.CharField(max_length=64)  # the same for the same mail, however often it comes
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    refused = models.CharField(max_length=10, blank=True)
    papers = models.PositiveSmallIntegerField(default=0)  # how many it brought
    left = models.JSONField(default=list)  # names of files and links that are no papers

    objects = TenantQuerySet["MailedLetter"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "source", "key"], name="mailed_letter_once")]
        indexes = [models.Index(fields=["organisation", "source", "-id"], name="mailed_letter_newest")]

    def __str__(self) -> str:
        return self.subject


class MailedPaper(TenantModel):
    """A file of a letter, or a link to one, that waits to be read."""

    letter = TenantForeignKey(MailedLetter, models.CASCADE, related_name="waiting")
    source = TenantForeignKey(Source, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=2000, blank=True)  # where it is a link
    data = models.BinaryField(default=b"")

    objects = TenantQuerySet["MailedPaper"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "source", "id"], name="mailed_paper_next")]

    def __str__(self) -> str:
        return self.name
