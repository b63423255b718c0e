"""Residents who follow one matter: asked for, and asked whether to go on."""

from django.db import transaction

from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.following import actions as following
from lyhord.following.asking import ask_owner
from lyhord.following.device_actions import contact_of_device
from lyhord.following.models import Follow
from lyhord.matters.models import Matter
from lyhord.matters.notices import MatterFollowConfirm, MatterFollowEnds
from lyhord.notifications.actions import tell
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact
from lyhord.organisations.models import Organisation

SUBJECT = "matter"


@transaction.atomic
def follow_matter(*, matter_id: int, sender: str, address: str, language: str, level: int, by: Actor) -> Follow:
    """Ask an address whether it wants to hear of a matter that is shown; nothing else is sent before it says yes.

    NotFound for a matter that is not shown, Invalid (for "address") for no address. The caller's answer is the same
    whether or not a question was sent.
    """
    matter = _shown(matter_id)
    contact = contact_for(sender=sender, address=address, language=language)
    found = following.follow(subject_type=SUBJECT, subject_id=matter.pk, contact=contact, by=by, level=level)
    if found.confirmed_at is None:
        organisation = Organisation.objects.get(pk=matter.organisation_id)
        ask_owner(found, MatterFollowConfirm(organisation=organisation, matter=matter, follow=found), by=by)
    return found


@transaction.atomic
def follow_matter_as_owner(*, matter_id: int, contact: Contact, level: int, by: Actor) -> Follow:
    """The owner of a contact, who is logged in, follows at once, or wants another level. NotFound as above."""
    matter = _shown(matter_id)
    return following.follow_as_owner(subject_type=SUBJECT, subject_id=matter.pk, contact=contact, level=level, by=by)


@transaction.atomic
def follow_matter_on_device(
    *, matter_id: int, endpoint: str, key: str, secret: str, language: str, level: int, by: Actor
) -> Follow:
    """The browser that gave this (Web Push) follows at once, or wants another level. NotFound, Invalid as above."""
    matter = _shown(matter_id)
    contact = contact_of_device(endpoint=endpoint, key=key, secret=secret, language=language, by=by)
    return following.follow_as_owner(subject_type=SUBJECT, subject_id=matter.pk, contact=contact, level=level, by=by)


@transaction.atomic
def ask_to_renew_matter(*, follow_id: int, by: Actor) -> None:
    """Ask a follower whose time is nearly up; nobody who has stopped, renewed, or follows what is no longer shown."""
    found = Follow.objects.select_related("contact").filter(pk=follow_id, asked_to_renew_at__isnull=False).first()
    matter = Matter.objects.filter(pk=found.subject_id, hidden=False).first() if found else None
    if found is not None and matter is not None:
        organisation = Organisation.objects.get(pk=matter.organisation_id)
        tell(MatterFollowEnds(organisation=organisation, matter=matter, follow=found), contact=found.contact)


def _shown(matter_id: int) -> Matter:
    """The matter, or the one that it was merged into."""
    found = Matter.objects.select_related("merged_into").filter(pk=matter_id).first()
    if found is not None and found.merged_into is not None:
        found = found.merged_into
    if found is None or found.hidden:
        raise NotFound
    return found
