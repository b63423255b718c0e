"""Browsers that are told of news: taking one in, and forgetting it."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.http import OutwardError, check_url
from lyhord.core.tenancy import require_organisation_id
from lyhord.notifications import webpush
from lyhord.notifications.models import Contact, PushSubscription

SUBJECT = "push"
SENDER = "push"
_NOT_USABLE = _("Vi kan inte skicka aviseringar till den här enheten. Välj mejl i stället.")


@transaction.atomic
def subscribe(*, endpoint: str, key: str, secret: str, by: Actor) -> PushSubscription:
    """Take in what a browser's `PushManager.subscribe` gave: its endpoint, and p256dh and auth as base64url.

    The same browser again is the same row, with the keys it has now. Invalid for what could not be sent to.
    """
    given = _checked(endpoint, key, secret)
    found, new = PushSubscription.objects.update_or_create(
        organisation_id=require_organisation_id(),
        digest=hashlib.sha256(endpoint.encode()).digest(),
        defaults=given,
        create_defaults={**given, "endpoint": endpoint, "created_at": now()},
    )
    if new:
        record(verb="push.subscribed", subject_type=SUBJECT, subject_id=found.pk, by=by, level=1)
    return found


def _checked(endpoint: str, key: str, secret: str) -> dict[str, bytes]:
    try:
        url = check_url(endpoint)
        point, shared = webpush.from_unpadded(key), webpush.from_unpadded(secret)
        webpush.public_key_of(point)
    except (OutwardError, ValueError) as error:
        raise Invalid({"push": _NOT_USABLE}) from error
    if len(shared) != webpush.SECRET_LENGTH or (url.scheme != "https" and not settings.OUTWARD_ALLOW):
        raise Invalid({"push": _NOT_USABLE})
    return {"key": point, "secret": shared}


@transaction.atomic
def forget(*, uid: UUID, by: Actor) -> bool:
    """Forget a browser and all it is told of; False when it was forgotten already."""
    found = PushSubscription.objects.select_for_update().filter(uid=uid).first()
    if found is None:
        return False
    record(verb="push.forgotten", subject_type=SUBJECT, subject_id=found.pk, by=by, level=1)
    PushSubscription.objects.filter(pk=found.pk).delete()
    Contact.objects.filter(sender=SENDER, address=str(uid)).delete()  # what it is told of goes along
    return True
