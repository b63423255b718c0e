"""Who has the case: a unit always, an officer when somebody takes it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import User
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import staff_of
from lyhord.cases.actions.changes import close_publication, lock, log, new_state, save
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit


@transaction.atomic
def assign(*, case_id: int, officer_id: int | None, by: Actor, revision: int | None = None) -> Case:
    """Give the case to somebody who works here, or back to the unit with None."""
    case = lock(case_id, revision=revision)
    if case.officer_id == officer_id:
        return case
    officer = _officer(case, officer_id) if officer_id is not None else None
    case.officer = officer
    fields = ["officer"]
    before = case.state
    if case.state == State.RECEIVED and officer_id:
        case.state = State.ASSIGNED
        fields.append("state")
    elif case.state == State.ASSIGNED and officer_id is None:
        case.state = State.RECEIVED
        fields.append("state")
    save(case, *fields)
    log(case, "assigned", by, officer=officer_id, name=officer.full_name if officer else "", **new_state(case, before))
    return case


def _officer(case: Case, user_id: int) -> User:
    """Somebody who works here, sees the case and may do something about it; a case given to others would be lost."""
    user = User.objects.filter(pk=user_id).first()
    staff = staff_of(user) if user else None
    if user is None or staff is None:
        raise Invalid({"officer": _("Den personen arbetar inte här.")})
    if not staff.may(Permission.HANDLE_CASES):
        raise Invalid({"officer": _("Den personen handlägger inte ärenden.")})
    if not Case.objects.visible_to(staff).filter(pk=case.pk).exists():
        raise Invalid({"officer": _("Den personen ser inte den här enhetens ärenden. Flytta ärendet först.")})
    return user


@transaction.atomic
def move(*, case_id: int, unit_id: int, reason: str, by: Actor, revision: int | None = None) -> Case:
    """Send the case to another unit. It keeps number, history and link; the resident files nothing again."""
    case = lock(case_id, revision=revision)
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise Invalid({"unit": _("Välj vart ärendet ska.")})
    reason = clean_text(reason)
    if not reason:
        raise Invalid({"reason": _("Skriv varför ärendet ska dit. Mottagaren läser det först.")})
    if unit.pk == case.unit_id:
        raise Invalid({"unit": _("Ärendet är redan där.")})
    before, state = case.unit_id, case.state
    case.unit = unit
    case.officer = None
    case.confidential = unit.confidential or case.version.description.confidential
    case.route_kind, case.route_reason = "person", reason
    case.unread = True
    fields = ["unit", "officer", "confidential", "route_kind", "route_reason", "unread"]
    if case.confidential:
        fields += close_publication(case, by=by)
    if case.state == State.ASSIGNED:
        case.state = State.RECEIVED
        fields.append("state")
    save(case, *fields)
    log(case, "moved", by, before=before, after=unit.pk, unit=unit.name, reason=reason, **new_state(case, state))
    return case
