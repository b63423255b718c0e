"""Openings to have one's say about a matter, what was said, and the plan that they stand in."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.matters.models import Matter
from lyhord.organisations.models import TenantModel
from lyhord.places.models import Area
from lyhord.residents.models import Account


class Influence(models.TextChoices):
    """What came of what people said, in one word."""

    CHANGED = "changed", _("Det ändrade förslaget")
    PARTLY = "partly", _("Det ändrade en del")
    NOT = "not", _("Det ändrade inget")


class Opening(TenantModel):
    """A mechanism opened on a matter: what is asked, at which stage, and between which days."""

    class State(models.TextChoices):
        """A draft is seen by staff alone."""

        DRAFT = "draft", _("Utkast")
        OPEN = "open", _("Öppen")
        CLOSED = "closed", _("Stängd")

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="+")
    mechanism = models.CharField(max_length=30)  # slug of a plug-in
    stage = models.CharField(max_length=30, blank=True)  # only while the matter is there; "": at any
    question = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    settings = models.JSONField(default=dict)  # what the mechanism asks for
    formal = models.BooleanField(default=False)  # only who is logged in
    unit_code = models.CharField(max_length=60, blank=True)  # who gets what becomes a case
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)  # the last day
    outcome = models.TextField(blank=True)  # what became of it, in plain words
    influence = models.CharField(max_length=10, choices=Influence, blank=True)
    outcome_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)  # to the registrar, last
    created_at = models.DateTimeField()

    objects = TenantQuerySet["Opening"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "matter"], name="opening_of_matter")]

    def __str__(self) -> str:
        return self.question

    def takes(self, matter: Matter, day: date) -> bool:
        """Whether one can have one's say that day."""
        return (
            self.state == Opening.State.OPEN
            and (self.opens_on is None or self.opens_on <= day)
            and (self.closes_on is None or day <= self.closes_on)
            and self.stage in {"", matter.stage}
        )


class Act(TenantModel):
    """What somebody said at an opening. Nothing tells which acts are the same person's."""

    class State(models.TextChoices):
        """What is only a choice is counted at once; words are shown when somebody has read them."""

        COUNTED = "counted", _("Räknad")
        WAITING = "waiting", _("Väntar på granskning")
        SHOWN = "shown", _("Visas")
        HIDDEN = "hidden", _("Visas inte")

    opening = TenantForeignKey(Opening, models.CASCADE, related_name="acts")
    key = models.BinaryField(max_length=16)  # of the device, the account, or the form that was sent (sameness.py)
    choice = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)  # as it was written
    shown_text = models.TextField(blank=True)  # as others read it
    answer = models.TextField(blank=True)  # the municipality's, for all to read
    language = models.CharField(max_length=10, default="sv")
    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=254, blank=True)  # where the sender is reached
    place_text = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area = TenantForeignKey(Area, models.SET_NULL, null=True, related_name="+")  # the district that it is in
    account = TenantForeignKey(Account, models.SET_NULL, null=True, related_name="+")  # of a formal act
    case = TenantForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    stage = models.CharField(max_length=30, blank=True)  # where the matter was
    state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField()

    objects = TenantQuerySet["Act"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "opening", "key"], name="act_once")]
        indexes = [
            models.Index(fields=["organisation", "at"], condition=models.Q(state="waiting"), name="act_waiting"),
            models.Index(fields=["organisation", "opening", "state"], name="act_of_opening"),
        ]

    def __str__(self) -> str:
        return self.choice or self.text[:40]


class Support(TenantModel):
    """Somebody agrees with what somebody else said; once from each device."""

    act = TenantForeignKey(Act, models.CASCADE, related_name="supports")
    key = models.BinaryField(max_length=16)
    at = models.DateTimeField()

    objects = TenantQuerySet["Support"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "act", "key"], name="support_once")]

    def __str__(self) -> str:
        return str(self.act_id)


class Step(TenantModel):
    """One step of a plan by a method (methods.py), on a day."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="+")
    method = models.CharField(max_length=30)
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    mechanism = models.CharField(max_length=30, blank=True)  # what to open then
    public = models.BooleanField(default=False)  # residents can take part, so they see it coming
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Step"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "matter", "method", "code"], name="step_once")]

    def __str__(self) -> str:
        return self.title


class Evaluation(TenantModel):
    """What was learnt: the answers to a method's questions about how it went with a matter."""

    matter = TenantForeignKey(Matter, models.CASCADE, related_name="+")
    method = models.CharField(max_length=30)
    answers = models.JSONField(default=dict)  # by the code of the question
    at = models.DateTimeField()

    objects = TenantQuerySet["Evaluation"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "matter", "method"], name="evaluation_once")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.method}"
