"""A group of organisations, and the cases that one of them asks the others to take.

Nothing here lies between the walls: each organisation has its own copy of the group and of every offer in it, written
inside its own scope. The offer of the giving organisation is the one row that decides who took the case (ADR 10).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import Organisation, TenantModel


class Group(TenantModel):
    """One organisation's copy of a group that it belongs to, or has been asked to join. The uid is everybody's."""

    uid = models.UUIDField(default=uuid4)
    name = models.CharField(max_length=80)
    joined = models.BooleanField(default=False)  # False: asked, and has not answered

    objects = TenantQuerySet["Group"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "uid"], name="group_once")]

    def __str__(self) -> str:
        return self.name


class Partner(TenantModel):
    """Who is in the group, as this organisation knows it; itself is one of them."""

    group = TenantForeignKey(Group, models.CASCADE, related_name="partners")
    member = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    joined = models.BooleanField(default=False)

    objects = TenantQuerySet["Partner"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "group", "member"], name="partner_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class Outcome(models.TextChoices):
    """How far an offer has come."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class Offer(TenantModel):
    """A case of ours that we have asked the others to take. Who takes it locks this row."""

    uid = models.UUIDField(default=uuid4)
    case = TenantForeignKey(Case, models.CASCADE, related_name="offers")
    group = TenantForeignKey(Group, models.SET_NULL, null=True, related_name="offers")
    state = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    contact = models.BooleanField(default=False)  # the reporter has agreed that name and contact go along
    offered_at = models.DateTimeField()
    taker = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+", db_index=False)
    taker_number = models.CharField(max_length=20, blank=True)

    objects = TenantQuerySet["Offer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "uid"], name="offer_uid"),
            models.UniqueConstraint(fields=["organisation", "case"], condition=Q(state="open"), name="offer_one_open"),
        ]
        indexes = [models.Index(fields=["organisation", "case"], name="offer_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class PoolEntry(TenantModel):
    """Another organisation's offer, as this one may read it. What was said goes once the offer has ended."""

    uid = models.UUIDField()  # the offer's
    group = TenantForeignKey(Group, models.CASCADE, related_name="entries")
    giver = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=20)  # the giver's
    state = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    reason = models.TextField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    type_code = models.CharField(max_length=80, blank=True)
    type_name = models.CharField(max_length=200, blank=True)
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    language = models.CharField(max_length=10, default="sv")
    contact = models.BooleanField(default=False)  # the reporter's name and contact come along with the case
    registered_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    taker = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = TenantQuerySet["PoolEntry"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "uid"], name="entry_once")]
        indexes = [models.Index(F("organisation"), F("id"), condition=Q(state="open"), name="entry_open")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
