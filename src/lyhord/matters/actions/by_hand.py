"""What people say of a matter that no paper does: a new stage, a case that it began with, how much things matter."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.matters.actions.events import bring_up_to_date, tell
from lyhord.matters.actions.findings import searchable
from lyhord.matters.actions.merge import locked
from lyhord.matters.models import CaseLink, Matter, OwnLevel
from lyhord.matters.stages import FORMAL, Levels, events, kinds, stage


@transaction.atomic
def set_stage(
    *, matter_id: int, stage_code: str, occurred_on: date, by: Actor, text: str = "", answer_until: date | None = None
) -> Matter:
    """Say that a matter has come to a stage: a consultation opens, it was appealed, it is in force. Raises Invalid.

    `answer_until` is the last day to have one's say, for a stage where one can.
    """
    matter = locked(matter_id)
    row = stage(matter.kind, stage_code)
    if row is None:
        raise Invalid({"stage": _("Välj ett av stegen.")})
    asks = stage_code in {"consultation", "review"}
    if answer_until and not asks:
        raise Invalid({"answer_until": _("Ett sista svarsdatum hör bara till samråd och granskning.")})
    if answer_until and answer_until < occurred_on:
        raise Invalid({"answer_until": _("Sista dagen kan inte vara före den första.")})
    told = tell(
        matter=matter,
        what="consultation" if asks else "stage",
        stage=stage_code,
        key=f"stage {matter.pk} {stage_code} {occurred_on}",
        occurred_on=occurred_on,
        levels=Levels(),
        by=by,
        text=clean_text(text, one_line=True),
    )
    if told or (asks and matter.answer_until != answer_until):
        matter.answer_until = answer_until if asks else None
        matter.save(update_fields=["answer_until"])
        bring_up_to_date(matter)
    return matter


@transaction.atomic
def make_matter(*, title: str, kind: str, by: Actor, text: str = "") -> Matter:
    """A matter that no paper has named yet, at the first stage of its kind. Raises Invalid.

    Papers that name it later are put into it by hand (`merge`).
    """
    title, text = clean_text(title, one_line=True), clean_text(text)
    errors = {}
    if not title or len(title) > 200:
        errors["title"] = _("Skriv ett namn på högst 200 tecken.")
    if kind not in kinds() or kind == FORMAL:
        errors["kind"] = _("Välj vad för sorts ärende det är.")
    if len(text) > 5000:
        errors["text"] = _("Texten får vara högst 5000 tecken.")
    if errors:
        raise Invalid(errors)
    matter = Matter.objects.create(
        title=title,
        title_by_person=True,
        plain_text=text,
        kind=kind,
        stems=searchable(f"{title} {text}"),
        created_at=now(),
    )
    record(verb="matter.made", subject_type="matter", subject_id=matter.pk, by=by, data={"title": title}, level=1)
    return set_stage(matter_id=matter.pk, stage_code=kinds()[kind].stages[0].code, occurred_on=today(), by=by)


@transaction.atomic
def link_case(*, matter_id: int, case_id: int, by: Actor) -> None:
    """Say that a matter began with a case, or is about the same. Again changes nothing. NotFound for none."""
    matter = locked(matter_id)
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    _link, new = CaseLink.objects.get_or_create(matter=matter, case=case, defaults={"linked_at": now()})
    if new:
        data = {"case": case.number}
        record(verb="matter.case_linked", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=1)
        told = {"matter": matter.pk, "title": matter.shown_title}
        record(verb="case.matter_linked", subject_type="case", subject_id=case.pk, by=by, data=told, level=1)


@transaction.atomic
def unlink_case(*, matter_id: int, case_id: int, by: Actor) -> None:
    """Take back that they belong together."""
    matter = locked(matter_id)
    gone, _models = CaseLink.objects.filter(matter=matter, case_id=case_id).delete()
    if gone:
        data = {"case": case_id}
        record(verb="matter.case_unlinked", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=1)


@transaction.atomic
def set_level(*, kind: str, code: str, level: int, shown: bool, by: Actor) -> None:
    """How much an event (`kind` "") or a stage of a kind matters, for what happens from now on. Raises Invalid."""
    known = events().get(code) if not kind else stage(kind, code) if kind in kinds() else None
    if known is None or level not in {1, 2, 3}:
        raise Invalid({"level": _("Välj en nivå från 1 till 3.")})
    before = Levels().row(kind, code)
    if (level, shown) == (known.level, True):
        OwnLevel.objects.filter(kind=kind, code=code).delete()
    else:
        OwnLevel.objects.update_or_create(kind=kind, code=code, defaults={"level": level, "shown": shown})
    if before and (before.level, before.shown) != (level, shown):
        data = {
            "kind": kind,
            "code": code,
            "before": {"level": before.level, "shown": before.shown},
            "after": {"level": level, "shown": shown},
        }
        record(verb="matter_levels.changed", subject_type="matter_levels", subject_id=0, by=by, data=data, level=1)
