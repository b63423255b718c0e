"""Following and ceasing to. An address counts only once its owner has said yes: by a link sent to it, or a code."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.following.models import NOTHING, Follow, Role
from lyhord.following.queries import is_too_late
from lyhord.notifications.actions import drop
from lyhord.notifications.contact_actions import verify
from lyhord.notifications.models import Contact

WARNED_BEFORE = timedelta(days=7)
FOLLOWS_FOR = timedelta(days=180)
"""How long one follows what is not one's own; WARNED_BEFORE it ends one is asked whether to go on."""

LEVELS = (1, 2, 3)
"""The least of an event that is told: 1 all, 3 the most important."""

PRESSED_TWICE = timedelta(minutes=1)
"""So soon the same wish again is the same press, and no second question."""


@transaction.atomic(savepoint=False)
def follow(
    *,
    subject_type: str,
    subject_id: int,
    contact: Contact,
    by: Actor,
    role: Role = Role.FOLLOWER,
    confirmed: bool = False,
    level: int = 1,
) -> Follow:
    """Note that somebody wants to know what happens with a subject; the same contact again is the same follow.

    It is unconfirmed until `confirm`, unless it is `confirmed` from the start: whoever reports something gives the
    address to be told of it there and then. The caller sends the question, and says the same to everybody, so that
    nobody learns who follows what.
    """
    at = now()
    new = Follow(
        organisation_id=require_organisation_id(),
        subject_type=subject_type,
        subject_id=subject_id,
        contact=contact,
        role=role,
        created_at=at,
        confirmed_at=at if confirmed else None,
        level=level,
    )
    if insert(new, unless_taken=("organisation_id", "subject_type", "subject_id", "contact_id")):
        if role == Role.FOLLOWER:
            _log(new, "following.started", by)
        return new
    return _again(new, by)


def _again(wanted: Follow, by: Actor) -> Follow:
    """The follow that was there: asked anew if unconfirmed; who reports is no mere follower."""
    found = (
        Follow.objects.select_for_update(of=("self",))
        .select_related("contact")
        .get(subject_type=wanted.subject_type, subject_id=wanted.subject_id, contact=wanted.contact)
    )
    fields = []
    if found.confirmed_at is None and (wanted.confirmed_at or found.created_at < now() - PRESSED_TWICE):
        found.created_at, found.confirmed_at = wanted.created_at, wanted.confirmed_at
        found.level = wanted.level
        fields += ["created_at", "confirmed_at", "level"]
    if wanted.role == Role.REPORTER and found.role != Role.REPORTER:
        found.role, found.expires_at = Role.REPORTER, None
        fields += ["role", "expires_at"]
    if fields:
        found.save(update_fields=fields)
    return found


@transaction.atomic
def confirm(*, token: UUID, by: Actor) -> Follow:
    """The owner of the address says yes; saying it again changes nothing.

    NotFound for a token that is nobody's, and for a question that was asked too long ago.
    """
    found = Follow.objects.select_for_update(of=("self",)).select_related("contact").filter(token=token).first()
    if found is None or is_too_late(found):
        raise NotFound
    if found.confirmed_at is None:
        found.confirmed_at = now()
        found.expires_at = _ends(found.role, now())
        found.save(update_fields=["confirmed_at", "expires_at"])
        verify(contact_id=found.contact_id, by=by)
        _log(found, "following.confirmed", by)
    return found


@transaction.atomic
def choose(*, token: UUID, level: int, muted_until: datetime | None, by: Actor) -> Follow:
    """Another level, and silence until then, from now on. NotFound for a token that is nobody's, Invalid for no level.

    NOTHING says that the contact wants to hear nothing of the subject, also where an alert of theirs asks for it: what
    waits to tell them of it is taken out.
    """
    if level not in {*LEVELS, NOTHING}:
        raise Invalid({"level": _("Välj hur mycket du vill få veta.")})
    found = Follow.objects.select_for_update(of=("self",)).select_related("contact").filter(token=token).first()
    if found is None or found.confirmed_at is None or found.role != Role.FOLLOWER:
        raise NotFound
    if (found.level, found.muted_until) != (level, muted_until):
        found.level, found.muted_until = level, muted_until
        found.save(update_fields=["level", "muted_until"])
        _log(found, "following.changed", by)
    if level == NOTHING:
        drop(contact_id=found.contact_id, subject_type=found.subject_type, subject_id=found.subject_id, by=by)
    return found


@transaction.atomic
def follow_as_owner(*, subject_type: str, subject_id: int, contact: Contact, level: int, by: Actor) -> Follow:
    """The owner of a contact, who has shown that it is theirs, follows from now on, or wants another level."""
    found = follow(subject_type=subject_type, subject_id=subject_id, contact=contact, by=by, level=level)
    if found.role != Role.FOLLOWER:
        return found
    confirm(token=found.token, by=by)
    return choose(token=found.token, level=level, muted_until=None, by=by)


@transaction.atomic
def renew(*, token: UUID, by: Actor) -> Follow:
    """The owner wants to go on. NotFound for a token that is nobody's; nothing changes for what never ends."""
    found = Follow.objects.select_for_update(of=("self",)).select_related("contact").filter(token=token).first()
    if found is None or found.confirmed_at is None:
        raise NotFound
    if found.expires_at is not None:
        found.expires_at, found.asked_to_renew_at = now() + FOLLOWS_FOR, None
        found.save(update_fields=["expires_at", "asked_to_renew_at"])
        _log(found, "following.renewed", by)
    return found


@transaction.atomic
def end_old(*, by: Actor) -> int:
    """End what was not renewed in time, and say of the rest that it will soon end; returns how many ended.

    The app whose subject it is asks the owner (reactions to `following.ending`), since only it knows the words.
    """
    ended = Follow.objects.filter(expires_at__lte=now(), asked_to_renew_at__lte=now() - WARNED_BEFORE)
    tokens = list(ended.order_by("pk").values_list("token", flat=True))
    for token in tokens:
        stop(token=token, by=by)
    soon = Follow.objects.select_for_update().filter(
        expires_at__lte=now() + WARNED_BEFORE, asked_to_renew_at=None, confirmed_at__isnull=False
    )
    for found in soon.order_by("pk"):
        found.asked_to_renew_at = now()
        found.save(update_fields=["asked_to_renew_at"])
        data = {"follow": found.pk}
        record(
            verb="following.ending",
            subject_type=found.subject_type,
            subject_id=found.subject_id,
            by=by,
            data=data,
            level=1,
        )
    return len(tokens)


def _ends(role: str, at: datetime) -> datetime | None:
    return at + FOLLOWS_FOR if role == Role.FOLLOWER else None


@transaction.atomic
def stop(*, token: UUID, by: Actor) -> Follow | None:
    """Forget that the contact follows, and take out what waits to tell it. None when it was forgotten already."""
    found = Follow.objects.select_for_update(of=("self",)).select_related("contact").filter(token=token).first()
    if found is None:
        return None
    drop(contact_id=found.contact_id, subject_type=found.subject_type, subject_id=found.subject_id, by=by)
    _log(found, "following.stopped", by)
    Follow.objects.filter(pk=found.pk).delete()
    return found


@transaction.atomic
def stop_all(*, contact: Contact, by: Actor) -> list[Follow]:
    """The contact wants no more of anything; returns what it followed."""
    tokens = list(Follow.objects.filter(contact=contact).order_by("pk").values_list("token", flat=True))
    return [found for token in tokens if (found := stop(token=token, by=by)) is not None]


def _log(found: Follow, verb: str, by: Actor) -> None:
    """An event about the subject; it never says whose address."""
    record(verb=verb, subject_type=found.subject_type, subject_id=found.subject_id, by=by, level=1)
