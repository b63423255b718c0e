"""A unit becomes confidential: what lies there already does too."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.audit.settling import changing
from lyhord.cases.actions.publish import withdraw
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now


@transaction.atomic
def close_unit(*, unit_id: int, by: Actor) -> int:
    """Let only the unit's own staff see its cases, and take back what was published. Returns how many cases changed.

    Nothing is opened again if the unit ceases to be confidential: it was said in confidence.
    """
    changing()
    cases = Case.objects.filter(unit_id=unit_id)
    shown = list(cases.filter(publication_state=Case.Published.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    for case_id in shown:
        withdraw(case_id=case_id, by=by, reason=_("Enheten omfattas av sekretess."))
    cases.filter(publication_state=Case.Published.REVIEW).update(publication_state=Case.Published.CLOSED)
    count = cases.filter(confidential=False).update(confidential=True, changed_at=now(), revision=F("revision") + 1)
    if count or shown:
        record(
            verb="unit.cases_closed",
            subject_type="unit",
            subject_id=unit_id,
            by=by,
            data={"cases": count, "withdrawn": len(shown)},
        )
    return count
