"""The event log: history, audit trail, change feed and the source of statistics."""

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import Walled


class EventQuerySet(TenantQuerySet["Event"]):
    """Reads of the log."""

    def about(self, subject_type: str, subject_id: int) -> "EventQuerySet":
        """The history of one thing, oldest first."""
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")

    def settled(self) -> "EventQuerySet":
        """Without those beside which an earlier one may still be committed.

        Who reads on from the last (transaction_id, id) seen misses nothing that way, though ids and transactions are
        handed out before they are committed.
        """
        oldest_running = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
        return self.filter(transaction_id__lt=oldest_running).order_by("transaction_id", "id")


class Event(Walled):
    """Something that happened; added to, never edited (the application's role has no right to).

    No foreign keys: the log outlives what it speaks of. `transaction_id` lets readers know how far the log is
    settled (EventQuerySet.settled), so that they never miss a row that was committed late.
    """

    organisation_id = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    level = models.PositiveSmallIntegerField(default=2)  # 1 detail, 2 normal, 3 the most important
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    transaction_id = models.BigIntegerField(
        editable=False, db_default=RawSQL("(pg_current_xact_id()::text::bigint)", [])
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("organisation_id"), F("subject_type"), F("subject_id"), F("id"), name="event_subject"),
            models.Index(F("organisation_id"), F("id"), name="event_order"),
            models.Index(F("organisation_id"), F("at"), F("id"), name="event_when"),
            # Those below hold little of what a registration writes: the log page's filters must not slow it.
            models.Index(
                F("organisation_id"),
                F("subject_type"),
                F("at"),
                F("id"),
                condition=~Q(subject_type="case"),
                name="event_settings",
            ),
            # So does this one, by which other systems read on.
            models.Index(
                F("organisation_id"),
                F("at"),
                F("id"),
                condition=Q(subject_type="case") & ~Q(verb="case.registered"),
                name="event_case_news",
            ),
            models.Index(
                F("organisation_id"),
                F("actor_id"),
                F("at"),
                F("id"),
                condition=Q(actor_kind="person"),
                name="event_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"

    @property
    def person(self) -> str:
        """Who did it, by name, and by which program or token where it was no page of ours."""
        via = self.data.get("via", "")
        return _("%(who)s, genom %(via)s") % {"who": self.actor_label, "via": via} if via else self.actor_label
