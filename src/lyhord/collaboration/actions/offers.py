"""A case is put in the common queue, and taken out of it again."""

from copy import copy
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import check_revision, lock, log
from lyhord.cases.models import Case, Reporter
from lyhord.collaboration.locks import together_in
from lyhord.collaboration.models import Group, Offer, Outcome, Partner, PoolEntry
from lyhord.collaboration.notices import PoolOffered
from lyhord.collaboration.snapshot import hindrance, snapshot
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound, Text
from lyhord.core.tenancy import organisation_scope
from lyhord.core.text import clean_text
from lyhord.notifications.actions import queue
from lyhord.organisations.models import Organisation, Unit

REASON_LENGTH, TITLE_LENGTH, TEXT_LENGTH = 1000, 200, 10_000


@transaction.atomic
def offer(
    *,
    case_id: int,
    group_id: int,
    reason: str,
    title: str,
    text: str,
    by: Actor,
    contact: bool = False,
    revision: int | None = None,
) -> Offer:
    """Ask the others in the group whether one of them can take the case.

    `title` and `text` are what they read, as somebody here has read them through; what looks like personal data is
    taken out of them all the same. `contact` says that the reporter has agreed that name, contact and their own words
    go along. Raises Invalid with a sentence per field ("group", "reason", "title", "text", "" …).
    """
    group = Group.objects.filter(pk=group_id, joined=True).first()
    if group is None:
        raise Invalid({"group": _("Välj vilka som ska få frågan.")})
    together_in(group.uid)
    case = lock(case_id, revision=revision)
    reporter = Reporter.objects.filter(case=case).first()
    reason, title, text = clean_text(reason), clean_text(title, one_line=True), clean_text(text)
    _check(case, reporter, reason=reason, title=title, text=text)
    member_ids = _member_ids(group)
    if not member_ids:
        raise Invalid({"group": _("Ingen annan är med i gruppen än.")})
    made = Offer.objects.create(case=case, group=group, contact=contact, offered_at=now())
    log(case, "offered", by, group=group.name, reason=reason, contact=contact)
    # All of it is read here: inside another organisation's scope nothing of ours is there.
    entry = _entry(made, case, reporter, reason=reason, title=title, text=text)
    for member_id in member_ids:
        with organisation_scope(member_id):
            _show(copy(entry), group.uid)
    return made


def _check(case: Case, reporter: Reporter | None, *, reason: str, title: str, text: str) -> None:
    if problem := hindrance(case, reporter):
        raise Invalid({"": problem})
    if Offer.objects.filter(case=case, state=Outcome.OPEN).exists():
        raise Conflict(_("Ärendet ligger redan i den gemensamma kön."))
    errors: dict[str, Text] = {}
    if not reason:
        errors["reason"] = _("Skriv varför någon annan borde ta det. En mening räcker.")
    if not title:
        errors["title"] = _("Skriv en rubrik.")
    if not text:
        errors["text"] = _("Skriv det som de andra ska läsa.")
    for name, said, most in (
        ("reason", reason, REASON_LENGTH),
        ("title", title, TITLE_LENGTH),
        ("text", text, TEXT_LENGTH),
    ):
        if len(said) > most:
            errors[name] = _("Skriv kortare, med högst %(limit)s tecken. Det du skrev finns kvar.") % {"limit": most}
    if errors:
        raise Invalid(errors)


def _member_ids(group: Group) -> list[int]:
    """The others that have joined, in the order in which their rows are always written."""
    partners = Partner.objects.filter(group=group, joined=True).exclude(member_id=group.organisation_id)
    return sorted(partners.values_list("member_id", flat=True))


def _entry(made: Offer, case: Case, reporter: Reporter | None, *, reason: str, title: str, text: str) -> PoolEntry:
    """What the others get to know, not yet anybody's."""
    shown = snapshot(case, reporter, title=title, text=text)
    return PoolEntry(
        uid=made.uid,
        giver=Organisation.objects.get(pk=made.organisation_id),
        number=case.number,
        reason=snapshot(case, reporter, text=reason).text,
        title=shown.title,
        text=shown.text,
        place_text=shown.place_text,
        kind=case.kind,
        type_code=case.case_type.code,
        type_name=case.version.description.title("sv")[:200],
        lat=case.lat,
        lon=case.lon,
        language=case.language,
        contact=made.contact,
        registered_at=case.registered_at,
        offered_at=made.offered_at,
    )


def _show(entry: PoolEntry, group_uid: UUID) -> None:
    """Write the offer into the queue of the organisation in scope, and tell the unit that gets what nobody else has."""
    entry.group = Group.objects.select_related("organisation").get(uid=group_uid)
    entry.organisation = entry.group.organisation
    entry.save()
    unit = Unit.objects.filter(fallback=True).exclude(email="").first()
    if unit is not None:
        queue(PoolOffered(organisation=entry.organisation, entry=entry), address=unit.email)


@transaction.atomic
def withdraw(*, case_id: int, by: Actor, reason: Text = "", revision: int | None = None) -> None:
    """Take a case out of the common queue; again changes nothing. Conflict when somebody has just taken it."""
    waiting = Offer.objects.filter(case_id=case_id).select_related("group").order_by("pk").last()
    if waiting is None:
        raise NotFound
    if waiting.group is not None:
        together_in(waiting.group.uid)
    found = Offer.objects.select_for_update(of=("self",)).select_related("case").get(pk=waiting.pk)
    check_revision(found.case, revision)
    if found.state == Outcome.TAKEN:
        raise Conflict(_("En annan kommun hann ta det. Ärendet är deras nu."))
    if found.state == Outcome.WITHDRAWN:
        return
    found.state = Outcome.WITHDRAWN
    found.save(update_fields=["state"])
    log(found.case, "offer_withdrawn", by, reason=str(reason))
    end_entries(found, Outcome.WITHDRAWN)


def end_entries(ended: Offer, outcome: Outcome, *, taker: Organisation | None = None) -> None:
    """Tell every member's queue how it ended, and take away there what was said.

    For the actions of this app, in the scope of the giving organisation.
    """
    for member_id in _member_ids(ended.group) if ended.group else []:
        with organisation_scope(member_id):
            PoolEntry.objects.filter(uid=ended.uid).update(
                state=outcome, taker=taker, title="", text="", reason="", place_text="", lat=None, lon=None
            )
