"""Changes to people and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lyhord.accounts.models import Membership, MembershipUnit, User
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, Text
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit

MOST_EMAIL, MOST_NAME = 254, 120  # what the columns hold


@dataclass(frozen=True, slots=True)
class Person:
    """One person as an administrator or a file names them."""

    email: str
    full_name: str
    role: str
    units: tuple[str, ...] = ()  # unit codes
    line: int | None = None  # where it stands in a file


@transaction.atomic
def add_member(*, person: Person, by: Actor, password: str | None = None) -> Membership:
    """Let a person work in this organisation, or change their role and units if they already do.

    The account is shared between organisations, so name and password of one that exists are left alone.
    Raises Invalid with a sentence per field.
    """
    email, name = person.email.strip().lower(), clean_text(person.full_name, one_line=True)
    errors = {}
    try:
        validate_email(email[: MOST_EMAIL + 1])
        if len(email) > MOST_EMAIL:
            raise ValidationError("long")
    except ValidationError:
        errors["email"] = _("Skriv en mejladress, till exempel namn@exempel.se")
    if not name:
        errors["full_name"] = _("Skriv personens namn.")
    elif len(name) > MOST_NAME:
        errors["full_name"] = _("Namnet är för långt. Högst %(count)s tecken.") % {"count": MOST_NAME}
    if person.role not in ROLES:
        errors["role"] = _("Rollen %(role)s finns inte.") % {"role": person.role}
    units = list(Unit.objects.filter(code__in=person.units))
    if missing := set(person.units) - {unit.code for unit in units}:
        errors["units"] = _("Enheten %(unit)s finns inte.") % {"unit": ", ".join(sorted(missing))}
    if errors:
        raise Invalid(errors)
    organisation_id = require_organisation_id()
    user = _account(email, name, password)
    membership = Membership.objects.filter(user=user).first() or Membership(user=user, organisation_id=organisation_id)
    if membership.pk and Permission.MANAGE_PEOPLE not in ROLES[person.role].permissions:
        _check_somebody_left(membership)
    membership.role, membership.active = person.role, True
    membership.save()
    MembershipUnit.objects.filter(membership=membership).delete()
    MembershipUnit.objects.bulk_create(
        MembershipUnit(organisation_id=organisation_id, membership=membership, unit=unit) for unit in units
    )
    record(
        verb="member.added",
        subject_type="member",
        subject_id=membership.pk,
        by=by,
        data={"user": user.pk, "role": person.role, "units": sorted(person.units)},
    )
    return membership


def _account(email: str, name: str, password: str | None) -> User:
    """The account with that address, made when there is none; somebody else may be making it in the same moment."""
    known = User.objects.filter(email=email)
    if user := known.first():
        return user
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, full_name=name)
    except IntegrityError:
        return known.get()


@transaction.atomic
def change_member(*, membership_id: int, role: str, units: Iterable[str], by: Actor) -> Membership:
    """Give a person who works here another role, or other units (codes). Raises Invalid with a sentence per field.

    The last one who may manage people keeps a role that may: nobody could let anybody in again.
    """
    membership = _locked(membership_id)
    if role not in ROLES or not ROLES[role].permissions:
        raise Invalid({"role": _("Rollen %(role)s finns inte.") % {"role": role}})
    wanted = set(units)
    found = list(Unit.objects.filter(code__in=wanted))
    if missing := wanted - {unit.code for unit in found}:
        raise Invalid({"units": _("Enheten %(unit)s finns inte.") % {"unit": ", ".join(sorted(missing))}})
    if Permission.MANAGE_PEOPLE not in ROLES[role].permissions:
        _check_somebody_left(membership)
    before = {
        "role": membership.role,
        "units": sorted(membership.in_units.values_list("unit__code", flat=True)),
        "active": membership.active,
    }
    after = {"role": role, "units": sorted(wanted), "active": True}
    if before == after:
        return membership
    membership.role, membership.active = role, True
    membership.save(update_fields=["role", "active"])
    MembershipUnit.objects.filter(membership=membership).delete()
    MembershipUnit.objects.bulk_create(
        MembershipUnit(organisation_id=membership.organisation_id, membership=membership, unit=unit) for unit in found
    )
    record(
        verb="member.changed",
        subject_type="member",
        subject_id=membership.pk,
        by=by,
        data={"user": membership.user_id, "before": before, "after": after},
    )
    return membership


@transaction.atomic
def remove_member(*, membership_id: int, by: Actor) -> None:
    """End a person's work here. Their account and what they wrote stay. Raises Invalid for the last administrator."""
    membership = _locked(membership_id)
    _check_somebody_left(membership)
    membership.active = False
    membership.save(update_fields=["active"])
    record(
        verb="member.removed",
        subject_type="member",
        subject_id=membership.pk,
        by=by,
        data={"user": membership.user_id},
    )


def _locked(membership_id: int) -> Membership:
    membership = Membership.objects.select_for_update(of=("self",)).filter(pk=membership_id).first()
    if membership is None:
        raise Invalid(_("Personen arbetar inte här."))
    return membership


def _check_somebody_left(leaving: Membership) -> None:
    """Refuse when nobody else may manage people. Locks those who may, so that two cannot remove each other at once."""
    roles = [slug for slug, role in ROLES.items() if Permission.MANAGE_PEOPLE in role.permissions]
    if not leaving.active or leaving.role not in roles:
        return
    managers = Membership.objects.select_for_update(of=("self",)).filter(active=True, role__in=roles)
    if not [member for member in managers.order_by("pk") if member.pk != leaving.pk]:
        raise Invalid(
            {"role": _("Det här är den sista administratören. Ge rollen till någon annan först.")}, "last_administrator"
        )


@transaction.atomic
def import_members(*, people: Iterable[Person], by: Actor) -> int:
    """Add many people, all or none. Returns how many; raises Invalid with a sentence per line number of the file.

    People without a line are counted from 2, as line 1 is the heading.
    """
    errors: dict[str, Text] = {}
    count = 0
    for place, person in enumerate(people, start=2):
        count += 1
        try:
            with transaction.atomic():
                add_member(person=person, by=by)
        except Invalid as error:
            errors[str(person.line or place)] = " ".join(str(text) for text in error.errors.values())
    if errors:
        raise Invalid(errors)
    return count
