"""Reading a document in. The same twice is the same once; what is new in it becomes events, each told once."""

from dataclasses import dataclass, field

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.matters.actions.bodies import body_named, meeting_on
from lyhord.matters.actions.events import bring_up_to_date, tell
from lyhord.matters.actions.findings import find_again
from lyhord.matters.actions.link import link_item, treatment
from lyhord.matters.items import Item as CutItem
from lyhord.matters.models import Body, Document, DocumentVersion, Item, Matter
from lyhord.matters.papers import STEP, Taken
from lyhord.matters.results import opens, result_of
from lyhord.matters.stages import Levels, event_of, stage_after

_REWRITTEN = ("heading", "decision_text", "reservations")


@dataclass(slots=True)
class Read:
    """What reading a document in came to. `changed` is false when it was there already, just so."""

    document: Document
    changed: bool = False
    new: bool = False
    events: int = 0
    touched: dict[int, Matter] = field(default_factory=dict)


@transaction.atomic
def read_document(*, taken: Taken, by: Actor, source_id: int | None = None) -> Read:
    """Keep a paper, cut it, link its items into matters, and tell what is new in them.

    Nothing happens when its latest version is the same file, cut the same way. A new way of cutting the same file
    brings items and links up to date and tells nothing as news.
    """
    key = f"{source_id or 'upload'}:{taken.key}"[:340]
    document = Document.objects.select_for_update(of=("self",)).filter(key=key).first()
    latest = document.versions.order_by("-number").first() if document else None
    same_file = latest is not None and latest.sha256 == taken.fingerprint
    if document is not None and same_file and latest is not None and latest.step == STEP and not document.withdrawn_at:
        return Read(document)
    body = body_named(name=taken.body, by=by)
    read = Read(_keep(document, key, taken, body, source_id), changed=True, new=document is None)
    if same_file and latest is not None:
        latest.step, latest.pages = STEP, _pages(taken)
        latest.save(update_fields=["step", "pages"])
    else:
        DocumentVersion.objects.create(
            document=read.document,
            number=latest.number + 1 if latest else 1,
            sha256=taken.fingerprint,
            step=STEP,
            pages=_pages(taken),
            read_at=now(),
        )
    _cut(read, taken, body, quiet=same_file, by=by)
    verb = "document.read" if read.new else "document.read_again"
    data = {"title": read.document.title, "quality": read.document.quality, "events": read.events}
    record(verb=verb, subject_type="document", subject_id=read.document.pk, by=by, data=data, level=1)
    return read


def _pages(taken: Taken) -> list[dict[str, str]]:
    return [{"text": clean_text(page.text), "quality": page.quality} for page in taken.pages]


def _keep(document: Document | None, key: str, taken: Taken, body: Body | None, source_id: int | None) -> Document:
    document = document or Document(
        organisation_id=require_organisation_id(), key=key, first_read_at=now(), source_id=source_id
    )
    document.kind = taken.kind
    document.title = clean_text(taken.title, one_line=True)[:300] or taken.key[:300]
    document.body = body
    document.meeting = meeting_on(body=body, held_on=taken.held_on, kind=taken.kind)
    document.url = taken.url if taken.url.startswith(("https://", "http://")) else ""
    document.language = taken.language[:5]
    document.quality = taken.quality
    document.pages = len(taken.pages)
    document.changed_at = now()
    document.withdrawn_at = None
    document.save()
    return document


def _cut(read: Read, taken: Taken, body: Body | None, *, quiet: bool, by: Actor) -> None:
    paper, levels = taken.paper, Levels()
    known = {item.number: item for item in Item.objects.filter(document=read.document).select_related("matter")}
    for cut in paper.items:
        item, changed = _item(known.pop(cut.number, None), cut, read.document, taken, body)
        matter = link_item(item=item, cut=cut, body=body, by=by)
        read.touched[matter.pk] = matter
        if not quiet and taken.held_on is not None:
            read.events += _tell_of(item, matter, body, taken, levels, by=by)
            if changed:
                read.events += _tell_of_correction(item, matter, taken, levels, by=by)
    for item in known.values():
        if not item.gone:
            item.gone = True
            item.save(update_fields=["gone"])
            if item.matter is not None:
                read.touched[item.matter.pk] = item.matter
    for matter in _standing(read):
        find_again(matter)
        bring_up_to_date(matter)


def _standing(read: Read) -> list[Matter]:
    """The matters that the document touched, without those that linking has merged away; as they are now."""
    return list(Matter.objects.filter(pk__in=read.touched, merged_into__isnull=True).order_by("pk"))


def _item(known: Item | None, cut: CutItem, document: Document, taken: Taken, body: Body | None) -> tuple[Item, bool]:
    """The item as the document now says, and whether words of it were there before and are others now."""
    item = known or Item(organisation_id=document.organisation_id, document=document, number=cut.number)
    before = tuple(getattr(item, name) for name in _REWRITTEN)
    decision = clean_text(cut.sections.get("decision", ""))
    item.heading = clean_text(cut.heading, one_line=True)[:500]
    item.identifier = clean_text(cut.evidence, one_line=True)[:100]
    item.page = cut.page
    item.sections = {name: clean_text(text) for name, text in cut.sections.items()}
    item.decision_text = decision
    item.reservations = clean_text(cut.sections.get("reservations", ""))
    item.result = _result(cut, decision) if taken.kind == Document.Kind.MINUTES else ""
    minutes = taken.kind == Document.Kind.MINUTES and taken.held_on is not None
    item.treatment = treatment(body.name, taken.held_on, cut.number) if minutes and body else ""
    item.gone = False
    item.save()
    return item, known is not None and before != tuple(getattr(item, name) for name in _REWRITTEN)


def _result(cut: CutItem, decision: str) -> str:
    if decision:
        return result_of(decision)
    return Item.Result.ENDORSED.value if "proposal" in cut.sections else ""


def _tell_of(item: Item, matter: Matter, body: Body | None, taken: Taken, levels: Levels, *, by: Actor) -> int:
    """The events that an item tells of: that it is up, what came of it, and that people may have their say."""
    assert taken.held_on is not None  # noqa: S101  # the caller has looked
    classification = body.classification if body else Body.Classification.OTHER.value
    same = f"{body.pk if body else 0} {taken.held_on} {item.identifier or item.heading or item.number}"
    settled = taken.kind == Document.Kind.MINUTES and (item.decision_text or item.result)
    type_ = event_of(item.result, classification) if settled else "agenda"
    given = {"matter": matter, "occurred_on": taken.held_on, "levels": levels, "by": by, "body": body}
    given |= {"document": item.document, "item": item, "result": item.result}
    at = stage_after(type_, classification, matter.kind, item.result)
    told = int(tell(what=type_, stage=at, key=f"{type_} {item.result} {same}", **given))  # type: ignore[arg-type]  # a table of mixed values, right by its names
    if settled and type_ == "decided" and (open_stage := opens(item.heading, item.decision_text)):
        given |= {"result": ""}
        told += tell(what="consultation", stage=open_stage, key=f"consultation {same}", **given)  # type: ignore[arg-type]  # a table of mixed values, right by its names
    return told


def _tell_of_correction(item: Item, matter: Matter, taken: Taken, levels: Levels, *, by: Actor) -> int:
    key = f"correction {item.document_id} {item.number} {taken.fingerprint}"
    return int(
        tell(
            matter=matter,
            what="correction",
            key=key,
            occurred_on=today(),
            levels=levels,
            by=by,
            document=item.document,
            item=item,
        )
    )


@transaction.atomic
def withdraw_document(*, document_id: int, by: Actor, reason: str = "") -> Document:
    """Show a document no more. It stays as a tombstone without its text, and its items leave their matters' pages."""
    document = Document.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if document is None:
        raise NotFound
    if document.withdrawn_at is not None:
        return document
    document.withdrawn_at = now()
    document.save(update_fields=["withdrawn_at"])
    document.versions.update(pages=[])
    items = list(Item.objects.filter(document=document).select_related("matter"))
    Item.objects.filter(document=document).update(gone=True, sections={}, decision_text="", reservations="")
    for matter in {item.matter for item in items if item.matter is not None}:
        find_again(matter)
    data = {"title": document.title, "reason": clean_text(reason, one_line=True)[:200]}
    record(verb="document.withdrawn", subject_type="document", subject_id=document.pk, by=by, data=data)
    return document
