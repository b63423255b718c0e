"""Others who follow a published case: asked for, confirmed, ended."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.actions.ways import way_confirmed
from lyhord.cases.models import Case
from lyhord.cases.notices import FollowConfirm
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.following import actions as following
from lyhord.following.models import Follow, Role
from lyhord.following.queries import count, unconfirmed_since
from lyhord.notifications.actions import tell
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation

QUESTIONS_A_DAY = 10  # to one address that has not said yes: the form must not be a way to fill somebody's mailbox


@transaction.atomic
def follow_case(*, case_id: int, address: str, language: str, by: Actor, sender: str = "email") -> Follow:
    """Ask the address whether it wants the same news as the reporter of a published case.

    Nothing is sent to it before it says yes, and it is asked once a day at most. NotFound for a case that is not
    published, Invalid (for "address") for no address. The caller's answer is the same whether or not a question was
    sent.
    """
    case = Case.objects.published().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    contact = contact_for(sender=sender, address=address, language=language)
    follow = following.follow(subject_type=SUBJECT, subject_id=case.pk, contact=contact, by=by)
    if follow.confirmed_at is None and unconfirmed_since(contact, timedelta(days=1)) <= QUESTIONS_A_DAY:
        organisation = Organisation.objects.get(pk=case.organisation_id)
        tell(FollowConfirm(organisation=organisation, case=case, follow=follow), contact=contact)
    return follow


@transaction.atomic
def confirm_follow(*, token: UUID, by: Actor) -> Follow:
    """The address says yes. NotFound for a link that is nobody's, or too old."""
    follow = following.confirm(token=token, by=by)
    if follow.subject_type == SUBJECT:
        if follow.role == Role.REPORTER:
            way_confirmed(follow=follow, by=by)
        else:
            _count(follow)
    return follow


@transaction.atomic
def stop_following(*, token: UUID, by: Actor) -> Follow | None:
    """Forget that the address follows, or is told as the reporter; None when it was forgotten already."""
    follow = following.stop(token=token, by=by)
    if follow is not None and follow.role == Role.FOLLOWER:
        _count(follow)
    return follow


@transaction.atomic
def stop_all_following(*, contact: Contact, by: Actor) -> int:
    """The contact wants no more of anything: not as follower, not as reporter. Returns how much it was told of."""
    stopped = following.stop_all(contact=contact, by=by)
    for follow in stopped:
        if follow.role == Role.FOLLOWER:
            _count(follow)
    return len(stopped)


@transaction.atomic
def stop_address(*, sender: str, address: str, by: Actor) -> int:
    """The same by the address itself: somebody answers STOPP to a text message. 0 when it is nobody's contact."""
    plugin = SENDERS.find(sender)
    try:
        known_as = plugin.clean(address) if plugin else address
    except Invalid:
        return 0
    contact = Contact.objects.filter(sender=sender, address=known_as).first()
    return stop_all_following(contact=contact, by=by) if contact else 0


def _count(follow: Follow) -> None:
    """Count the followers anew while the case is locked, so that two at once both count; no change to the revision."""
    if follow.subject_type != SUBJECT:
        return
    if Case.objects.select_for_update().filter(pk=follow.subject_id).first():
        Case.objects.filter(pk=follow.subject_id).update(followers=count(SUBJECT, follow.subject_id))
