"""What happens to a matter, told once however often it is read."""

from datetime import date

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.matters.models import Body, Document, Item, Matter, MatterEvent
from lyhord.matters.stages import Levels


def tell(
    *,
    matter: Matter,
    what: str,
    key: str,
    occurred_on: date,
    levels: Levels,
    by: Actor,
    stage: str = "",
    result: str = "",
    body: Body | None = None,
    document: Document | None = None,
    item: Item | None = None,
    text: str = "",
) -> bool:
    """Add to the timeline and the log, in the caller's transaction; False when the same thing is there already.

    `key` says what is the same: it holds no matter's id, since matters are merged and split.
    """
    event = MatterEvent(
        organisation_id=require_organisation_id(),
        matter=matter,
        type=what,
        stage=stage,
        result=result,
        occurred_on=occurred_on,
        known_at=now(),
        body=body,
        document=document,
        item=item,
        text=text[:300],
        level=levels.level(matter.kind, what, stage),
        key=key[:250],
    )
    if not insert(event, unless_taken=("organisation_id", "key")):
        return False
    data = {"type": what, "stage": stage, "result": result, "on": occurred_on.isoformat(), "event": event.pk}
    level = event.level
    record(verb=f"matter.{what}", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=level)
    return True


def bring_up_to_date(matter: Matter) -> None:
    """Where a matter stands, from its events that count: the latest day's furthest. The caller saves nothing more."""
    days = list(MatterEvent.objects.filter(matter=matter).order_by("occurred_on", "pk"))
    matter.first_on = days[0].occurred_on if days else None
    matter.last_on = days[-1].occurred_on if days else None
    staged = [event for event in days if event.stage]
    if matter.answer_until is not None and matter.answer_until >= today():  # what is coming does not end it
        staged = [event for event in staged if event.type == "consultation"] or staged
    if staged:
        matter.stage = staged[-1].stage
    with_body = [event for event in days if event.body_id]
    if with_body:
        matter.body_id = with_body[-1].body_id
    matter.save(update_fields=["first_on", "last_on", "stage", "body"])
