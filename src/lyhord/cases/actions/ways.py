"""By which ways the reporter hears of their case: mail, text message, a browser, several, or none."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.asking import ask_owner
from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.tell import SUBJECT, code_of
from lyhord.cases.models import Case, Reporter
from lyhord.cases.notices import CaseReceived, ReporterConfirm
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.following import actions as following
from lyhord.following.models import Follow, Role
from lyhord.following.queries import of_subject
from lyhord.notifications import push
from lyhord.notifications.actions import tell
from lyhord.notifications.contact_actions import ask_again, contact_for
from lyhord.notifications.models import Contact
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation

CAME_WITH_IT = timedelta(minutes=1)
"""A way that was wished for so soon came with the report: its owner has had no receipt there yet."""
MOST_DEVICES = 5  # told of one case
KEPT_BY_REPORTER = {"email": "email", "sms": "phone"}
"""Where the case's own page keeps the address of a sender: staff look it up and search for it there."""


def contacts_for(ways: Iterable[tuple[str, str]], *, language: str) -> list[Contact]:
    """The contacts of the (sender, address) that somebody gives with a report.

    An address that can be none is left out: staff see it on the case all the same.
    """
    contacts = []
    for sender, address in ways:
        try:
            contacts.append(contact_for(sender=sender, address=address, language=language, renew=True))
        except Invalid:
            continue
    return contacts


def began_with(*, case: Case, contacts: Iterable[Contact], by: Actor) -> list[Follow]:
    """The reporter of a new case hears of it by these: they gave them to be told of it.

    A mail address counts at once. A telephone is shown to be theirs first (`ask_new`), unless it has been before.
    """
    return [
        following.follow(
            subject_type=SUBJECT,
            subject_id=case.pk,
            contact=contact,
            role=Role.REPORTER,
            confirmed=contact.verified_at is not None or SENDERS.get(contact.sender).proof != "code",
            by=by,
        )
        for contact in contacts
    ]


def ask_new(*, case: Case, follows: Iterable[Follow], by: Actor) -> None:
    """Ask the owners of those that do not count yet."""
    for follow in follows:
        if follow.confirmed_at is None:
            ask_owner(case, follow, ReporterConfirm, by=by)


@transaction.atomic
def add_way(*, case_id: int, sender: str, address: str, by: Actor, revision: int | None = None) -> Follow:
    """The reporter, known by their follow code, wants news to this address. Invalid (for "address") when it is none.

    The address is asked first whether it is theirs; until it says yes it gets nothing else. Where having it is proof
    enough (a browser that has just handed it over), it counts at once.
    """
    case = lock(case_id, revision=revision)
    contact = contact_for(sender=sender, address=address, language=case.language)
    asked = of_subject(SUBJECT, case.pk, Role.REPORTER).filter(contact=contact, confirmed_at=None).first()
    if asked is not None and asked.created_at > now() - following.PRESSED_TWICE:
        return asked
    proven = SENDERS.get(sender).proof == "none"
    follow = following.follow(
        subject_type=SUBJECT, subject_id=case.pk, contact=contact, role=Role.REPORTER, confirmed=proven, by=by
    )
    log(case, "way_wanted", by, level=1, sender=sender)
    if follow.confirmed_at is not None:
        way_confirmed(follow=follow, by=by)
    else:
        ask_owner(case, follow, ReporterConfirm, by=by)
    return follow


@transaction.atomic
def way_confirmed(*, follow: Follow, by: Actor) -> None:
    """A way that the reporter asked for counts: a new mail address or telephone takes the place of the one before."""
    case = lock(follow.subject_id)
    contact = follow.contact
    if field := KEPT_BY_REPORTER.get(contact.sender):
        for other in of_subject(SUBJECT, case.pk, Role.REPORTER).filter(contact__sender=contact.sender):
            if other.pk != follow.pk and other.confirmed_at is not None:
                following.stop(token=other.token, by=by)
        Reporter.objects.update_or_create(
            organisation_id=case.organisation_id,
            case=case,
            defaults={field: contact.address},
            create_defaults={field: contact.address, "protected": case.protected},
        )
    if not case.wants_feedback:
        case.wants_feedback = True
        save(case, "wants_feedback")
    if SENDERS.get(contact.sender).proof == "code" and follow.created_at < case.registered_at + CAME_WITH_IT:
        organisation = Organisation.objects.get(pk=case.organisation_id)
        tell(CaseReceived(organisation=organisation, case=case, code=code_of(case), follow=follow), contact=contact)


@transaction.atomic
def drop_ways(
    *, case_id: int, by: Actor, follow_id: int | None = None, sender: str | None = None, revision: int | None = None
) -> Case:
    """The reporter wants no more news by one way, by one sort of ways, or by any; it can still be read by the code."""
    case = lock(case_id, revision=revision)
    ways = of_subject(SUBJECT, case.pk, Role.REPORTER)
    if follow_id is not None:
        ways = ways.filter(pk=follow_id)
    if sender is not None:
        ways = ways.filter(contact__sender=sender)
    stopped = [following.stop(token=way.token, by=by) for way in ways]
    if stopped:
        log(case, "way_dropped", by, level=1)
    return case


@transaction.atomic
def wake_way(*, case_id: int, follow_id: int, by: Actor) -> None:
    """The reporter thinks that a paused address works again: it is asked."""
    for way in of_subject(SUBJECT, case_id, Role.REPORTER).filter(pk=follow_id, confirmed_at__isnull=False):
        ask_again(contact_id=way.contact_id, by=by)


@transaction.atomic
def push_reporter(*, case_id: int, endpoint: str, key: str, secret: str, language: str, by: Actor) -> Follow:
    """The reporter, known by their follow code, wants news in the browser that gave this (Web Push).

    Invalid for a browser that cannot be sent to, and when too many devices are told already.
    """
    case = lock(case_id)
    subscription = push.subscribe(endpoint=endpoint, key=key, secret=secret, by=by)
    contact = contact_for(sender=push.SENDER, address=str(subscription.uid), language=language)
    others = of_subject(SUBJECT, case.pk, Role.REPORTER).filter(contact__sender=push.SENDER).exclude(contact=contact)
    if others.count() >= MOST_DEVICES:
        raise Invalid(
            {"push": _("Så många enheter kan inte få aviseringar om samma ärende. Stäng av på en annan först.")}
        )
    return add_way(case_id=case.pk, sender=contact.sender, address=contact.address, by=by)


@transaction.atomic
def stop_push(*, case_id: int, device: UUID, by: Actor) -> bool:
    """The device, named by its subscription's uid, is told no more of the case; False when it was not."""
    case = lock(case_id)
    told = of_subject(SUBJECT, case.pk, Role.REPORTER).filter(contact__sender=push.SENDER, contact__address=str(device))
    if (follow := told.first()) is None:
        return False
    drop_ways(case_id=case.pk, follow_id=follow.pk, by=by)
    if not Follow.objects.filter(contact=follow.contact).exists():
        push.forget(uid=device, by=by)
    return True
