"""What the municipality has asked somebody who reported, and waits for."""

from django.db import models

from lyhord.cases.models.case import Case, Message
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel

_OPEN = models.Q(settled_at=None)


class Outcome(models.TextChoices):
    """What became of a question."""

    ANSWERED = "answered"
    SILENCE = "silence"  # the day passed
    DROPPED = "dropped"  # something else happened to the case first


class Question(TenantModel):
    """A question in a case; there is one open at a time. Reminded of once, and then it says what silence means."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="questions")
    message = TenantForeignKey(Message, models.CASCADE, related_name="+")
    closes = models.BooleanField()  # whether silence closes the case
    remind_on = models.DateField()
    answer_by = models.DateField()
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = TenantQuerySet["Question"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "case"], condition=_OPEN, name="question_one_open")
        ]
        indexes = [
            models.Index(fields=["organisation", "case"], name="question_case"),
            models.Index(fields=["organisation", "message"], name="question_message"),
            models.Index(fields=["organisation", "remind_on"], condition=_OPEN, name="question_due"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.answer_by}"
