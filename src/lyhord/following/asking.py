"""Asking the owner of an address whether they want what somebody wished for it: by a link, or by a code."""

from datetime import timedelta

from lyhord.core.actor import Actor
from lyhord.following.models import Follow
from lyhord.following.queries import unconfirmed_since
from lyhord.notifications.actions import tell
from lyhord.notifications.kind import NoticeKind
from lyhord.notifications.one_time import send_code
from lyhord.notifications.sender import SENDERS

QUESTIONS_A_DAY = 10  # to one address that has not said yes: a form must not be a way to fill somebody's mailbox


def purpose_of(follow: Follow) -> str:
    """What a code for it is good for: this wish and no other."""
    return f"follow-{follow.pk}"


def ask_owner(follow: Follow, question: NoticeKind, *, by: Actor) -> None:
    """Send the question, once a day at most, or a code; nothing when the address has been asked too much of late.

    A code is for who has a page to write it on. Whoever has told staff their number gets a question to answer.
    """
    contact = follow.contact
    if unconfirmed_since(contact, timedelta(days=1)) > QUESTIONS_A_DAY:
        return
    if SENDERS.get(contact.sender).proof == "code" and by.kind != "person":
        send_code(contact=contact, purpose=purpose_of(follow), by=by)
        return
    tell(question, contact=contact)
