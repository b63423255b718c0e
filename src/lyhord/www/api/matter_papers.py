"""Who decides, when they meet, and what their papers say."""

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router
from pydantic import BaseModel, Field

from lyhord.core.errors import NotFound
from lyhord.matters import public_queries as queries
from lyhord.matters.models import Document, Item, Meeting
from lyhord.matters.stages import FORMAL
from lyhord.www.api.answers import OPEN, After, Limit, answer, from_cursor, to_cursor
from lyhord.www.api.callers import ANYBODY, ApiRequest

router = Router(tags=["matters"], auth=ANYBODY)

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class DecidingBody(BaseModel):
    """Council, executive, board, committee …"""

    code: str
    name: str
    classification: str


class DecidingBodies(BaseModel):
    """The highest first."""

    items: list[DecidingBody]


class Paper(BaseModel):
    """Agenda, minutes or another document."""

    id: int
    kind: str
    title: str
    quality: str = Field(description='"good", or how well it could be read.')
    meeting: int | None
    held_on: date | None
    original: str = Field(description="Where the municipality has it; may be empty.")
    page: str = Field(description="The page for people.")


class MeetingRow(BaseModel):
    """A meeting in a list."""

    id: int
    body: str
    held_on: date
    state: str


class MeetingPage(BaseModel):
    """Newest first."""

    items: list[MeetingRow]
    next: str = Field(description="For `after`; empty on the last page.")


class PaperItem(BaseModel):
    """A paragraph of minutes, or an item of an agenda."""

    number: int
    heading: str = Field(description="Empty where the matter is not shown.")
    result: str
    matter: int | None


class PaperWithItems(Paper):
    """A document and what it takes up."""

    items: list[PaperItem]


class WholeMeeting(MeetingRow):
    """A meeting with its papers."""

    papers: list[PaperWithItems]


class PaperText(BaseModel):
    """A page of a document as far as it could be read."""

    text: str
    quality: str


class WholePaper(Paper):
    """A document, page by page."""

    language: str
    read_at: datetime
    pages: list[PaperText]


@router.get("/bodies", response=DecidingBodies, summary="Who decides")
def bodies(request: ApiRequest) -> HttpResponse:
    """Every body."""
    _on(request)
    items = [
        DecidingBody(code=body.code, name=body.name, classification=body.classification) for body in queries.bodies()
    ]
    return answer(request, DecidingBodies(items=items), cache=OPEN)


@router.get("/bodies/{body_code}/meetings", response=MeetingPage, summary="When a body meets")
def meetings(
    request: ApiRequest, body_code: Annotated[str, Path(max_length=80)], limit: Limit = 20, after: After = ""
) -> HttpResponse:
    """The meetings of one body, newest first."""
    _on(request)
    body = next((one for one in queries.bodies() if one.code == body_code), None)
    if body is None:
        raise NotFound
    rows = queries.meetings(body)
    with suppress(ValueError):
        rows = rows.filter(held_on__lt=date.fromisoformat(from_cursor(after)))  # a body meets once on a day
    found = list(rows[: limit + 1])
    following = to_cursor(str(found[limit - 1].held_on)) if len(found) > limit else ""
    items = [_meeting(one) for one in found[:limit]]
    return answer(request, MeetingPage(items=items, next=following), cache=OPEN, following=following)


@router.get("/meetings/{meeting_id}", response=WholeMeeting, summary="A meeting")
def meeting(request: ApiRequest, meeting_id: RowId) -> HttpResponse:
    """Its papers, and each item with its matter."""
    _on(request)
    found = queries.meetings().filter(pk=meeting_id).first()
    if found is None:
        raise NotFound
    papers = [
        PaperWithItems(
            **paper_of(request, paper, found).model_dump(), items=[_item(item) for item in paper.items.all()]
        )
        for paper in queries.papers_of(found)
    ]
    return answer(request, WholeMeeting(**_meeting(found).model_dump(), papers=papers), cache=OPEN)


@router.get("/papers/{document_id}", response=WholePaper, summary="What a document says")
def paper(request: ApiRequest, document_id: RowId) -> HttpResponse:
    """Page by page, as far as it could be read."""
    _on(request)
    found = queries.document(document_id)
    if found is None:
        raise NotFound
    pages = [PaperText(text=page["text"], quality=page.get("quality", "")) for page in queries.pages_of(found)]
    body = WholePaper(
        **paper_of(request, found).model_dump(), language=found.language, read_at=found.changed_at, pages=pages
    )
    return answer(request, body, cache=OPEN)


def _on(request: ApiRequest) -> None:
    if not request.organisation.has("matters"):
        raise NotFound


def _meeting(found: Meeting) -> MeetingRow:
    return MeetingRow(id=found.pk, body=found.body.name, held_on=found.held_on, state=found.state)


def _item(item: Item) -> PaperItem:
    hidden = item.matter is not None and item.matter.hidden
    shown = item.matter is not None and not hidden and item.matter.kind != FORMAL
    return PaperItem(
        number=item.number,
        heading="" if hidden else item.heading,
        result=item.result,
        matter=item.matter_id if shown else None,
    )


def paper_of(request: HttpRequest, found: Document, held: Meeting | None = None) -> Paper:
    """A document in a list; `held` is its meeting, where that is known."""
    meeting = held or found.meeting
    return Paper(
        id=found.pk,
        kind=found.kind,
        title=found.title,
        quality=found.quality,
        meeting=found.meeting_id,
        held_on=meeting.held_on if meeting else None,
        original=found.url,
        page=request.build_absolute_uri(reverse("public:matter_document", args=[found.pk])),
    )
