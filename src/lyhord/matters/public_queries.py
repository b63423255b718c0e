"""What everybody may read of matters: nothing hidden, nothing withdrawn, no roll-calls."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q

from lyhord.cases.models import Case
from lyhord.core.clock import today
from lyhord.core.stems import stems
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import clean_text
from lyhord.matters.models import (
    Body,
    CaseLink,
    Document,
    DocumentVersion,
    Item,
    Matter,
    MatterEvent,
    MatterPlace,
    MatterTopic,
    Meeting,
)
from lyhord.matters.numbers import find_numbers, normalise
from lyhord.matters.stages import FORMAL

COUNT_TO = 1000
OPEN_TO_ALL = frozenset({"consultation", "review"})
OVER = frozenset({"decided", "adopted", "appealed", "supervision", "final", "done", "repealed", "closed"})
_SHORTEST_PART, _MOST_WORDS = 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody has chosen to see; "" lets all through."""

    words: str = ""
    body: str = ""
    topic: str = ""
    area: str = ""
    kind: str = ""
    stage: str = ""
    """ "svara", "pagar", "klart" or ""."""


def readable() -> TenantQuerySet[Matter]:
    """All that is shown, newest first."""
    shown = Matter.objects.filter(merged_into__isnull=True, hidden=False, last_on__isnull=False).exclude(kind=FORMAL)
    return shown.order_by("-last_on", "-pk")


def found(wanted: Wanted) -> TenantQuerySet[Matter]:
    """What answers to a choice, newest first, with the body that has it."""
    matters = readable().select_related("body").defer("stems", "plain_text")
    for says in _words(wanted.words):
        matters = matters.filter(says)
    if wanted.body:
        of_body = MatterEvent.objects.filter(matter=OuterRef("pk"), body__code=wanted.body)
        matters = matters.filter(Exists(of_body))
    if wanted.topic:
        about = MatterTopic.objects.filter(matter=OuterRef("pk"), topic=wanted.topic, denied=False)
        matters = matters.filter(Exists(about))
    if wanted.area:
        there = MatterPlace.objects.filter(matter=OuterRef("pk"), area__code=wanted.area, denied=False)
        matters = matters.filter(Exists(there))
    if wanted.kind:
        matters = matters.filter(kind=wanted.kind)
    if wanted.stage == "svara":
        still = Q(answer_until__isnull=True) | Q(answer_until__gte=today())
        matters = matters.filter(still, stage__in=OPEN_TO_ALL)
    elif wanted.stage == "klart":
        matters = matters.filter(stage__in=OVER)
    elif wanted.stage == "pagar":
        matters = matters.exclude(stage__in=OVER)
    return matters


def _words(text: str) -> list[Q]:
    """What a search looks for in `stems`: a case number as it is kept, else each word's stem, also in compounds."""
    text = clean_text(text, one_line=True)
    numbers = find_numbers(text)
    number = numbers[0].number if numbers else normalise(text)
    if number is not None:
        return [Q(stems__contains=f"{number.series.casefold()} {number.year}-{number.serial} ".lstrip())]
    return [_says(stem) for stem in stems(text)[:_MOST_WORDS]]


def _says(stem: str) -> Q:
    """ "skol" is in "skolgård" and in "gymnasieskola"; what is shorter must be the whole word."""
    if len(stem) < _SHORTEST_PART:
        return Q(stems__contains=f" {stem} ")
    return Q(stems__contains=f" {stem}") | Q(stems__contains=f"{stem} ")


def beyond(matters: TenantQuerySet[Matter], day: date | None, pk: int) -> TenantQuerySet[Matter]:
    """Those that come after one in the order of `readable`; all without a day."""
    if day is None:
        return matters
    return matters.filter(Q(last_on__lt=day) | Q(last_on=day, pk__lt=pk))


def by_id(matter_id: int) -> Matter | None:
    """One that is shown, or the one that it was merged into, with its body; None otherwise."""
    rows = Matter.objects.filter(hidden=False).select_related("body", "merged_into__body").defer("stems")
    found = rows.filter(pk=matter_id).first()
    if found is not None and found.merged_into is not None:
        found = found.merged_into
    return found if found is not None and not found.hidden else None


def document(document_id: int) -> Document | None:
    """One that has not been withdrawn, with its meeting; None otherwise."""
    rows = Document.objects.filter(withdrawn_at__isnull=True).select_related("meeting__body")
    return rows.filter(pk=document_id).first()


def with_topics(matters: list[Matter]) -> dict[int, list[str]]:
    """The topics of each of a page's matters."""
    found_topics: dict[int, list[str]] = {}
    rows = MatterTopic.objects.filter(matter__in=matters, denied=False).order_by("pk")
    for matter_id, topic in rows.values_list("matter_id", "topic"):
        found_topics.setdefault(matter_id, []).append(topic)
    return found_topics


def timeline(matter: Matter) -> list[MatterEvent]:
    """All that has happened, oldest first, with body, item and document."""
    rows = MatterEvent.objects.filter(matter=matter).select_related("body", "item", "document")
    return list(rows.order_by("occurred_on", "pk"))


def documents_of(matter: Matter) -> list[Document]:
    """The papers that it stands in, newest first."""
    inside = Item.objects.filter(document=OuterRef("pk"), matter=matter, gone=False)
    shown = Document.objects.filter(Exists(inside), withdrawn_at__isnull=True).select_related("meeting", "body")
    return list(shown.order_by("-meeting__held_on", "-pk")[:100])


def places_of(matter: Matter) -> list[MatterPlace]:
    """Where it is, as far as anybody knows."""
    return list(MatterPlace.objects.filter(matter=matter, denied=False).order_by("kind", "name")[:50])


def published_cases_of(matter: Matter) -> list[Case]:
    """The cases that it began with, of those that everybody may read."""
    shown = CaseLink.objects.filter(matter=matter, case__publication_state=Case.Published.PUBLISHED)
    return [link.case for link in shown.select_related("case").order_by("pk")[:10]]


def bodies() -> list[Body]:
    """All bodies, by what they are and by name."""
    order = {each: at for at, each in enumerate(Body.Classification.values)}
    return sorted(Body.objects.order_by("sort_key"), key=lambda body: order.get(body.classification, 9))


def meetings(body: Body | None = None) -> TenantQuerySet[Meeting]:
    """Meetings, newest first."""
    rows = Meeting.objects.select_related("body").order_by("-held_on", "pk")
    return rows.filter(body=body) if body else rows


def papers_of(meeting: Meeting) -> list[Document]:
    """A meeting's papers with their items, each with its matter."""
    items = (
        Item.objects.filter(gone=False).select_related("matter").order_by("number").defer("sections", "matter__stems")
    )
    papers = Document.objects.filter(meeting=meeting, withdrawn_at__isnull=True).order_by("-kind", "pk")
    return list(papers.prefetch_related(Prefetch("items", queryset=items)))


def pages_of(document: Document) -> list[dict[str, str]]:
    """The document's text as it was read last, page by page."""
    latest = DocumentVersion.objects.filter(document=document).order_by("-number").first()
    return list(latest.pages) if latest else []
