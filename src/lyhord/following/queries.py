"""Who follows a subject."""

from datetime import timedelta
from uuid import UUID

from lyhord.core.clock import now
from lyhord.core.tenancy import TenantQuerySet
from lyhord.following.models import Follow


def confirmed_followers(subject_type: str, subject_id: int) -> TenantQuerySet[Follow]:
    """Those who have confirmed their address, oldest first."""
    found = Follow.objects.filter(subject_type=subject_type, subject_id=subject_id, confirmed_at__isnull=False)
    return found.select_related("push").order_by("pk")


def count(subject_type: str, subject_id: int) -> int:
    """How many have confirmed."""
    return confirmed_followers(subject_type, subject_id).count()


def by_token(token: UUID) -> Follow | None:
    """What a link in a message is about, or None; reading it changes nothing."""
    return Follow.objects.filter(token=token).first()


def unconfirmed_since(email: str, period: timedelta) -> int:
    """How many questions an address has been asked lately without saying yes: somebody else may be typing it."""
    return Follow.objects.filter(email=email, confirmed_at__isnull=True, created_at__gt=now() - period).count()
