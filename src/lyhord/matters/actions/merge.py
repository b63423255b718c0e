"""Two matters that are one, and one that is two. Nothing is lost: the log says what was moved from where."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.following.moving import copy_follows, join_follows
from lyhord.matters.actions.events import bring_up_to_date
from lyhord.matters.actions.findings import find_again
from lyhord.matters.models import CaseLink, Found, Item, Matter, MatterEvent, MatterNumber, MatterPlace, MatterTopic
from lyhord.matters.stages import kind_of


def locked(matter_id: int) -> Matter:
    """The matter, held until the transaction ends. NotFound for none."""
    matter = Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
    if matter is None:
        raise NotFound
    return matter


@transaction.atomic
def merge(*, matter_id: int, into_id: int, by: Actor) -> Matter:
    """Put a matter into another; its address leads there from now on. Its items stay there whatever rules say."""
    if matter_id == into_id:
        raise Invalid(_("Välj ett annat ärende än det du står i."))
    first, second = (locked(pk) for pk in sorted((matter_id, into_id)))
    away, into = (first, second) if first.pk == matter_id else (second, first)
    if away.merged_into_id or into.merged_into_id:
        raise Invalid(_("Ett av ärendena är redan sammanslaget med ett annat."))
    Item.objects.filter(matter=away).update(linked_by=Found.PERSON)
    return join(into=into, away=away, by=by, why="")


def join(*, into: Matter, away: Matter, by: Actor, why: str) -> Matter:
    """Move all that one matter has to the other, inside the caller's transaction."""
    moved = {
        "items": list(Item.objects.filter(matter=away).order_by("pk").values_list("pk", flat=True)),
        "events": list(MatterEvent.objects.filter(matter=away).order_by("pk").values_list("pk", flat=True)),
        "numbers": list(MatterNumber.objects.filter(matter=away).order_by("pk").values_list("number", flat=True)),
    }
    for model in (Item, MatterEvent, MatterNumber):
        model.objects.filter(matter=away).update(matter=into)
    _move_unless_there(away, into)
    join_follows(subject_type="matter", away_id=away.pk, into_id=into.pk, by=by)
    Matter.objects.filter(merged_into=away).update(merged_into=into)
    away.merged_into, away.shown_changed_at = into, now()
    away.save(update_fields=["merged_into", "shown_changed_at"])
    data = {"into": into.pk, "why": why, **moved}
    record(verb="matter.merged", subject_type="matter", subject_id=away.pk, by=by, data=data, level=1)
    data = {"matter": away.pk, "why": why}
    record(verb="matter.joined_by", subject_type="matter", subject_id=into.pk, by=by, data=data, level=1)
    find_again(into)
    bring_up_to_date(into)
    return into


def _move_unless_there(away: Matter, into: Matter) -> None:
    """What both have, and a person's word on it, counts once."""
    topics = set(MatterTopic.objects.filter(matter=into).values_list("topic", flat=True))
    MatterTopic.objects.filter(matter=away).exclude(topic__in=topics).update(matter=into)
    places = set(MatterPlace.objects.filter(matter=into).values_list("kind", "name"))
    for place in MatterPlace.objects.filter(matter=away):
        if (place.kind, place.name) not in places:
            place.matter = into
            place.save(update_fields=["matter"])
    cases = CaseLink.objects.filter(matter=into).values_list("case_id", flat=True)
    CaseLink.objects.filter(matter=away).exclude(case_id__in=list(cases)).update(matter=into)


@transaction.atomic
def split(*, matter_id: int, item_ids: list[int], by: Actor) -> Matter:
    """Take items out of a matter into one of their own, with what they say has happened. Raises Invalid, NotFound."""
    matter = locked(matter_id)
    items = list(Item.objects.filter(matter=matter, pk__in=item_ids).order_by("pk"))
    left = Item.objects.filter(matter=matter).exclude(pk__in=item_ids).exists()
    if not items or not left:
        raise Invalid(_("Välj minst en punkt att flytta, och lämna minst en kvar."))
    heading = items[0].heading
    made = Matter.objects.create(
        title=heading[:500] or f"§ {items[0].number}", kind=kind_of(heading), body=matter.body, created_at=now()
    )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(matter=made, linked_by=Found.PERSON)
    Item.objects.filter(matter=matter).update(linked_by=Found.PERSON)
    MatterEvent.objects.filter(matter=matter, item__in=items).update(matter=made)
    copy_follows(subject_type="matter", from_id=matter.pk, to_id=made.pk, by=by)
    data = {"from": matter.pk, "items": [item.pk for item in items]}
    record(verb="matter.split_off", subject_type="matter", subject_id=made.pk, by=by, data=data, level=1)
    data = {"matter": made.pk, "items": [item.pk for item in items]}
    record(verb="matter.split", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=1)
    for each in (matter, made):
        find_again(each)
        bring_up_to_date(each)
    return made


def standing(matter: Matter) -> Matter:
    """The matter itself, or the one that it was merged into."""
    return matter.merged_into if matter.merged_into is not None else matter
