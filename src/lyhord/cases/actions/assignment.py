"""Who has the case: a unit always, an officer when somebody takes it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import Membership, User
from lyhord.cases.actions.changes import lock, log, save
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
    if officer_id is not None and not Membership.objects.filter(user_id=officer_id, active=True).exists():
        raise Invalid({"officer": _("Den personen arbetar inte här.")})
    before = case.officer_id
    if before == officer_id:
        return case
    case.officer_id = officer_id
    fields = ["officer"]
    if case.state == State.RECEIVED and officer_id:
        case.state = State.ASSIGNED
        fields.append("state")
    elif case.state == State.ASSIGNED and officer_id is None:
        case.state = State.RECEIVED
        fields.append("state")
    save(case, *fields)
    name = User.objects.get(pk=officer_id).full_name if officer_id else ""
    log(case, "assigned", by, officer=officer_id, name=name)
    return case


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
    before = case.unit_id
    case.unit = unit
    case.officer = None
    case.confidential = unit.confidential
    case.route_kind, case.route_reason = "person", reason
    case.unread = True
    fields = ["unit", "officer", "confidential", "route_kind", "route_reason", "unread"]
    if unit.confidential and case.publication_state in {Case.Published.REVIEW, Case.Published.PUBLISHED}:
        case.publication_state = Case.Published.CLOSED
        fields.append("publication_state")
    if case.state == State.ASSIGNED:
        case.state = State.RECEIVED
        fields.append("state")
    save(case, *fields)
    log(case, "moved", by, before=before, after=unit.pk, unit=unit.name, reason=reason)
    return case
