"""Case types: versioned data that form, desk, intake and statistics all read."""

from datetime import date
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import Q

from lyhord.accounts.models import User
from lyhord.cases.description import CaseTypeDescription
from lyhord.core.clock import today
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel, Unit

_descriptions: dict[int, tuple[dict[str, Any], CaseTypeDescription]] = {}
_MOST_KEPT = 5000


class Category(TenantModel):
    """What a case is about: a group of faults, or one of the organisation's areas for feedback."""

    code = models.SlugField(max_length=60)
    names = models.JSONField()  # {"sv": "Belysning", "en": "Lighting"}
    for_faults = models.BooleanField(default=False)  # a group of fault types, else an area for feedback
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="categories")
    publishable = models.BooleanField(default=True)  # care and school: false by default
    icon = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    objects = TenantQuerySet["Category"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="category_code")]
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return str(self.names.get("sv", self.code))

    def name(self, language: str) -> str:
        """The name in a language, in Swedish where there is none."""
        return str(self.names.get(language) or self.names.get("sv", self.code))


class CaseTypeQuerySet(TenantQuerySet["CaseType"]):
    """Reads of case types."""

    def choosable(self, day: date | None = None) -> Self:
        """What can be chosen today (or on a day): active, published, and for a campaign within its days."""
        day = day or today()
        return self.filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=day),
            Q(closes_on__isnull=True) | Q(closes_on__gte=day),
            active=True,
            current__isnull=False,
        )


class CaseType(TenantModel):
    """One sort of errand (ärendetyp). What it says stands in its published version."""

    code = models.CharField(max_length=80)  # dots make the tree: "gata.hal"
    kind = models.CharField(max_length=20)  # slug of the kind
    category = TenantForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="types")
    current = TenantForeignKey("CaseTypeVersion", models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    opens_on = models.DateField(null=True)  # of the published version, so that choosing need not open each description
    closes_on = models.DateField(null=True)
    position = models.PositiveSmallIntegerField(default=100)

    objects = CaseTypeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="case_type_code")]
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    def point_to(self, version: "CaseTypeVersion") -> None:
        """Let a version be the one that holds; the caller saves and logs."""
        self.current = version
        self.opens_on, self.closes_on = version.description.open_from, version.description.open_until


class CaseTypeVersion(TenantModel):
    """One version of a case type's description; never changed once published, so old cases keep theirs."""

    case_type = TenantForeignKey(CaseType, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["CaseTypeVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "case_type", "number"], name="case_type_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_type_id} v{self.number}"

    @cached_property
    def description(self) -> CaseTypeDescription:
        """The content, checked and typed. Each process keeps what it has made: checking costs more than comparing."""
        kept = _descriptions.get(self.pk)
        if kept is None or kept[0] != self.content:
            if len(_descriptions) >= _MOST_KEPT:
                _descriptions.clear()
            kept = _descriptions[self.pk] = self.content, CaseTypeDescription.model_validate(self.content)
        return kept[1]


class RuleSet(TenantModel):
    """One version of the organisation's own routing rules, in order; the newest published one holds."""

    number = models.PositiveIntegerField()
    rules = models.JSONField(default=list)  # routing_rules.Rule, as JSON
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["RuleSet"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="rule_set_number")]

    def __str__(self) -> str:
        return f"v{self.number}"


class SuggestionModel(TenantModel):
    """What the type suggestion has learnt from the organisation's own cases (cases/suggestion.py)."""

    content = models.JSONField()
    trained_at = models.DateTimeField()
    cases = models.PositiveIntegerField()

    objects = TenantQuerySet["SuggestionModel"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="suggestion_model_once")]

    def __str__(self) -> str:
        return f"{self.cases} cases"
