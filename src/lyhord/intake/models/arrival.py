"""What came in by mail or SMS, as it came; and drafts, which are no cases until somebody says so."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from lyhord.accounts.permissions import Permission
from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.files.models import StoredDocument, StoredFile
from lyhord.organisations.models import TenantModel, Unit

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff


class ArrivalState(models.TextChoices):
    """Where something that came in is on its way to becoming something."""

    RECEIVED = "received"  # kept, and waits to be read
    HANDLED = "handled"
    FAILED = "failed"  # could not be read or taken in; somebody has to look
    HELD = "held"  # too much from the same sender: somebody has to say go


class Outcome(models.TextChoices):
    """What became of it."""

    CASE = "case"  # a new case
    JOINED = "joined"  # said in a case
    DRAFT = "draft"  # somebody has to say what it is
    NOTED = "noted"  # a machine's answer, noted among staff in a case
    BOUNCED = "bounced"  # a mail of ours that came back
    STOPPED = "stopped"  # the sender wants no more messages, or some again
    PAPER = "paper"  # papers for a source of political matters
    REFUSED = "refused"  # sent to such a source, which does not take it; why stands with it
    IGNORED = "ignored"  # nothing: our own mail, a receipt


class Arrival(TenantModel):
    """A mail or an SMS, kept before anybody reads it: whatever goes wrong after that, it is here."""

    channel = models.CharField(max_length=10)  # email, sms
    key = models.CharField(max_length=64)  # the same for the same thing, however often it comes
    inlet = models.CharField(max_length=254)  # the address of ours that it came to
    recipients = models.JSONField(default=list)  # to whom the server delivered it
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ArrivalState, default=ArrivalState.RECEIVED)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=30, blank=True)  # a code: why it became that, or what was wrong
    case = TenantForeignKey(Case, models.SET_NULL, null=True, related_name="arrivals")
    unit = TenantForeignKey(Unit, models.SET_NULL, null=True, related_name="+")  # whose address it came to
    private = models.BooleanField(default=False)  # who sent it is for those only who may see its case
    attempts = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Arrival"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="arrival_once")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="arrival_newest"),
            models.Index(F("organisation"), F("case"), condition=Q(case__isnull=False), name="arrival_case"),
            models.Index(
                F("organisation"), F("id").desc(), condition=Q(state__in=["failed", "held"]), name="arrival_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Original(TenantModel):
    """What came, byte for byte; apart, so that lists do not carry it. Goes after a time (`arrivals.KEPT`)."""

    arrival = TenantForeignKey(Arrival, models.CASCADE, related_name="originals")
    data = models.BinaryField()

    objects = TenantQuerySet["Original"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "arrival"], name="original_once")]

    def __str__(self) -> str:
        return str(self.arrival_id)


class DraftState(models.TextChoices):
    """What somebody has decided about a draft."""

    WAITING = "waiting"
    CASE = "case"
    JOINED = "joined"
    DISMISSED = "dismissed"


class DraftQuerySet(TenantQuerySet["DraftCase"]):
    """Reads of drafts, "who may see" included."""

    def visible_to(self, staff: "Staff") -> Self:
        """What a member of staff may see: as with cases, by the unit."""
        if not staff.may(Permission.REGISTER_FOR_OTHERS):
            return self.none()
        own = Q(unit_id__any=sorted(staff.unit_ids))
        return self.filter(Q(confidential=False) | own if staff.may(Permission.SEE_ALL_CASES) else own)

    def waiting(self) -> Self:
        """Nobody has decided yet."""
        return self.filter(state=DraftState.WAITING)


class DraftCase(TenantModel):
    """Something that came in and that is no case until somebody says so.

    A stranger who quotes a case's number, a list, a machine, what looks like spam. `linked` is the case that it seems
    to be about; nothing of that case is told to the sender, and the draft is seen only by those who may see it.
    """

    channel = models.CharField(max_length=20)
    reason = models.CharField(max_length=30)
    arrival = TenantForeignKey(Arrival, models.SET_NULL, null=True, related_name="drafts")
    linked = TenantForeignKey(Case, models.SET_NULL, null=True, related_name="draft_cases")
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+")
    confidential = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)  # the linked case's reporter has protected identity
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    kind = models.CharField(max_length=20, blank=True)  # what mostly comes that way
    language = models.CharField(max_length=10, default="sv")
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WAITING)
    case = TenantForeignKey(Case, models.SET_NULL, null=True, related_name="+")  # what it became, or joined
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("organisation"), F("id"), condition=Q(state="waiting"), name="draft_case_waiting"),
            models.Index(F("organisation"), F("linked"), condition=Q(linked__isnull=False), name="draft_case_linked"),
            models.Index(fields=["organisation", "-id"], name="draft_case_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class DraftFile(TenantModel):
    """A file of a draft: a picture, or another."""

    draft = TenantForeignKey(DraftCase, models.CASCADE, related_name="files")
    photo = TenantForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    document = TenantForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")

    objects = TenantQuerySet["DraftFile"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(photo__isnull=True) ^ Q(document__isnull=True), name="draft_file_one_of_two"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "draft"], name="draft_file_draft"),
            models.Index(F("organisation"), F("photo"), condition=Q(photo__isnull=False), name="draft_file_photo"),
            models.Index(
                F("organisation"), F("document"), condition=Q(document__isnull=False), name="draft_file_document"
            ),
        ]

    def __str__(self) -> str:
        return str(self.draft_id)
