"""The matter itself, its numbers, and what has happened to it."""

from django.db import models

from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models.bodies import Body
from lyhord.matters.models.documents import Document
from lyhord.organisations.models import TenantModel


class Matter(TenantModel):
    """A matter on its way through bodies. One that was merged into another stays, and leads there."""

    title = models.CharField(max_length=500)
    title_by_person = models.BooleanField(default=False)
    plain_title = models.CharField(max_length=200, blank=True)  # in words that everybody knows; by a person
    plain_text = models.TextField(blank=True)  # the decision in plain words; by a person
    kind = models.CharField(max_length=20, default="general")  # a kind of stages.py
    stage = models.CharField(max_length=30, blank=True)  # a stage of its kind
    answer_until = models.DateField(null=True)  # the last day of the consultation that is open
    body = TenantForeignKey(Body, models.PROTECT, null=True, related_name="matters")  # that had it last
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="merged")
    hidden = models.BooleanField(default=False)  # a person has taken it off the public pages
    shown_changed_at = models.DateTimeField(null=True)  # when it was last hidden, shown again or merged
    stems = models.TextField(blank=True)  # of all that it says, between blanks: what a search looks in

    objects = TenantQuerySet["Matter"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-last_on", "-id"], name="matter_newest"),
            models.Index(
                fields=["organisation", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="matter_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.plain_title or self.title

    @property
    def shown_title(self) -> str:
        """What residents read as its name."""
        return self.plain_title or self.title


class MatterNumber(TenantModel):
    """A case number of a matter in its comparable form; a number without a series counts within its board."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=120)  # "KS 2024-8", "byggnadsnämnden 2024-1"

    objects = TenantQuerySet["MatterNumber"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="matter_number_once")]
        indexes = [models.Index(fields=["organisation", "matter"], name="matter_number_of")]

    def __str__(self) -> str:
        return self.number


class MatterEvent(TenantModel):
    """Something that happened to a matter. Never changed; its key says what is the same thing told twice."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="events")
    type = models.CharField(max_length=30)  # an event of stages.py
    stage = models.CharField(max_length=30, blank=True)
    result = models.CharField(max_length=15, blank=True)
    occurred_on = models.DateField()  # may lie ahead: an agenda says when the meeting will be
    known_at = models.DateTimeField()
    body = TenantForeignKey(Body, models.PROTECT, null=True, related_name="+")
    document = TenantForeignKey(Document, models.SET_NULL, null=True, related_name="events")
    item = TenantForeignKey("matters.Item", models.SET_NULL, null=True, related_name="events")
    text = models.CharField(max_length=300, blank=True)  # what a person said of it
    level = models.PositiveSmallIntegerField()  # 1 detail, 2 normal, 3 the most important
    key = models.CharField(max_length=250)

    objects = TenantQuerySet["MatterEvent"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="matter_event_once")]
        indexes = [models.Index(fields=["organisation", "matter", "occurred_on"], name="matter_event_order")]

    def __str__(self) -> str:
        return f"{self.type} {self.occurred_on}"


class CaseLink(TenantModel):
    """A case that a matter began with or is about."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="case_links")
    case = TenantForeignKey(Case, models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()

    objects = TenantQuerySet["CaseLink"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "matter", "case"], name="matter_case_once")]
        indexes = [models.Index(fields=["organisation", "case"], name="matter_case")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"
