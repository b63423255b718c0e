"""Following and ceasing to. An address counts only once its owner has said yes by the link sent to it."""

from uuid import UUID

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.mail_address import mail_address
from lyhord.core.tenancy import require_organisation_id
from lyhord.following.models import Follow
from lyhord.notifications.models import PushSubscription


@transaction.atomic
def follow(*, subject_type: str, subject_id: int, email: str, language: str, by: Actor) -> Follow:
    """Note that somebody wants to know what happens with a subject; the same address again is the same follow.

    It is unconfirmed until `confirm`. The caller sends the question, and says the same to everybody, so that
    nobody learns who follows what. Raises Invalid when the address is none.
    """
    found, new = Follow.objects.get_or_create(
        organisation_id=require_organisation_id(),
        subject_type=subject_type,
        subject_id=subject_id,
        email=mail_address(email),
        defaults={"language": language, "created_at": now()},
    )
    if new:
        _log(found, "following.started", by)
    return found


@transaction.atomic
def follow_by_push(
    *, subject_type: str, subject_id: int, subscription: PushSubscription, language: str, by: Actor
) -> Follow:
    """Tell a browser of what happens with a subject, at once: its owner has said yes to it there."""
    at = now()
    found, new = Follow.objects.get_or_create(
        organisation_id=require_organisation_id(),
        subject_type=subject_type,
        subject_id=subject_id,
        push=subscription,
        defaults={"language": language, "created_at": at, "confirmed_at": at},
    )
    if new:
        _log(found, "following.started", by)
    return found


@transaction.atomic
def confirm(*, token: UUID, by: Actor) -> Follow:
    """The owner of the address says yes; saying it again changes nothing. NotFound for a token that is nobody's."""
    found = Follow.objects.select_for_update().filter(token=token).first()
    if found is None:
        raise NotFound
    if found.confirmed_at is None:
        found.confirmed_at = now()
        found.save(update_fields=["confirmed_at"])
        _log(found, "following.confirmed", by)
    return found


@transaction.atomic
def stop(*, token: UUID, by: Actor) -> Follow | None:
    """Forget the address. Returns what was followed, or None when it was forgotten already."""
    found = Follow.objects.select_for_update().filter(token=token).first()
    if found is None:
        return None
    _log(found, "following.stopped", by)
    Follow.objects.filter(pk=found.pk).delete()
    return found


def _log(found: Follow, verb: str, by: Actor) -> None:
    """An event about the subject; it never says whose address."""
    record(verb=verb, subject_type=found.subject_type, subject_id=found.subject_id, by=by, level=1)
