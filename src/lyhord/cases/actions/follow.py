"""Who hears of a case: others who follow a published one, and the reporter, who may change their mind."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.tell import OWN_CASE
from lyhord.cases.models import Case, Reporter
from lyhord.cases.notices import FollowConfirm
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.mail_address import mail_address
from lyhord.following import actions as following
from lyhord.following.models import Follow
from lyhord.following.queries import count, unconfirmed_since
from lyhord.notifications import push
from lyhord.notifications.actions import queue
from lyhord.organisations.models import Organisation

SUBJECT = "case"
QUESTIONS_A_DAY = 10  # to one address that has not said yes: the form must not be a way to fill somebody's mailbox

MOST_DEVICES = 5  # told of one case


@transaction.atomic
def follow_case(*, case_id: int, email: str, language: str, by: Actor) -> Follow:
    """Ask the address whether it wants the same news as the reporter of a published case.

    Nothing is sent to it before it says yes, and it is asked once a day at most. NotFound for a case that is not
    published, Invalid for no address. The caller's answer is the same whether or not a question was sent.
    """
    case = Case.objects.published().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    follow = following.follow(subject_type=SUBJECT, subject_id=case.pk, email=email, language=language, by=by)
    if follow.confirmed_at is None and unconfirmed_since(follow.email, timedelta(days=1)) <= QUESTIONS_A_DAY:
        organisation = Organisation.objects.get(pk=case.organisation_id)
        queue(FollowConfirm(organisation=organisation, case=case, follow=follow), address=follow.email)
    return follow


@transaction.atomic
def confirm_follow(*, token: UUID, by: Actor) -> Follow:
    """The address says yes. NotFound for a link that is nobody's."""
    follow = following.confirm(token=token, by=by)
    _count(follow)
    return follow


@transaction.atomic
def stop_following(*, token: UUID, by: Actor) -> Follow | None:
    """Forget the address; None when it was forgotten already."""
    follow = following.stop(token=token, by=by)
    if follow is not None:
        _count(follow)
    return follow


def _count(follow: Follow) -> None:
    """Count the followers anew while the case is locked, so that two at once both count; no change to the revision."""
    if follow.subject_type != SUBJECT:
        return
    if Case.objects.select_for_update().filter(pk=follow.subject_id).first():
        Case.objects.filter(pk=follow.subject_id).update(followers=count(SUBJECT, follow.subject_id))


@transaction.atomic
def mail_reporter(*, case_id: int, email: str, by: Actor, revision: int | None = None) -> Case:
    """The reporter, known by their follow code, wants news by mail to this address. Invalid when it is none."""
    address = mail_address(email)
    case = lock(case_id, revision=revision)
    Reporter.objects.update_or_create(
        organisation_id=case.organisation_id,
        case=case,
        defaults={"email": address},
        create_defaults={"email": address, "protected": case.protected},
    )
    if not case.wants_feedback:
        case.wants_feedback = True
        save(case, "wants_feedback")
    log(case, "mail_wanted", by, level=1)
    return case


@transaction.atomic
def stop_mail(*, case_id: int, by: Actor, revision: int | None = None) -> Case:
    """The reporter wants no more mail about the case; what is said in it can still be read by the code."""
    case = lock(case_id, revision=revision)
    if case.wants_feedback:
        case.wants_feedback = False
        save(case, "wants_feedback")
        log(case, "mail_stopped", by, level=1)
    return case


@transaction.atomic
def push_reporter(*, case_id: int, endpoint: str, key: str, secret: str, language: str, by: Actor) -> Follow:
    """The reporter, known by their follow code, wants news in the browser that gave this (Web Push).

    Invalid for a browser that cannot be sent to, and when too many devices are told already.
    """
    case = lock(case_id)
    subscription = push.subscribe(endpoint=endpoint, key=key, secret=secret, by=by)
    others = Follow.objects.filter(subject_type=OWN_CASE, subject_id=case.pk).exclude(push=subscription)
    if others.count() >= MOST_DEVICES:
        raise Invalid(
            {"push": _("Så många enheter kan inte få aviseringar om samma ärende. Stäng av på en annan först.")}
        )
    follow = following.follow_by_push(
        subject_type=OWN_CASE, subject_id=case.pk, subscription=subscription, language=language, by=by
    )
    if not case.wants_feedback:
        case.wants_feedback = True
        save(case, "wants_feedback")
    log(case, "push_wanted", by, level=1)
    return follow


@transaction.atomic
def stop_push(*, case_id: int, device: UUID, by: Actor) -> bool:
    """The device, named by its subscription's uid, is told no more of the case; False when it was not."""
    case = lock(case_id)
    follow = Follow.objects.filter(subject_type=OWN_CASE, subject_id=case.pk, push__uid=device).first()
    if follow is None:
        return False
    following.stop(token=follow.token, by=by)
    if not Follow.objects.filter(push__uid=device).exists():
        push.forget(uid=device, by=by)
    log(case, "push_stopped", by, level=1)
    return True
