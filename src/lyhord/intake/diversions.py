"""Counting those who were told to ring instead of writing."""

from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.tenancy import require_organisation_id

_UPSERT = """
insert into intake_diversion as kept (organisation_id, day, case_type_code, question, count)
values (%s, %s, %s, %s, 1)
on conflict (organisation_id, day, case_type_code, question) do update set count = kept.count + 1
returning id, count
"""


@transaction.atomic
def count_diversion(*, case_type_code: str, question: str, by: Actor) -> int:
    """Count one stop by an acute answer, by day, type and question (""); returns the day's count so far.

    Nothing of what was written is kept: it was never sent.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [require_organisation_id(), today(), case_type_code[:80], question[:60]])
        pk, count = cursor.fetchone()
    record(
        verb="intake.diverted",
        subject_type="diversion",
        subject_id=pk,
        by=by,
        data={"type": case_type_code, "question": question},
        level=1,
    )
    return int(count)
