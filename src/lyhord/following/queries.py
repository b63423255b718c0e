"""Who follows a subject."""

from datetime import timedelta
from uuid import UUID

from lyhord.core.clock import now
from lyhord.core.tenancy import TenantQuerySet
from lyhord.following.models import NOTHING, Follow, Profile, Role
from lyhord.notifications.models import Contact

ANSWER_WITHIN = timedelta(days=7)
"""How long the question whether one wants to follow can be answered; then the wish is forgotten."""


def of_subject(subject_type: str, subject_id: int, role: Role) -> TenantQuerySet[Follow]:
    """All in that role, confirmed or not, with their contacts; oldest first."""
    found = Follow.objects.filter(subject_type=subject_type, subject_id=subject_id, role=role)
    return found.select_related("contact").order_by("pk")


def confirmed(subject_type: str, subject_id: int, role: Role) -> TenantQuerySet[Follow]:
    """Those who have said yes, with their contacts; oldest first."""
    return of_subject(subject_type, subject_id, role).filter(confirmed_at__isnull=False)


def count(subject_type: str, subject_id: int) -> int:
    """How many follow what is shown to all, and have said yes; not those who only want to hear nothing of it."""
    return confirmed(subject_type, subject_id, Role.FOLLOWER).exclude(level=NOTHING).count()


def of_one(subject_type: str, subject_id: int, contact: Contact) -> Follow | None:
    """How a contact follows a subject, or None."""
    found = Follow.objects.filter(subject_type=subject_type, subject_id=subject_id, contact=contact)
    return found.select_related("contact").first()


def of_contact(contact: Contact) -> TenantQuerySet[Follow]:
    """Everything that a contact hears of, newest first."""
    return Follow.objects.filter(contact=contact, confirmed_at__isnull=False).order_by("-pk")


def by_token(token: UUID) -> Follow | None:
    """What a link in a message is about, with its contact, or None; reading it changes nothing."""
    return Follow.objects.filter(token=token).select_related("contact").first()


def profile_by_token(token: UUID) -> Profile | None:
    """What a link about a standing interest is about, with its contact, or None; reading it changes nothing."""
    return Profile.objects.filter(token=token).select_related("contact").first()


def profiles_of(contact: Contact) -> list[Profile]:
    """A contact's standing interests that count, the oldest first."""
    return list(Profile.objects.filter(contact=contact, confirmed_at__isnull=False).order_by("pk"))


def unconfirmed_since(contact: Contact, period: timedelta) -> int:
    """How many questions an address has been asked lately without saying yes: somebody else may be typing it."""
    return Follow.objects.filter(contact=contact, confirmed_at__isnull=True, created_at__gt=now() - period).count()


def is_too_late(asked: Follow | Profile) -> bool:
    """Whether the question can no longer be answered."""
    return asked.confirmed_at is None and asked.created_at + ANSWER_WITHIN <= now()
