"""Two cases about the same thing become one: everybody keeps their number, and gets the same answers."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import check_revision, lock, lock_all, log, reopen, save
from lyhord.cases.actions.tell import tell_reporter
from lyhord.cases.models import Case
from lyhord.cases.notices import CaseClosed
from lyhord.cases.states import CLOSED, State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text


@transaction.atomic
def merge(*, case_id: int, into_number: str, by: Actor, revision: int | None = None) -> Case:
    """Close a case as the same as another, which lives on.

    The promise of an answer moves along: whoever reported this case gets every answer that is given in the other, and
    the other cannot be closed before they have heard something (state.py).
    """
    other = Case.objects.filter(number=clean_text(into_number, one_line=True)).first()
    if other is None:
        raise Invalid({"into": _("Vi hittar inget ärende med det numret.")})
    if other.pk == case_id:
        raise Invalid({"into": _("Ett ärende kan inte slås ihop med sig självt.")})
    merged_before = Case.objects.filter(duplicate_of=case_id)
    _one_at_a_time()
    locked = lock_all([case_id, other.pk, *merged_before.values_list("pk", flat=True)])
    if case_id not in locked:
        raise NotFound
    case, other = locked[case_id], locked[other.pk]
    check_revision(case, revision)
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
    merged_before.update(duplicate_of=other)
    log(case, "merged", by, level=3, before=before, into=other.number, into_id=other.pk)
    log(other, "joined_by", by, level=1, number=case.number, case_id=case.pk)
    tell_reporter(case, CaseClosed, key=f"state-{case.revision}")
    return case


def _one_at_a_time() -> None:
    """Wait for other merges of the organisation to end: no case is joined between being read and being locked.

    Whoever locks several cases does so in the order of their ids; a case found too late would be out of it, and two
    could wait for each other.
    """
    with connection.cursor() as cursor:
        key = "select pg_advisory_xact_lock(hashtextextended('lyhord merge', %s))"
        cursor.execute(key, [require_organisation_id()])


@transaction.atomic
def unmerge(*, case_id: int, by: Actor, revision: int | None = None) -> Case:
    """Undo a merge: the case opens again, and waits since it came in, as nobody has answered it for itself."""
    case = lock(case_id, revision=revision)
    if case.duplicate_of_id is None:
        raise Invalid({"": _("Ärendet är inte ihopslaget med något annat.")})
    case.state = State.ASSIGNED if case.officer_id else State.RECEIVED
    case.waiting_since = case.registered_at
    save(case, "state", *reopen(case))
    log(case, "reopened", by, reason="unmerged", after=case.state)
    return case
