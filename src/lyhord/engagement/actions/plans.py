"""The plan of how people are let in: a method's steps on days, and what was learnt."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.engagement.actions.openings import SUBJECT
from lyhord.engagement.methods import methods
from lyhord.engagement.models import Evaluation, Step
from lyhord.matters.models import Matter

LONGEST_ANSWER = 2000


@transaction.atomic
def make_plan(*, matter_id: int, method: str, starts_on: date, by: Actor) -> list[Step]:
    """Put a method's steps on the matter, counted from a day. Those that are not done move when it is made again."""
    if not Matter.objects.filter(pk=matter_id, merged_into__isnull=True).exists():
        raise NotFound
    chosen = methods().get(method)
    if chosen is None:
        raise Invalid({"method": _("Välj en metod i listan.")})
    there = {step.code: step for step in Step.objects.filter(matter_id=matter_id, method=method)}
    for planned in chosen.steps:
        due_on = starts_on + timedelta(days=planned.day)
        step = there.get(planned.code)
        if step is None:
            Step.objects.create(
                matter_id=matter_id,
                method=method,
                code=planned.code,
                title=planned.title("sv"),
                mechanism=planned.mechanism,
                public=planned.public,
                due_on=due_on,
            )
        elif step.done_at is None:
            step.due_on = due_on
            step.save(update_fields=["due_on"])
    _record("matter.planned", matter_id, by, method=method, starts_on=starts_on.isoformat())
    return list(Step.objects.filter(matter_id=matter_id, method=method).order_by("due_on", "pk"))


@transaction.atomic
def set_step(*, step_id: int, due_on: date, done: bool, by: Actor) -> Step:
    """Move a step to another day, or say that it is done (or not)."""
    step = Step.objects.select_for_update(of=("self",)).filter(pk=step_id).first()
    if step is None:
        raise NotFound
    if (step.due_on, step.done_at is not None) == (due_on, done):
        return step
    step.due_on = due_on
    if done != (step.done_at is not None):
        step.done_at = now() if done else None
    step.save(update_fields=["due_on", "done_at"])
    _record("matter.step_changed", step.matter_id, by, step=step.title, done=done, due_on=due_on.isoformat())
    return step


@transaction.atomic
def drop_plan(*, matter_id: int, method: str, by: Actor) -> None:
    """Take away the steps of a plan that are not done."""
    gone, _models = Step.objects.filter(matter_id=matter_id, method=method, done_at__isnull=True).delete()
    if gone:
        _record("matter.plan_dropped", matter_id, by, method=method)


@transaction.atomic
def evaluate(*, matter_id: int, method: str, answers: dict[str, str], by: Actor) -> Evaluation:
    """Keep the answers to the method's questions about how it went; what is left empty is left out."""
    chosen = methods().get(method)
    if chosen is None or not Matter.objects.filter(pk=matter_id, merged_into__isnull=True).exists():
        raise NotFound
    kept = {asked.code: clean_text(answers.get(asked.code, "")) for asked in chosen.evaluation}
    long = {code: _("Svaret får vara högst 2000 tecken.") for code, text in kept.items() if len(text) > LONGEST_ANSWER}
    if long:
        raise Invalid(long)
    if not any(kept.values()):
        raise Invalid(_("Svara på minst en fråga."))
    values = {"answers": {code: text for code, text in kept.items() if text}, "at": now()}
    row, _new = Evaluation.objects.update_or_create(matter_id=matter_id, method=method, defaults=values)
    _record("matter.evaluated", matter_id, by, method=method)
    return row


def _record(verb: str, matter_id: int, by: Actor, **data: object) -> None:
    record(verb=verb, subject_type=SUBJECT, subject_id=matter_id, by=by, data=data, level=1)
