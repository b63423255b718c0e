"""News on a device (Web Push): whoever holds the browser that hands itself over is its owner, so nobody is asked.

Each wish of a device is its own: changed and ended by its own link, whatever becomes of what it was made from.
"""

from uuid import UUID

from django.db import transaction

from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.following import profile_actions
from lyhord.following.models import Profile
from lyhord.following.queries import profile_by_token
from lyhord.following.rule import Rule
from lyhord.notifications import push
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact


@transaction.atomic
def contact_of_device(*, endpoint: str, key: str, secret: str, language: str, by: Actor) -> Contact:
    """The contact of the browser that gave this, the same each time. Invalid when it cannot be sent to."""
    subscription = push.subscribe(endpoint=endpoint, key=key, secret=secret, by=by)
    return contact_for(sender=push.SENDER, address=str(subscription.uid), language=language)


@transaction.atomic
def watch_on_device(*, token: UUID, endpoint: str, key: str, secret: str, language: str, by: Actor) -> Profile:
    """The same alert for the device that its owner reads it on; again it is the same.

    NotFound for a token that is nobody's and for an alert that nobody has said yes to, Conflict for a device that has
    too many.
    """
    found = profile_by_token(token)
    if found is None or found.confirmed_at is None:
        raise NotFound
    contact = contact_of_device(endpoint=endpoint, key=key, secret=secret, language=language, by=by)
    Contact.objects.select_for_update().get(pk=contact.pk)  # two presses are one after the other
    same = Profile.objects.filter(contact=contact, name=found.name, rule=found.rule, level=found.level).first()
    if same is not None:
        return same
    rule = Rule.from_json(found.rule)
    made = profile_actions.create(contact=contact, name=found.name, rule=rule, level=found.level, by=by)
    return profile_actions.confirm(token=made.token, by=by)
