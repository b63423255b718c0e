"""Items of different papers that belong to one matter: by number, and by (body, date, §). See matters/linking.py."""

from dataclasses import dataclass

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.matters.actions.merge import join
from lyhord.matters.items import Item as CutItem
from lyhord.matters.linking import board, references
from lyhord.matters.models import Body, Found, Item, ItemReference, Matter, MatterNumber
from lyhord.matters.stages import kind_of


def treatment(body_name: str, day: object, number: int) -> str:
    """How other papers refer to an item of minutes: "kommunstyrelsen 2024-04-03 36"."""
    return f"{board(body_name)} {day} {number}"[:150]


def number_key(cut: CutItem, body_name: str) -> str:
    """The item's own case number in the form of MatterNumber; "" where its heading has none."""
    number = cut.identifier
    if number is None:
        return ""
    series = number.series or board(body_name)
    return f"{series} {number.year}-{number.serial}"[:120]


@dataclass(frozen=True, slots=True)
class _Lead:
    matter: Matter
    evidence: str


def link_item(*, item: Item, cut: CutItem, body: Body | None, by: Actor) -> Matter:
    """The matter that the item belongs to, found or made new. What a person has linked stays."""
    key = number_key(cut, body.name if body else "")
    _keep_references(item, cut)
    if item.matter_id is not None and item.linked_by == Found.PERSON and item.matter is not None:
        return item.matter
    leads = _leads(item, key)
    matter = leads[0].matter if leads else _new(item, body, by)
    for lead in leads[1:]:
        if lead.matter.pk != matter.pk and not _held_apart(matter, lead.matter):
            join(into=matter, away=lead.matter, by=by, why=lead.evidence)
    if key:
        MatterNumber.objects.get_or_create(number=key, defaults={"matter": matter})
    if item.matter_id != matter.pk:
        item.matter = matter
        item.link_evidence = leads[0].evidence[:200] if leads else ""
        item.save(update_fields=["matter", "link_evidence"])
    return matter


def _keep_references(item: Item, cut: CutItem) -> None:
    wanted = {treatment(name, day, number) for name, day, number in references(cut)}
    known = set(item.references.values_list("treatment", flat=True))
    item.references.filter(treatment__in=known - wanted).delete()
    ItemReference.objects.bulk_create(
        [
            ItemReference(organisation_id=item.organisation_id, item=item, treatment=each)
            for each in sorted(wanted - known)
        ]
    )


def _leads(item: Item, key: str) -> list[_Lead]:
    """Every matter that something leads to, the surest first, each once."""
    found: dict[int, _Lead] = {}

    def add(matter: Matter | None, evidence: str) -> None:
        if matter is not None and matter.merged_into_id is None:
            found.setdefault(matter.pk, _Lead(matter, evidence))

    if item.matter_id is not None:
        add(item.matter, item.link_evidence)
    if key:
        known = MatterNumber.objects.filter(number=key).select_related("matter").first()
        add(known.matter if known else None, key)
    named = list(item.references.order_by("pk").values_list("treatment", flat=True))
    others = Item.objects.filter(matter__isnull=False).exclude(pk=item.pk).select_related("matter").order_by("pk")
    if named:
        for earlier in others.filter(treatment__in=named):
            add(earlier.matter, earlier.treatment)
    if item.treatment:
        for later in others.filter(references__treatment=item.treatment):
            add(later.matter, item.treatment)
    return list(found.values())


def _held_apart(one: Matter, other: Matter) -> bool:
    """Whether a person has had a say in either: then only a person puts them together."""
    return Item.objects.filter(matter__in=[one, other], linked_by=Found.PERSON).exists()


def _new(item: Item, body: Body | None, by: Actor) -> Matter:
    matter = Matter.objects.create(
        title=item.heading[:500] or f"§ {item.number}", kind=kind_of(item.heading), body=body, created_at=now()
    )
    data = {"title": matter.title}
    record(verb="matter.found", subject_type="matter", subject_id=matter.pk, by=by, data=data, level=1)
    return matter
