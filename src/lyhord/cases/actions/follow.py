"""Others who follow a published case: asked for, confirmed, ended."""

from uuid import UUID

from django.db import transaction

from lyhord.cases.actions.asking import ask_owner, purpose_of
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.actions.ways import way_confirmed
from lyhord.cases.models import Case
from lyhord.cases.notices import FollowConfirm, FollowEnds
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.following import actions as following
from lyhord.following import profile_actions
from lyhord.following.models import Follow, Role
from lyhord.following.queries import count, is_too_late
from lyhord.notifications.actions import tell
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Contact
from lyhord.notifications.one_time import Tried, try_code
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation


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
    if follow.confirmed_at is None:
        ask_owner(case, follow, FollowConfirm, by=by)
    return follow


@transaction.atomic
def confirm_follow(*, token: UUID, by: Actor) -> Follow:
    """The address says yes. NotFound for a link that is nobody's, or too old."""
    follow = following.confirm(token=token, by=by)
    if follow.subject_type == SUBJECT:
        if follow.role == Role.REPORTER:
            way_confirmed(follow=follow, by=by)
        else:
            _count(follow, by)
    return follow


@transaction.atomic
def confirm_by_code(*, follow_id: int, written: str, by: Actor) -> Tried:
    """The same for an address that was sent a code in place of a link; what is wrong changes nothing but the count."""
    follow = Follow.objects.select_related("contact").filter(pk=follow_id).first()
    if follow is None or is_too_late(follow):
        return Tried.TOO_LATE
    if follow.confirmed_at is not None:
        return Tried.RIGHT
    tried = try_code(contact=follow.contact, purpose=purpose_of(follow), written=written, by=by)
    if tried is Tried.RIGHT:
        confirm_follow(token=follow.token, by=by)
    return tried


@transaction.atomic
def ask_to_renew(*, follow_id: int, by: Actor) -> None:
    """Ask a follower whose time is nearly up; nobody who has stopped, renewed, or follows what is no longer shown."""
    follow = Follow.objects.select_related("contact").filter(pk=follow_id, asked_to_renew_at__isnull=False).first()
    case = Case.objects.published().filter(pk=follow.subject_id).first() if follow else None
    if follow is not None and case is not None:
        organisation = Organisation.objects.get(pk=case.organisation_id)
        tell(FollowEnds(organisation=organisation, case=case, follow=follow), contact=follow.contact)


@transaction.atomic
def stop_following(*, token: UUID, by: Actor) -> Follow | None:
    """Forget that the address follows, or is told as the reporter; None when it was forgotten already."""
    follow = following.stop(token=token, by=by)
    if follow is not None and follow.role == Role.FOLLOWER:
        _count(follow, by)
    return follow


@transaction.atomic
def stop_all_following(*, contact: Contact, by: Actor) -> int:
    """The contact wants no more of anything: not as follower, not as reporter. Returns how much it was told of."""
    stopped = following.stop_all(contact=contact, by=by)
    for follow in stopped:
        if follow.role == Role.FOLLOWER:
            _count(follow, by)
    return len(stopped) + profile_actions.end_all(contact=contact, by=by)


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


def _count(follow: Follow, by: Actor) -> None:
    """Of a case, its followers are shown."""
    if follow.subject_type == SUBJECT:
        count_followers(case_id=follow.subject_id, by=by)


@transaction.atomic
def count_followers(*, case_id: int, by: Actor) -> None:
    """Count the followers anew while the case is locked, so that two at once both count; no change to the revision."""
    if Case.objects.select_for_update().filter(pk=case_id).first():
        Case.objects.filter(pk=case_id).update(followers=count(SUBJECT, case_id))
