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


class StagedObject(TenantModel):
    """One object on its way to a storage that is another machine's (staging.py); gone once it has been moved."""

    key = models.CharField(max_length=200)
    name = models.CharField(max_length=20)  # large.jpg, small.jpg, file
    data = models.BinaryField(null=True)  # None: it is a copy of `source`, within the storage
    source = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    objects = TenantQuerySet["StagedObject"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "name"], name="staged_once")]

    def __str__(self) -> str:
        return f"{self.key}/{self.name}"


class HeldFile(TenantModel):
    """A file that somebody has shown us and not said yes to: between the preview of an import and the import."""

    uid = models.UUIDField(default=uuid4, unique=True)
    data = models.BinaryField()
    created_at = models.DateTimeField()

    objects = TenantQuerySet["HeldFile"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "created_at"], name="held_file_age")]

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
