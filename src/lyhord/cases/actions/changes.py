"""What every change to a case has in common: the row is locked, the revision grows, the log gets its row."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.text import clean_text


def lock(case_id: int, *, revision: int | None = None) -> Case:
    """The case, locked until the transaction ends.

    With `revision`, Conflict when somebody changed the case since the caller read it, so that two officers with
    the same case open never undo each other without knowing.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    if revision is not None and case.revision != revision:
        raise Conflict(
            _("Någon annan hann ändra ärendet före dig. Läs det som är nytt och försök igen. Det du skrev finns kvar.")
        )
    return case


def save(case: Case, *fields: str) -> None:
    """Write the named fields, and that the case changed."""
    case.changed_at = now()
    case.revision += 1
    case.save(update_fields=[*fields, "changed_at", "revision"])


def log(case: Case, verb: str, by: Actor, *, level: int = 2, **data: Any) -> None:
    """An event row about the case."""
    record(verb=f"case.{verb}", subject_type="case", subject_id=case.pk, by=by, data=data, level=level)


def sentence(text: str) -> str:
    """What a person wrote, cleaned."""
    return clean_text(text)
