"""What a matter is about and where: found by rules in its items, and put right by people, whose word stays."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.stems import stems
from lyhord.core.text import clean_text
from lyhord.matters.gazetteer import FoundPlace, find_places
from lyhord.matters.models import Document, Found, Item, Matter, MatterNumber, MatterPlace, MatterTopic
from lyhord.matters.stages import FORMAL, kind_of
from lyhord.matters.topics import find_topics, topics
from lyhord.places.models import Area

_MOST_STEMS = 3000
_ABOUT = ("summary", "proposal", "decision", "introduction")


def find_again(matter: Matter) -> None:
    """Title, kind, topics, places and what a search looks in, from the matter's items as they are now."""
    items = list(
        Item.objects.filter(matter=matter, gone=False)
        .select_related("document")
        .order_by("document__meeting__held_on", "document_id", "number")
    )
    if not matter.title_by_person:
        matter.title = _title(items) or matter.title
        matter.kind = kind_of(matter.title)
    headings = "\n".join(item.heading for item in items)
    text = "\n".join(item.sections.get(part, "") for item in items for part in _ABOUT)
    if matter.kind == FORMAL:
        MatterTopic.objects.filter(matter=matter, by=Found.RULE).delete()
        MatterPlace.objects.filter(matter=matter, by=Found.RULE).delete()
    else:
        _keep_topics(matter, headings, text)
        _keep_places(matter, f"{headings}\n{text}")
    numbers = " ".join(MatterNumber.objects.filter(matter=matter).values_list("number", flat=True))
    matter.stems = searchable(f"{matter.plain_title} {matter.plain_text} {headings} {text}", numbers)
    matter.save(update_fields=["title", "kind", "stems"])


def _title(items: list[Item]) -> str:
    """The heading of the newest minutes, else of the newest paper."""
    by_minutes = [item for item in items if item.heading and item.document.kind == Document.Kind.MINUTES]
    chosen = by_minutes or [item for item in items if item.heading]
    return chosen[-1].heading[:500] if chosen else ""


def searchable(text: str, numbers: str = "") -> str:
    """The text's stems, each once, between blanks, and the numbers in small letters."""
    known = dict.fromkeys(stems(text))
    return f" {' '.join(list(known)[:_MOST_STEMS])} {numbers.casefold()} "


def _keep_topics(matter: Matter, headings: str, text: str) -> None:
    wanted = {found.code: found for found in find_topics(headings, text)}
    known = {row.topic: row for row in MatterTopic.objects.filter(matter=matter)}
    gone = [row.pk for code, row in known.items() if code not in wanted and row.by == Found.RULE]
    if gone:
        MatterTopic.objects.filter(pk__in=gone).delete()
    for code, found in wanted.items():
        if code not in known:
            MatterTopic.objects.create(matter=matter, topic=code, evidence=found.evidence)


def _keep_places(matter: Matter, text: str) -> None:
    wanted = {(found.kind, found.name): found for found in find_places(text)}
    known = {(row.kind, row.name): row for row in MatterPlace.objects.filter(matter=matter)}
    gone = [row.pk for key, row in known.items() if key not in wanted and row.by == Found.RULE]
    if gone:
        MatterPlace.objects.filter(pk__in=gone).delete()
    for key, found in wanted.items():
        if key not in known:
            MatterPlace(organisation_id=matter.organisation_id, matter=matter, **_values(found)).save()


def _values(found: FoundPlace) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "name": found.name[:120],
        "area_id": found.area_id,
        "lat": found.lat,
        "lon": found.lon,
        "evidence": found.evidence[:200],
    }


def _matter(matter_id: int) -> Matter:
    matter = Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
    if matter is None:
        raise NotFound
    return matter


@transaction.atomic
def set_words(*, matter_id: int, plain_title: str, plain_text: str, by: Actor, title: str | None = None) -> Matter:
    """The matter's name and its decision in words that everybody knows; `title` corrects the one from the papers."""
    matter = _matter(matter_id)
    before = {"title": matter.title, "plain_title": matter.plain_title, "plain_text": matter.plain_text}
    if title is not None and (said := clean_text(title, one_line=True)[:500]) and said != matter.title:
        matter.title, matter.title_by_person = said, True
    matter.plain_title = clean_text(plain_title, one_line=True)
    matter.plain_text = clean_text(plain_text)
    if len(matter.plain_title) > 200:
        raise Invalid({"plain_title": _("Namnet är för långt. Högst %(count)s tecken.") % {"count": 200}})
    if len(matter.plain_text) > 5000:
        raise Invalid({"plain_text": _("Texten är för lång. Högst %(count)s tecken.") % {"count": 5000}})
    after = {"title": matter.title, "plain_title": matter.plain_title, "plain_text": matter.plain_text}
    if before != after:
        matter.save(update_fields=["title", "title_by_person", "plain_title", "plain_text"])
        find_again(matter)
        _log("corrected", matter, by, before=before, after=after)
    return matter


@transaction.atomic
def set_topics(*, matter_id: int, codes: list[str], by: Actor) -> None:
    """Exactly these topics. One that a rule found and is not among them is denied, so that it does not come back."""
    matter = _matter(matter_id)
    wanted = {code for code in codes if code in topics()}
    known = {row.topic: row for row in MatterTopic.objects.filter(matter=matter)}
    before = sorted(code for code, row in known.items() if not row.denied)
    for code, row in known.items():
        if row.denied == (code in wanted):
            row.denied, row.by = code not in wanted, Found.PERSON
            row.save(update_fields=["denied", "by"])
    for code in sorted(wanted - known.keys()):
        MatterTopic.objects.create(matter=matter, topic=code, by=Found.PERSON)
    if before != sorted(wanted):
        _log("corrected", matter, by, before={"topics": before}, after={"topics": sorted(wanted)})


@transaction.atomic
def add_area(*, matter_id: int, area_id: int, by: Actor) -> None:
    """Say that it is about an area of the organisation's. Raises NotFound."""
    matter = _matter(matter_id)
    area = Area.objects.filter(pk=area_id).defer("geojson").first()
    if area is None:
        raise NotFound
    MatterPlace.objects.update_or_create(
        matter=matter,
        kind=MatterPlace.Kind.AREA,
        name=area.name,
        defaults={"area": area, "by": Found.PERSON, "denied": False},
    )
    _log("corrected", matter, by, after={"place": area.name})


@transaction.atomic
def deny_place(*, matter_id: int, place_id: int, by: Actor) -> None:
    """Say that it is not there, so that no rule finds it again. Raises NotFound."""
    matter = _matter(matter_id)
    place = MatterPlace.objects.filter(matter=matter, pk=place_id).first()
    if place is None:
        raise NotFound
    place.denied, place.by = True, Found.PERSON
    place.save(update_fields=["denied", "by"])
    _log("corrected", matter, by, before={"place": place.name})


@transaction.atomic
def set_hidden(*, matter_id: int, hidden: bool, by: Actor) -> None:
    """Take a matter off the public pages, or put it back."""
    matter = _matter(matter_id)
    if matter.hidden != hidden:
        matter.hidden, matter.shown_changed_at = hidden, now()
        matter.save(update_fields=["hidden", "shown_changed_at"])
        _log("hidden" if hidden else "shown", matter, by)


def _log(verb: str, matter: Matter, by: Actor, **data: Any) -> None:
    record(verb=f"matter.{verb}", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=1)
