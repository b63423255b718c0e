"""Writing the log."""

from typing import Any

from lyhord.audit.models import Event
from lyhord.audit.reactions import enqueue_reactions
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id

LEVELS = (1, 2, 3)
LABEL_LENGTH = 200


def record(
    *,
    verb: str,
    subject_type: str,
    subject_id: int,
    by: Actor,
    data: dict[str, Any] | None = None,
    level: int = 2,
) -> Event:
    """Add an event inside the caller's transaction, and queue whoever reacts to it.

    `data` is JSON and holds what history shows and reactions need; never a secret, since the log is read widely.
    `level` is 1 for a detail, 2 for what is normal, 3 for the most important.
    """
    if level not in LEVELS:
        raise ValueError(f"{level} is no level of an event")
    event = Event(
        organisation_id=require_organisation_id(),
        at=now(),
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        level=level,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label[:LABEL_LENGTH],
        data={**(data or {}), **({"via": by.via} if by.via else {})},
    )
    insert(event)
    enqueue_reactions(event)
    return event
