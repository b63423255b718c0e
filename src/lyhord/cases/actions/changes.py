"""What every change to a case has in common: the row is locked, the revision grows, the log gets its row."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.audit.models import Event
from lyhord.audit.settling import changing_too
from lyhord.cases.models import Case, CaseQuerySet, Photo, Publication
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.following.news_actions import take_back


def lock(case_id: int, *, revision: int | None = None) -> Case:
    """The case, locked until the transaction ends.

    With `revision`, Conflict when somebody changed the case since the caller read it, so that two officers with
    the same case open never undo each other without knowing.
    """
    # Not the key: what refers to the case (a message, a picture) can be added meanwhile, and so never waits in a ring.
    case = _locked().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    check_revision(case, revision)
    return case


def check_revision(case: Case, revision: int | None) -> None:
    """Conflict when the caller read an older revision; None is a caller that had read nothing."""
    if revision is not None and case.revision != revision:
        raise Conflict(
            _("Någon annan hann ändra ärendet före dig. Läs det som är nytt och försök igen. Det du skrev finns kvar."),
            "revision",
        )


def lock_all(case_ids: Iterable[int]) -> dict[int, Case]:
    """Several cases, locked in the order of their ids, as always: two who lock the same ones never wait in a ring."""
    return {case.pk: case for case in _locked().filter(pk__in=set(case_ids)).order_by("pk")}


def _locked() -> CaseQuerySet:
    """Cases to lock; whoever does is about to change something, which readers of changes must know before it is so."""
    return Case.objects.select_for_update(of=("self",), no_key=True).annotate(changing=changing_too())


def close_publication(case: Case, to: Case.Published = Case.Published.CLOSED, *, by: Actor) -> list[str]:
    """Take away all that others could read of the case, also in alerts. Returns its changed fields, for `save`."""
    if case.publication_state == Case.Published.PUBLISHED:
        take_back(subject_type="case", subject_id=case.pk, by=by)
    Photo.objects.filter(case=case, published=True).update(published=False)
    Publication.objects.filter(case=case).delete()
    if case.publication_state == to:
        return []
    case.publication_state = to
    return ["publication_state"]


def reopen(case: Case) -> list[str]:
    """Take a closed case up again: it waits for us, and is nobody's double. Returns the changed fields, for `save`."""
    case.closed_at = None
    case.duplicate_of = None
    case.became_good = None
    case.waiting_since = case.waiting_since or now()
    return ["closed_at", "duplicate_of", "became_good", "waiting_since"]


def save(case: Case, *fields: str) -> None:
    """Write the named fields, and that the case changed."""
    case.changed_at = now()
    case.revision += 1
    case.save(update_fields={*fields, "changed_at", "revision"})


def new_state(case: Case, before: str) -> dict[str, Any]:
    """What an event says about a state that changed along with something else; nothing when it did not."""
    return {"new_state": case.state} if case.state != before else {}


def log(case: Case, verb: str, by: Actor, *, level: int = 2, **data: Any) -> Event:
    """An event row about the case."""
    return record(verb=f"case.{verb}", subject_type="case", subject_id=case.pk, by=by, data=data, level=level)
