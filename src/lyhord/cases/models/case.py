"""Cases (ärenden) and what belongs to each."""

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from lyhord.accounts.models import User
from lyhord.accounts.permissions import Permission
from lyhord.cases.models.case_type import CaseType, CaseTypeVersion, Category
from lyhord.cases.states import CLOSED, State
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.files.models import StoredDocument, StoredFile
from lyhord.organisations.models import TenantModel, Unit
from lyhord.places.models import Area

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

CLOSED_STATES = sorted(state.value for state in CLOSED)
STATE_CHOICES = [(state.value, state.value) for state in State]


_NARROWED_BY = ("open", "state", "kind", "category", "case_type", "area", "registered_at")
"""What the public list is narrowed by: in its indexes, so that cases passed over need not be looked up."""


class CaseQuerySet(TenantQuerySet["Case"]):
    """Reads of cases, "who may see" included."""

    def visible_to(self, staff: "Staff") -> Self:
        """What a member of staff may see: their own units; with the right, every unit that is not confidential."""
        if not staff.may(Permission.SEE_CASES):
            return self.none()
        everywhere = staff.may(Permission.SEE_ALL_CASES)
        if len(staff.unit_ids) == 1 and not everywhere:
            return self.filter(unit_id=next(iter(staff.unit_ids)))  # read from its index in order, not sorted
        return self.of_units(sorted(staff.unit_ids), everywhere=everywhere)

    def of_units(self, unit_ids: list[int], *, everywhere: bool) -> Self:
        """The cases of some units; with `everywhere` also those of every unit that is not confidential."""
        own = Q(unit_id__any=unit_ids)
        return self.filter(Q(confidential=False) | own if everywhere else own)

    def open(self) -> Self:
        """Not closed."""
        return self.filter(open=True)

    def published(self) -> Self:
        """On the public list and map."""
        return self.filter(publication_state=Case.Published.PUBLISHED)


class Case(TenantModel):
    """One errand of one resident, from the first word to the last."""

    class Published(models.TextChoices):
        """Whether others may read it."""

        CLOSED = "closed"  # not asked for, or not allowed here
        REVIEW = "review"  # waits for somebody to read it through
        PUBLISHED = "published"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    uid = models.UUIDField(default=uuid4)
    number = models.CharField(max_length=20)  # "26-4817"
    kind = models.CharField(max_length=20)
    case_type = TenantForeignKey(CaseType, models.PROTECT, related_name="cases")
    version = TenantForeignKey(CaseTypeVersion, models.PROTECT, related_name="+")
    category = TenantForeignKey(Category, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField()
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="sv")
    channel = models.CharField(max_length=20)

    state = models.CharField(max_length=20, choices=STATE_CHOICES, default=State.RECEIVED.value)
    state_reason = models.TextField(blank=True)
    state_until = models.DateField(null=True)  # planned for, or waiting until
    responsible = models.CharField(max_length=200, blank=True)  # who does it, when we do not
    duplicate_of = TenantForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    open = models.GeneratedField(
        expression=ExpressionWrapper(~Q(state__in=CLOSED_STATES), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    unit = TenantForeignKey(Unit, models.PROTECT, related_name="cases")
    officer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="cases", db_index=False)
    route_kind = models.CharField(max_length=20)  # rule, category, fallback, address, person
    route_reason = models.TextField()
    confidential = models.BooleanField(default=False)  # its unit is confidential
    protected = models.BooleanField(default=False)  # the reporter has protected identity

    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    position_source = models.CharField(max_length=10, blank=True)
    place_text = models.CharField(max_length=200, blank=True)
    cell = models.BigIntegerField(null=True)  # Morton cell of the position
    area = TenantForeignKey(Area, models.PROTECT, null=True, related_name="+")

    registered_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    became_good = models.BooleanField(null=True)  # by the reporter, since it was last closed; null: nothing said
    waiting_since = models.DateTimeField(null=True)  # the resident waits for us since then; null: they do not
    unread = models.BooleanField(default=True)  # something new from the resident
    resident_wrote = models.BooleanField(default=False)  # more than the report itself
    wants_feedback = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)  # grows with every change: two people never overwrite each other

    follow_digest = models.BinaryField(max_length=32)
    follow_version = models.PositiveSmallIntegerField(default=1)
    publication_state = models.CharField(max_length=10, choices=Published, default=Published.CLOSED)
    followers = models.PositiveIntegerField(default=0)
    has_documents = models.BooleanField(default=False)  # so that they are asked for only where there are some

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="case_number"),
            models.UniqueConstraint(fields=["organisation", "follow_digest"], name="case_follow_digest"),
        ]
        indexes = [
            # The desk's lists, each in its order: fifty rows are read from the beginning, however many there are.
            models.Index(
                F("organisation"), F("unit"), F("waiting_since"), F("id"), condition=Q(open=True), name="case_inbox"
            ),
            models.Index(
                F("organisation"), F("waiting_since"), F("id"), F("unit"), condition=Q(open=True), name="case_waiting"
            ),
            models.Index(
                F("organisation"),
                F("officer"),
                F("waiting_since"),
                F("id"),
                condition=Q(open=True, officer__isnull=False),
                name="case_officer",
            ),
            models.Index(
                F("organisation"),
                F("waiting_since"),
                F("id"),
                F("unit"),
                condition=Q(open=True, officer__isnull=True),
                name="case_unassigned",
            ),
            models.Index(F("organisation"), F("id"), condition=Q(open=False), name="case_closed"),
            models.Index(
                F("organisation"),
                F("unit"),
                condition=Q(open=True, unread=True, resident_wrote=True),
                name="case_new_answer",
            ),
            models.Index(
                F("organisation"), F("unit"), condition=Q(state__in=["planned", "waiting"]), name="case_put_off"
            ),
            models.Index(F("organisation"), F("registered_at").desc(), F("id").desc(), name="case_newest"),
            models.Index(  # with what a map shows of each, so that the rows need not be looked up
                F("organisation"),
                F("cell"),
                condition=Q(publication_state="published"),
                include=("id", "number", "kind", "state", "lat", "lon"),
                name="case_tile",
            ),
            models.Index(F("organisation"), F("cell"), condition=Q(open=True), name="case_nearby"),
            models.Index(
                F("organisation"),
                F("id").desc(),
                condition=Q(publication_state="published"),
                include=_NARROWED_BY,
                name="case_published",
            ),
            models.Index(
                F("organisation"),
                F("id").desc(),
                condition=Q(publication_state="published", open=True),
                include=_NARROWED_BY,
                name="case_published_open",
            ),
            models.Index(
                F("organisation"),
                F("changed_at"),
                F("id"),
                condition=Q(publication_state="published"),
                name="case_changed",
            ),
            models.Index(F("organisation"), F("id"), condition=Q(publication_state="review"), name="case_review"),
            models.Index(
                F("organisation"), F("duplicate_of"), condition=Q(duplicate_of__isnull=False), name="case_duplicates"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Reporter(TenantModel):
    """Who said it, kept apart from the case: may be nobody at all."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="reporters")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    sender_kind = models.CharField(max_length=20, default="person")  # person, company, association, visitor
    organisation_name = models.CharField(max_length=120, blank=True)  # of a company or an association
    organisation_number = models.CharField(max_length=13, blank=True)  # "212000-0142"
    protected = models.BooleanField(default=False)

    objects = TenantQuerySet["Reporter"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "case"], name="reporter_once")]
        indexes = [
            models.Index(F("organisation"), F("email"), condition=~Q(email=""), name="reporter_email"),
        ]

    def __str__(self) -> str:
        return "…"


class Side(models.TextChoices):
    """Who speaks: a message from the resident, from the municipality, or a note among staff."""

    RESIDENT = "resident"
    OFFICE = "office"
    INTERNAL = "internal"


class Message(TenantModel):
    """Something said in a case."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    author_label = models.CharField(max_length=160, blank=True)
    text = models.TextField()
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()
    external_id = models.CharField(max_length=200, blank=True)

    objects = TenantQuerySet["Message"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "case", "id"], name="message_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "case", "external_id"], condition=~Q(external_id=""), name="message_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.at:%Y-%m-%d}"


class Photo(TenantModel):
    """A picture in a case; unpublished until somebody says otherwise."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="photos")
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="photos")
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    alt = models.CharField(max_length=200, blank=True)
    internal = models.BooleanField(default=False)
    published = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TenantQuerySet["Photo"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "case"], name="photo_case")]

    def __str__(self) -> str:
        return str(self.file_id)


class Document(TenantModel):
    """A file in a case that is no picture: for staff only, and never published."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="documents")
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="documents")
    file = TenantForeignKey(StoredDocument, models.PROTECT, related_name="+")

    objects = TenantQuerySet["Document"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "case"], name="document_case"),
            models.Index(fields=["organisation", "file"], name="document_file"),
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class Publication(TenantModel):
    """What others may read: the text as it was reviewed, which may differ from what was sent."""

    case = TenantForeignKey(Case, models.CASCADE, related_name="publications")
    title = models.CharField(max_length=200)
    text = models.TextField()
    answer = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = TenantQuerySet["Publication"].as_manager()

    class Meta:
        constraints = [  # with what a map writes, so that its thousand rows need not be looked up
            models.UniqueConstraint(fields=["organisation", "case"], include=["title"], name="publication_once")
        ]

    def __str__(self) -> str:
        return self.title
