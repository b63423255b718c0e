"""What others have told of and somebody has read through: list, one case, following it."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from lyhord.cases.kind import KINDS
from lyhord.cases.listed import Listed, listed
from lyhord.cases.models import Case, Photo
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.public_queries import (
    by_number,
    photos_and_history,
    publication_of,
    published_ids,
)
from lyhord.cases.register import register as entries
from lyhord.cases.states import State
from lyhord.cases.timeline import timeline
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.www.api.answers import OPEN, After, Day, Limit, answer, from_cursor, number_from, to_cursor
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.organisation import language_of
from lyhord.www.api.own_case import TimelineStep, shown_step
from lyhord.www.api.photos import PhotoLink
from lyhord.www.api.problems import Refused

router = Router(tags=["published"], auth=ANYBODY)


class PublishedRow(BaseModel):
    """A published case in a list."""

    number: str
    kind: str
    title: str
    state: State
    open: bool
    registered_at: datetime
    changed_at: datetime
    place_text: str
    lat: float | None
    lon: float | None
    followers: int


class PublishedPage(BaseModel):
    """Newest first."""

    items: list[PublishedRow]
    next: str = Field(description="For `after`; empty on the last page.")


class PublishedCase(PublishedRow):
    """A published case, as it was reviewed."""

    text: str
    answer: str
    published_at: datetime
    state_sentence: str
    unit: str
    timeline: list[TimelineStep]
    photos: list[PhotoLink]
    page: str = Field(description="The page for people.")


class RegisterEntry(BaseModel):
    """A case in the register of what has come in. What is kept from others has only its number and day."""

    number: str
    at: datetime
    matter: str
    unit: str
    state: str = Field(description="In words.")
    published: bool


class RegisterEntries(BaseModel):
    """Newest first."""

    items: list[RegisterEntry]
    next: str = Field(description="For `after`; empty on the last page.")


@router.get("/published", response=PublishedPage, summary="Published cases")
def published_cases(
    request: ApiRequest,
    *,
    q: Annotated[str, Query(max_length=200, description="Words, or a number.")] = "",
    category: Annotated[str, Query(max_length=60)] = "",
    case_type: Annotated[str, Query(max_length=80)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    area: Annotated[str, Query(max_length=80, description="Code of an area.")] = "",
    first: Day = None,
    last: Day = None,
    state: Annotated[list[State], Query(max_length=9, description="Any of these.")] = [],  # noqa: B006  # copied for each request
    limit: Limit = 20,
    after: After = "",
) -> HttpResponse:
    """Published cases, newest first. Words search only what was published."""
    if not request.organisation.publishes:
        raise NotFound
    wanted = PublicFilter(
        words=clean_text(q, one_line=True),
        category=clean_text(category, one_line=True),
        type_code=clean_text(case_type, one_line=True),
        kind=clean_text(kind, one_line=True),
        area=clean_text(area, one_line=True),
        states=frozenset(state),
        first=first,
        last=last,
    )
    ids = published_ids(wanted, limit + 1, below=number_from(after))
    following = to_cursor(str(ids[limit - 1])) if len(ids) > limit else ""
    items = [_row(row) for row in listed(ids[:limit])]
    return answer(request, PublishedPage(items=items, next=following), cache=OPEN, following=following)


def _row(row: Listed) -> PublishedRow:
    return PublishedRow(
        number=row.number,
        kind=row.kind,
        title=row.title,
        state=State(row.state),
        open=row.open,
        registered_at=row.registered_at,
        changed_at=row.changed_at,
        place_text=row.place_text,
        lat=row.lat,
        lon=row.lon,
        followers=row.followers,
    )


@router.get("/published/{number}", response=PublishedCase, summary="A published case")
def published_case(request: ApiRequest, number: str) -> HttpResponse:
    """One published case; 410 when it was but is no longer, 404 for every other number."""
    case = shown_case(request, number)
    text = publication_of(case)
    if text is None:  # withdrawn just now
        raise Refused(410)
    kind, state = KINDS.get(case.kind), State(case.state)
    photos, events = photos_and_history(case)
    body = PublishedCase(
        **_row(Listed.of(case, text)).model_dump(),
        text=text.text,
        answer=text.answer,
        published_at=text.published_at,
        state_sentence=kind.sentence(state, until=case.state_until),
        unit=case.unit.name,
        timeline=[shown_step(step) for step in timeline(case, events, unit=case.unit.name, own=False)],
        photos=[_link(request, photo) for photo in photos if photo.published],
        page=request.build_absolute_uri(reverse("public:case", args=[case.number])),
    )
    return answer(request, body, cache=OPEN)


def shown_case(request: ApiRequest, number: str) -> Case:
    """The published case; 410 for one that is shown no longer, NotFound for all others."""
    parsed = parse_number(number) if request.organisation.publishes else None
    case = by_number(format_number(*parsed)) if parsed else None
    if case is None or case.publication_state not in {Case.Published.PUBLISHED, Case.Published.WITHDRAWN}:
        raise NotFound
    if case.publication_state == Case.Published.WITHDRAWN:
        raise Refused(410)
    return case


def _link(request: ApiRequest, photo: Photo) -> PhotoLink:
    large, small = (
        request.build_absolute_uri(reverse("public:image", args=[photo.file.uid, size])) for size in ("large", "small")
    )
    return PhotoLink(large=large, small=small, alt=photo.alt, published=True)


@router.get("/register", response=RegisterEntries, summary="The register of what has come in")
def register(
    request: ApiRequest,
    number: Annotated[str, Query(max_length=20, description="Only this one.")] = "",
    after: After = "",
) -> HttpResponse:
    """Everything, as anybody may read it: never the text, the place or who sent it. 404 where it is not shown."""
    if not request.organisation.has("register"):
        raise NotFound
    rows, more = entries(language_of(request), number=clean_text(number, one_line=True), before=from_cursor(after))
    following = to_cursor(rows[-1].number) if more else ""
    items = [
        RegisterEntry(
            number=row.number, at=row.at, matter=row.matter, unit=row.unit, state=row.state, published=row.published
        )
        for row in rows
    ]
    return answer(request, RegisterEntries(items=items, next=following), cache=OPEN, following=following)
