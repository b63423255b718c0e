"""Uploaded files: of pictures only the cleaned copy is kept, with the fingerprint of what was sent."""

from uuid import uuid4

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class StoredFile(TenantModel):
    """A cleaned picture in the file storage; unused ones are removed after a day."""

    uid = models.UUIDField(default=uuid4, unique=True)
    key = models.CharField(max_length=200)  # folder in the storage that holds large.jpg and small.jpg
    sha256 = models.BinaryField(max_length=32)  # of the bytes that were sent
    kind = models.CharField(max_length=10)  # jpeg, png, webp, heic: what was sent
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes of the large copy
    lat = models.FloatField(null=True)  # position read from the picture before it was removed
    lon = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    used = models.BooleanField(default=False)

    objects = TenantQuerySet["StoredFile"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "created_at"], condition=models.Q(used=False), name="file_unused")
        ]

    def __str__(self) -> str:
        return str(self.uid)


class StoredDocument(TenantModel):
    """A file that is no picture, kept as it came and handed to staff only; unused ones are removed after a day."""

    uid = models.UUIDField(default=uuid4, unique=True)
    key = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10)  # its ending: "pdf"
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    used = models.BooleanField(default=False)

    objects = TenantQuerySet["StoredDocument"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "created_at"], condition=models.Q(used=False), name="document_unused")
        ]

    def __str__(self) -> str:
        return str(self.uid)
