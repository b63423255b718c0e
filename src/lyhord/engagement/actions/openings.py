"""Opening a mechanism on a matter, closing it, and telling what it led to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.engagement.mechanism import MECHANISMS, Mechanism
from lyhord.engagement.models import Act, Evaluation, Influence, Opening, Step
from lyhord.matters.models import Matter
from lyhord.matters.stages import stage
from lyhord.organisations.models import Unit

SUBJECT = "matter"
LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningValues:
    """What its officer says of it. `settings` are as written, by the mechanism's names."""

    question: str
    text: str = ""
    stage: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    formal: bool = False
    unit_code: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_opening(
    *, matter_id: int, mechanism: str, values: OpeningValues, by: Actor, opening_id: int | None = None
) -> Opening:
    """Make a draft, or change one that is there. Raises Invalid; NotFound for no such matter, mechanism or opening.

    What people have chosen among is not changed once somebody has answered.
    """
    matter = Matter.objects.filter(pk=matter_id, merged_into__isnull=True).first()
    plugin = MECHANISMS.find(mechanism)
    if matter is None or plugin is None:
        raise NotFound
    settings = _checked(plugin, matter, values)
    if opening_id is None:
        row = Opening(organisation_id=matter.organisation_id, matter=matter, mechanism=plugin.slug, created_at=now())
    else:
        row = held(opening_id)
        if row.matter_id != matter.pk or row.mechanism != plugin.slug:
            raise NotFound
        if settings != row.settings and Act.objects.filter(opening=row).exists():
            raise Invalid({"options": _("Någon har redan svarat. Stäng den här och gör en ny i stället.")})
    row.question, row.text = clean_text(values.question, one_line=True), clean_text(values.text)
    row.stage, row.opens_on, row.closes_on = values.stage, values.opens_on, values.closes_on
    row.formal, row.unit_code, row.settings = values.formal, values.unit_code, settings
    row.save()
    _record("matter.opening_changed" if opening_id else "matter.opening_drafted", row, by)
    return row


def _checked(plugin: Mechanism, matter: Matter, values: OpeningValues) -> dict[str, object]:
    """The mechanism's settings; Invalid with every sentence at once."""
    errors: dict[str, str] = {}
    question = clean_text(values.question, one_line=True)
    if not question or len(question) > 200:
        errors["question"] = _("Skriv en fråga på högst 200 tecken.")
    if len(clean_text(values.text)) > LONGEST_TEXT:
        errors["text"] = _("Texten får vara högst 5000 tecken.")
    if values.stage and stage(matter.kind, values.stage) is None:
        errors["stage"] = _("Välj ett av stegen.")
    if values.opens_on and values.closes_on and values.closes_on < values.opens_on:
        errors["closes_on"] = _("Sista dagen kan inte vara före den första.")
    if values.formal and not plugin.may_be_formal:
        errors["formal"] = _("Här behöver ingen logga in.")
    if values.unit_code and not Unit.objects.filter(code=values.unit_code).exists():
        errors["unit_code"] = _("Välj en enhet i listan.")
    settings: dict[str, object] = {}
    try:
        settings = plugin.read_settings(values.settings)
    except Invalid as invalid:
        errors |= {name: str(sentence) for name, sentence in invalid.errors.items()}
    if errors:
        raise Invalid(errors)
    return settings


@transaction.atomic
def switch_opening(*, opening_id: int, state: str, by: Actor) -> Opening:
    """Open it to all, close it, or open it again. Those who follow the matter hear when it opens. Raises Invalid."""
    row = held(opening_id)
    if state not in {Opening.State.OPEN, Opening.State.CLOSED}:
        raise Invalid(_("En öppning är öppen eller stängd."))
    if row.state == state:
        return row
    row.state = state
    row.save(update_fields=["state"])
    opened = state == Opening.State.OPEN
    _record("matter.opening_opened" if opened else "matter.opening_closed", row, by, level=3 if opened else 1)
    return row


@transaction.atomic
def tell_outcome(*, opening_id: int, text: str, influence: str, by: Actor) -> Opening:
    """Say in plain words what it led to, for all to read; it is closed with that. Raises Invalid."""
    row = held(opening_id)
    text = clean_text(text)
    errors = {}
    if not text or len(text) > LONGEST_TEXT:
        errors["outcome"] = _("Skriv vad det ledde till. Några meningar räcker.")
    if influence not in Influence.values:
        errors["influence"] = _("Välj om det ändrade något.")
    if errors:
        raise Invalid(errors)
    if (row.outcome, row.influence) == (text, influence):
        return row
    row.outcome, row.influence, row.outcome_at, row.state = text, influence, now(), Opening.State.CLOSED
    row.save(update_fields=["outcome", "influence", "outcome_at", "state"])
    _record("matter.outcome_told", row, by, level=3)
    return row


@transaction.atomic
def hand_over(*, opening_id: int, by: Actor) -> Opening:
    """Note that what was said has been given to the registrar as a document."""
    row = held(opening_id)
    row.handed_over_at = now()
    row.save(update_fields=["handed_over_at"])
    _record("matter.opening_handed_over", row, by, acts=Act.objects.filter(opening=row).count())
    return row


@transaction.atomic
def join(*, matter_id: int, into_id: int, by: Actor) -> None:
    """Move what is opened and planned on a matter to the one that it was merged into. Again changes nothing."""
    moved = list(Opening.objects.filter(matter_id=matter_id).order_by("pk").values_list("pk", flat=True))
    Opening.objects.filter(matter_id=matter_id).update(matter_id=into_id)
    for model in (Step, Evaluation):
        there = model.objects.filter(matter_id=into_id).values_list("method", flat=True)
        model.objects.filter(matter_id=matter_id).exclude(method__in=list(there)).update(matter_id=into_id)
    if moved:
        data = {"openings": moved, "from": matter_id}
        record(verb="matter.openings_joined", subject_type=SUBJECT, subject_id=into_id, by=by, data=data, level=1)


def held(opening_id: int) -> Opening:
    """The opening, held until the transaction ends. NotFound for none."""
    row = Opening.objects.select_for_update(of=("self",)).filter(pk=opening_id).first()
    if row is None:
        raise NotFound
    return row


def _record(verb: str, row: Opening, by: Actor, *, level: int = 1, **more: object) -> None:
    data = {"opening": row.pk, "mechanism": row.mechanism, "question": row.question, **more}
    record(verb=verb, subject_type=SUBJECT, subject_id=row.matter_id, by=by, data=data, level=level)
