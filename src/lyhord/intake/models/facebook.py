"""The organisation's page on Facebook, whose messages come in here."""

from django.db import models

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class FacebookPage(TenantModel):
    """Which page it is, and what shows that a call comes from Facebook about that page."""

    page_id = models.CharField(max_length=32)  # digits
    secret = models.TextField()  # sealed (core/sealed.py): the app's secret, with which each call is signed
    token = models.TextField()  # sealed: what Facebook must say when the address is tied to the page
    active = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = TenantQuerySet["FacebookPage"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="facebook_page_once")]

    def __str__(self) -> str:
        return self.page_id
