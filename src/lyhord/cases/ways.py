"""By which ways the reporter of a case hears of it, as those see it who hold the case's code or handle the case."""

from dataclasses import dataclass
from datetime import datetime

from lyhord.cases.models import Case
from lyhord.core.prepared import Prepared
from lyhord.following.models import Follow, Role
from lyhord.notifications.models import Contact
from lyhord.notifications.sender import SENDERS

_WAYS = Prepared(
    lambda case_id: (
        Follow.objects.filter(subject_type="case", subject_id=case_id, role=Role.REPORTER)
        .select_related("contact")
        .order_by("id")
    ),
    case_id=int,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way. `address` is shy: enough for its owner to know it, "" where even that would be too much."""

    follow_id: int
    sender: str
    label: str
    address: str
    confirmed: bool
    """Until then its owner has not said that the address is theirs: by a link, or `by_code`."""
    paused_at: datetime | None
    by_code: bool

    @property
    def works(self) -> bool:
        """Whether news goes by it now."""
        return self.confirmed and self.paused_at is None


def all_ways(case: Case) -> list[Way]:
    """Every way, also those that have not been confirmed."""
    return [_way(case, follow) for follow in _WAYS(case_id=case.pk)]


def ways_of(case: Case) -> list[Way]:
    """The ways that the reporter has chosen and confirmed; none when they want no messages."""
    return [way for way in all_ways(case) if way.confirmed] if case.wants_feedback else []


def shy_address(contact: Contact) -> str:
    """Enough of an address for its owner to know it; "" for one of somebody with protected identity."""
    own = Follow.objects.filter(contact=contact, subject_type="case", role=Role.REPORTER)
    if Case.objects.filter(pk__in=own.values("subject_id"), protected=True).exists():
        return ""
    sender = SENDERS.find(contact.sender)
    return sender.shy(contact.address) if sender else ""


def _way(case: Case, follow: Follow) -> Way:
    contact = follow.contact
    sender = SENDERS.find(contact.sender)
    return Way(
        follow_id=follow.pk,
        sender=contact.sender,
        label=str(sender.label) if sender else contact.sender,
        address=sender.shy(contact.address) if sender and not case.protected else "",
        confirmed=follow.confirmed_at is not None,
        paused_at=contact.paused_at,
        by_code=sender is not None and sender.proof == "code",
    )
