"""How a dry run is shown."""

from typing import Any

from django.urls import reverse

from lyhord.accounts.staff import Staff
from lyhord.cases.desks import Desks
from lyhord.cases.dry_run import Changed
from lyhord.cases.models import Case

SHOWN = 50


def trial_rows(staff: Staff, changed: list[Changed], desks: Desks) -> dict[str, Any]:
    """Counts over all cases, and the first rows; the words of a case only for those who may see it."""
    first = changed[:SHOWN]
    may_see = set(
        Case.objects.visible_to(staff).filter(pk__in=[row.case.pk for row in first]).values_list("pk", flat=True)
    )
    rows = [
        {
            "number": row.case.number,
            "title": row.case.title if row.case.pk in may_see else "",
            "url": reverse("desk:case", args=[row.case.pk]) if row.case.pk in may_see else "",
            "moves": row.moves,
            "unit_before": desks.names.get(row.before.unit_code, row.before.unit_code),
            "unit_after": desks.names.get(row.after.unit_code, row.after.unit_code),
            "reason": row.after.reason if row.case.pk in may_see else "",
            "days": row.days,
            "answer_before": row.answer_before,
            "answer_after": row.answer_after,
            "publicity": row.publicity,
            "public_after": row.public_after,
        }
        for row in first
    ]
    return {
        "rows": rows,
        "changed": len(changed),
        "moved": sum(row.moves for row in changed),
        "other_day": sum(row.days for row in changed),
        "other_publicity": sum(row.publicity for row in changed),
        "more": len(changed) - len(first),
    }
