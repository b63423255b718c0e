"""What is decided: matters in politics with their way so far, bodies and meetings, as everybody may read them."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from lyhord.core.clock import today
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.matters import public_queries as queries
from lyhord.matters.models import Matter as MatterRow
from lyhord.matters.models import MatterEvent
from lyhord.matters.stages import FORMAL, Levels, kinds, stage
from lyhord.matters.topics import topics
from lyhord.places.queries import areas_to_choose
from lyhord.www.api.answers import OPEN, After, Limit, answer, from_cursor, to_cursor
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.matter_papers import Paper, paper_of
from lyhord.www.api.organisation import language_of
from lyhord.www.public import matter_words as words

router = Router(tags=["matters"], auth=ANYBODY)

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_STAGES = {"": "", "open": "svara", "ongoing": "pagar", "decided": "klart"}


class Choice(BaseModel):
    """A code and its name in the reader's language."""

    code: str
    name: str


class AreaChoice(Choice):
    """A district or another piece of land with a name. Alerts name it by its id, lists by its code."""

    id: int


class LevelChoice(Choice):
    """Something that happens to matters, and how much it counts: 3 is the most important."""

    level: int


class MatterChoices(BaseModel):
    """What lists of matters can be narrowed by, and what alerts can ask for."""

    kinds: list[Choice]
    topics: list[Choice]
    areas: list[AreaChoice]
    events: list[LevelChoice]


class MatterInList(BaseModel):
    """A matter in a list."""

    id: int
    title: str
    kind: str
    body: str = Field(description="The name of the body that has it.")
    at: date | None = Field(description="When something happened last.")
    stage: str
    stage_name: str
    over: bool = Field(description="Whether it is decided.")
    answer_until: date | None = Field(description="The last day to say what one thinks, while there is one.")
    topics: list[str]
    page: str = Field(description="The page for people.")


class MatterPage(BaseModel):
    """What happened last comes first."""

    items: list[MatterInList]
    next: str = Field(description="For `after`; empty on the last page.")


class MatterStep(BaseModel):
    """One thing that happened, or will."""

    at: date
    what: str
    body: str
    level: int = Field(description="1 detail, 2 normal, 3 the most important.")
    text: str


class Decision(BaseModel):
    """What was decided last."""

    sentence: str
    text: str = Field(description="Word by word.")
    plain: str = Field(description="In plain words, by a person; may be empty.")
    reservations: str


class MatterPlace(BaseModel):
    """Where it is."""

    name: str
    kind: str
    lat: float | None
    lon: float | None


class WholeMatter(MatterInList):
    """A matter: how far it has come, what was decided, its papers and places."""

    official_title: str
    numbers: list[str]
    decision: Decision | None
    events: list[MatterStep] = Field(description="Newest first.")
    papers: list[Paper]
    places: list[MatterPlace]
    cases: list[str] = Field(description="Numbers of the published cases that it began with.")


def demand_matters(request: ApiRequest) -> None:
    """NotFound where the organisation has not turned matters on."""
    if not request.organisation.has("matters"):
        raise NotFound


@router.get("/matter-choices", response=MatterChoices, summary="What matters can be chosen by")
def choices(request: ApiRequest) -> HttpResponse:
    """Kinds, topics and areas, and how much counts of what happens."""
    demand_matters(request)
    language = language_of(request)
    body = MatterChoices(
        kinds=[Choice(code=one.code, name=one.name(language)) for one in kinds().values() if one.code != FORMAL],
        topics=[Choice(code=one.code, name=one.name(language)) for one in topics().values()],
        areas=[AreaChoice(id=pk, code=code, name=name) for pk, code, name in areas_to_choose()],
        events=[
            LevelChoice(code=row.code, name=row.name(language), level=row.level)
            for row in Levels().events()
            if row.shown
        ],
    )
    return answer(request, body, cache=OPEN)


@router.get("/matters", response=MatterPage, summary="Matters in politics")
def matters(
    request: ApiRequest,
    *,
    q: Annotated[str, Query(max_length=100, description="Words, or a case number.")] = "",
    body: Annotated[str, Query(max_length=80, description="Code of a body.")] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
    area: Annotated[str, Query(max_length=60, description="Code of an area.")] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    stage: Annotated[Literal["", "open", "ongoing", "decided"], Query(description="open: one can say something.")] = "",
    limit: Limit = 20,
    after: After = "",
) -> HttpResponse:
    """What is decided, newest first, found by words and narrowed."""
    demand_matters(request)
    wanted = queries.Wanted(
        words=clean_text(q, one_line=True),
        body=clean_text(body, one_line=True),
        topic=clean_text(topic, one_line=True),
        area=clean_text(area, one_line=True),
        kind=kind if kind in kinds() else "",
        stage=_STAGES[stage],
    )
    found = list(queries.beyond(queries.found(wanted), *_place(after))[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = to_cursor(f"{last.last_on}~{last.pk}") if last else ""
    shown = found[:limit]
    about = queries.with_topics(shown)
    items = [_row(request, one, about.get(one.pk, [])) for one in shown]
    return answer(request, MatterPage(items=items, next=following), cache=OPEN, following=following)


def _place(after: str) -> tuple[date | None, int]:
    """Where the list goes on; nonsense is the beginning."""
    day, _mark, pk = from_cursor(after).partition("~")
    try:
        return date.fromisoformat(day), min(int(pk), 2**63 - 1)
    except ValueError:
        return None, 0


@router.get("/matters/{matter_id}", response=WholeMatter, summary="A matter")
def matter(request: ApiRequest, matter_id: RowId) -> HttpResponse:
    """One matter. One that was found to be the same as another is that one."""
    found = shown_matter(request, matter_id)
    language, happened = language_of(request), queries.timeline(found)
    about = queries.with_topics([found]).get(found.pk, [])
    body = WholeMatter(
        **_row(request, found, about).model_dump(),
        official_title=found.title,
        numbers=[row.number for row in found.numbers.order_by("number")[:10]],
        decision=_decision(found, happened),
        events=[MatterStep(**row) for row in words.log_rows(happened, Levels(), language)],
        papers=[paper_of(request, paper) for paper in queries.documents_of(found)],
        places=[
            MatterPlace(name=place.name, kind=place.kind, lat=place.lat, lon=place.lon)
            for place in queries.places_of(found)
        ],
        cases=[case.number for case in queries.published_cases_of(found)],
    )
    return answer(request, body, cache=OPEN)


def shown_matter(request: ApiRequest, matter_id: int) -> MatterRow:
    """The matter, or what it was merged into; NotFound for one that is not shown."""
    demand_matters(request)
    found = queries.by_id(matter_id)
    if found is None:
        raise NotFound
    return found


def _row(request: HttpRequest, found: MatterRow, about: list[str]) -> MatterInList:
    named = stage(found.kind, found.stage)
    still = found.answer_until is not None and found.answer_until >= today()
    return MatterInList(
        id=found.pk,
        title=found.shown_title,
        kind=found.kind,
        body=found.body.name if found.body else "",
        at=found.last_on,
        stage=found.stage,
        stage_name=named.name(language_of(request)) if named else "",
        over=found.stage in queries.OVER,
        answer_until=found.answer_until if still else None,
        topics=[code for code in about if code in topics()],
        page=request.build_absolute_uri(reverse("public:matter", args=[found.pk])),
    )


def _decision(found: MatterRow, happened: list[MatterEvent]) -> Decision | None:
    event = words.latest_decision(happened)
    if event is None or event.item is None:
        return None
    return Decision(
        sentence=words.sentence(event),
        text=event.item.decision_text,
        plain=found.plain_text,
        reservations=event.item.reservations,
    )
