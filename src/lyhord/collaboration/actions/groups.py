"""Who belongs to a group. Each member has a copy of it; whoever changes it writes all copies."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.collaboration.actions.offers import withdraw
from lyhord.collaboration.locks import alone_with
from lyhord.collaboration.models import Group, Offer, Outcome, Partner
from lyhord.collaboration.queries import forget_groups
from lyhord.core.actor import Actor
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation

NAME_LENGTH = 80
MOST_MEMBERS = 50

Standing = dict[int, bool]
"""By organisation: True for one that has joined, False for one that has been asked."""


@transaction.atomic
def found_group(*, name: str, by: Actor) -> Group:
    """Begin a group with the organisation of this scope as its only member. Raises Invalid ("name")."""
    name, here = _checked_name(name), require_organisation_id()
    uid = uuid4()
    _write(uid, name, {}, {here: True})
    group = Group.objects.get(uid=uid)
    _log("founded", group, by)
    return group


@transaction.atomic
def invite(*, group_id: int, organisation: Organisation, by: Actor) -> None:
    """Ask another organisation to join; nothing is shared with it before an administrator there has said yes.

    Any member may ask, and every member reads in its log who has joined. Raises Invalid ("organisation").
    """
    group, before = _alone(group_id, joined=True)
    here = Organisation.objects.get(pk=group.organisation_id)
    if organisation.demo != here.demo:
        raise Invalid({"organisation": _("Vi hittar ingen kommun på den adressen.")})
    if organisation.pk in before:
        raise Invalid({"organisation": _("%(name)s är redan med eller tillfrågad.") % {"name": organisation.name}})
    if len(before) >= MOST_MEMBERS:
        raise Invalid({"organisation": _("Gruppen är full. Högst %(n)s kan vara med.") % {"n": MOST_MEMBERS}})
    _write(group.uid, group.name, before, {**before, organisation.pk: False})
    _log("invited", group, by, member=organisation.name)
    with organisation_scope(organisation.pk):
        theirs = Group.objects.get(uid=group.uid)
        _log("invited", theirs, Actor.system(here.name), member=organisation.name)


@transaction.atomic
def accept(*, group_id: int, by: Actor) -> Group:
    """Join a group that one has been asked to join; again changes nothing."""
    group, before = _alone(group_id)
    if not group.joined:
        _write(group.uid, group.name, before, {**before, group.organisation_id: True})
        _tell_all("joined", group.uid, [*before], group.organisation_id, by)
        group.refresh_from_db()
    return group


@transaction.atomic
def leave(*, group_id: int, by: Actor) -> None:
    """Leave a group, or say no to it. What one has in its queue is withdrawn first; cases taken over stay taken."""
    group, before = _alone(group_id)
    waiting = Offer.objects.filter(group=group, state=Outcome.OPEN).order_by("pk")
    for case_id in waiting.values_list("case_id", flat=True):
        withdraw(case_id=case_id, by=by, reason=_("Vi lämnade gruppen."))
    verb = "left" if group.joined else "declined"
    _tell_all(verb, group.uid, [*before], group.organisation_id, by)
    _write(group.uid, group.name, before, {pk: joined for pk, joined in before.items() if pk != group.organisation_id})


@transaction.atomic
def gather(*, name: str, members: Sequence[Organisation], by: Actor) -> UUID:
    """Make these organisations members of one group, as the one who runs the installation has agreed with all of them.

    When the first of them belongs to a group of that name, the others join it. Raises Invalid ("name", "members").
    """
    name = _checked_name(name)
    if len({organisation.pk for organisation in members}) < 2:
        raise Invalid({"members": _("En grupp har minst två kommuner.")})
    with organisation_scope(members[0].pk):
        known = Group.objects.filter(name=name, joined=True).first()
        uid, before = uuid4(), Standing()
        if known is not None:
            group, before = _alone(known.pk)
            uid = group.uid
    after = {**before, **{organisation.pk: True for organisation in members}}
    if len(after) > MOST_MEMBERS:
        raise Invalid({"members": _("Gruppen är full. Högst %(n)s kan vara med.") % {"n": MOST_MEMBERS}})
    _write(uid, name, before, after)
    for organisation in members:
        if not before.get(organisation.pk):
            _tell_all("joined", uid, [*after], organisation.pk, by)
    return uid


def _checked_name(name: str) -> str:
    name = clean_text(name, one_line=True)
    if not name:
        raise Invalid({"name": _("Skriv vad gruppen ska heta.")})
    if len(name) > NAME_LENGTH:
        raise Invalid({"name": _("Namnet är för långt. Högst %(count)s tecken.") % {"count": NAME_LENGTH}})
    return name


def _alone(group_id: int, *, joined: bool = False) -> tuple[Group, Standing]:
    """The organisation's copy of a group and who is in it, with nobody else changing either."""
    known = Group.objects.filter(pk=group_id).first()
    if known is None:
        raise NotFound
    alone_with(known.uid)
    group = Group.objects.filter(pk=group_id).first()  # as it is now: somebody may just have changed it
    if group is None:
        raise NotFound
    if joined and not group.joined:
        raise Conflict(_("Gå med i gruppen först."))
    return group, dict(Partner.objects.filter(group=group).values_list("member_id", "joined"))


def _write(uid: UUID, name: str, before: Standing, after: Standing) -> None:
    """Bring every copy of the group up to who is in it now."""
    for organisation_id in sorted({*before, *after}):
        with organisation_scope(organisation_id):
            if organisation_id not in after:
                for group in Group.objects.filter(uid=uid):
                    group.delete()
                continue
            group, _made = Group.objects.update_or_create(
                organisation_id=organisation_id,
                uid=uid,
                defaults={"name": name, "joined": after[organisation_id]},
            )
            Partner.objects.filter(group=group).exclude(member_id__in=after).delete()
            for member_id, joined in after.items():
                Partner.objects.update_or_create(
                    organisation_id=organisation_id, group=group, member_id=member_id, defaults={"joined": joined}
                )
    forget_groups()
    transaction.on_commit(forget_groups)


def _tell_all(verb: str, uid: UUID, organisation_ids: Sequence[int], about_id: int, by: Actor) -> None:
    """Write in the log of everybody in the group what one of them did; who it was stands in that one's only."""
    about = Organisation.objects.get(pk=about_id)
    for organisation_id in sorted(organisation_ids):
        with organisation_scope(organisation_id):
            actor = by if organisation_id == about_id else Actor.system(about.name)
            _log(verb, Group.objects.get(uid=uid), actor, member=about.name)


def _log(verb: str, group: Group, by: Actor, **data: str) -> None:
    record(verb=f"group.{verb}", subject_type="group", subject_id=group.pk, by=by, data={"group": group.name, **data})
