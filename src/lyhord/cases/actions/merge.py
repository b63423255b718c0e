"""Two cases about the same thing become one: everybody keeps their number, and gets the same answers."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.tell import tell_reporter
from lyhord.cases.models import Case
from lyhord.cases.notices import CaseClosed
from lyhord.cases.states import CLOSED, State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid


@transaction.atomic
def merge(*, case_id: int, into_number: str, by: Actor) -> Case:
    """Close a case as the same as another, which lives on. The reporter follows the other from now on."""
    other = Case.objects.filter(number=into_number.strip()).first()
    if other is None:
        raise Invalid({"into": _("Vi hittar inget ärende med det numret.")})
    for pk in sorted({case_id, other.pk}):  # always in the same order, so that two merges never wait for each other
        lock(pk)
    case, other = lock(case_id), lock(other.pk)
    if other.pk == case.pk:
        raise Invalid({"into": _("Ett ärende kan inte slås ihop med sig självt.")})
    if other.duplicate_of_id:
        raise Invalid({"into": _("Det ärendet är redan ihopslaget med ett annat. Välj det andra i stället.")})
    if case.state in CLOSED:
        raise Invalid({"into": _("Ärendet är redan avslutat.")})
    before = case.state
    case.state = State.DUPLICATE
    case.duplicate_of = other
    case.closed_at = now()
    case.waiting_since = None
    case.unread = False
    save(case, "state", "duplicate_of", "closed_at", "waiting_since", "unread")
    Case.objects.filter(duplicate_of=case).update(duplicate_of=other)
    log(case, "merged", by, level=3, before=before, into=other.number, into_id=other.pk)
    log(other, "joined_by", by, level=1, number=case.number, case_id=case.pk)
    tell_reporter(case, CaseClosed, key=f"state-{case.revision}")
    return case


@transaction.atomic
def unmerge(*, case_id: int, by: Actor) -> Case:
    """Undo a merge: the case opens again where it was."""
    case = lock(case_id)
    if case.duplicate_of_id is None:
        raise Invalid({"": _("Ärendet är inte ihopslaget med något annat.")})
    case.duplicate_of = None
    case.state = State.ASSIGNED if case.officer_id else State.RECEIVED
    case.closed_at = None
    case.waiting_since = case.registered_at
    save(case, "duplicate_of", "state", "closed_at", "waiting_since")
    log(case, "reopened", by, reason="unmerged")
    return case
