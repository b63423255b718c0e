"""Having one's say about a matter: what is open, what others said, and saying something."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.errors import Invalid, NotFound
from lyhord.engagement import actions, queries
from lyhord.engagement.actions.acts import Said
from lyhord.engagement.mechanism import MECHANISMS, Mechanism
from lyhord.engagement.models import Act, Opening
from lyhord.engagement.results import counts, shown_count, supports, tally
from lyhord.engagement.sameness import genuine_device, key_of, new_device
from lyhord.intake.abuse import ACTS, too_many
from lyhord.matters.public_queries import by_id
from lyhord.places.point import Point, parse_point
from lyhord.www.api.answers import OPEN, SECRET, After, Limit, answer, message_id, number_from, to_cursor
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.organisation import language_of
from lyhord.www.api.problems import hold_back
from lyhord.www.public.guard import sender_address

router = Router(tags=["matters"], auth=ANYBODY)
RESIDENT = Actor.resident()
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Device = Annotated[
    str, Field(max_length=64, description="What an earlier answer gave: one device has one say. Empty: a new one.")
]


class AnswerChoice(BaseModel):
    """One of the answers to choose from. `count` is null while fewer than five have chosen it."""

    code: str
    label: str
    count: int | None


class OpeningRow(BaseModel):
    """A way to have one's say about a matter."""

    id: int
    matter: int
    mechanism: str = Field(description="reaction, poll, question, pin, idea, consultation …")
    question: str
    text: str
    open: bool
    opens_on: date | None
    closes_on: date | None
    formal: bool = Field(description="Only for who is logged in on the page.")
    choices: list[AnswerChoice] = Field(description="Empty where one writes.")
    total: int | None = Field(description="Null while it would tell of fewer than five.")
    outcome: str = Field(description="What it led to; empty until that is told.")
    influence: str = Field(description="changed, partly, not; or empty.")
    page: str = Field(description="The page for people.")


class OpeningList(BaseModel):
    """What is open comes first."""

    items: list[OpeningRow]


class ShownAct(BaseModel):
    """What somebody wrote, as it is shown."""

    id: int
    at: datetime
    text: str
    answer: str
    place: str
    lat: float | None
    lon: float | None
    supports: int | None = Field(description="Null while fewer than five support it.")


class ShownActs(BaseModel):
    """Newest first."""

    items: list[ShownAct]
    next: str = Field(description="For `after`; empty on the last page.")


class NewAct(BaseModel):
    """What somebody says: a choice where there are choices, else words."""

    model_config = ConfigDict(extra="forbid")

    device: Device = ""
    choice: Annotated[str, Field(max_length=30)] = ""
    text: Annotated[str, Field(max_length=10_000)] = ""
    name: Annotated[str, Field(max_length=120)] = ""
    address: Annotated[str, Field(max_length=254, description="Where the sender is reached; never shown.")] = ""
    place_text: Annotated[str, Field(max_length=200)] = ""
    lat: float | None = None
    lon: float | None = None


class ActTaken(BaseModel):
    """It has arrived."""

    device: str = Field(description="To be sent along the next time.")
    state: str = Field(description="counted, or waiting until somebody has read it.")
    code: str = Field(description="Of the case that a question became; else empty.")


class Supporter(BaseModel):
    """Which device agrees."""

    model_config = ConfigDict(extra="forbid")

    device: Device = ""


class Supported(BaseModel):
    """It counts."""

    device: str


@router.get("/matters/{matter_id}/openings", response=OpeningList, summary="How to have one's say about a matter")
def openings(request: ApiRequest, matter_id: RowId) -> HttpResponse:
    """What is or was open, with results. Figures are told from five."""
    _on(request)
    matter = by_id(matter_id)
    if matter is None:
        raise NotFound
    found = [row for row in queries.public(matter) if MECHANISMS.find(row.mechanism)]
    by_opening = counts([row.pk for row in found])
    for row in found:
        row.matter = matter
    items = [_row(request, row, by_opening.get(row.pk, {})) for row in found]
    return answer(request, OpeningList(items=items), cache=OPEN)


@router.get("/openings/{opening_id}/acts", response=ShownActs, summary="What others have written")
def acts(request: ApiRequest, opening_id: RowId, limit: Limit = 20, after: After = "") -> HttpResponse:
    """The texts that somebody has read and shows."""
    opening, mechanism = _opening(request, opening_id)
    rows = queries.shown_acts(opening)
    last = number_from(after)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows[: limit + 1])
    following = to_cursor(str(found[limit - 1].pk)) if len(found) > limit else ""
    agreed = supports([act.pk for act in found[:limit]]) if mechanism.supported else {}
    items = [_shown(act, agreed.get(act.pk, 0)) for act in found[:limit]]
    return answer(request, ShownActs(items=items, next=following), cache=OPEN, following=following)


@router.post("/openings/{opening_id}/acts", response={201: ActTaken}, summary="Have one's say")
def say(request: ApiRequest, opening_id: RowId, given: NewAct) -> HttpResponse:
    """Once from each device where one chooses (409 the second time). With Idempotency-Key words sent twice are once."""
    opening, mechanism = _opening(request, opening_id)
    hold_back(too_many(purpose=ACTS, address=sender_address(request)))
    device = genuine_device(given.device) or new_device()
    own = message_id(request) or new_device()
    said = Said(
        key=key_of(opening.pk, "device", device) if mechanism.by_choice else key_of(opening.pk, "form", own),
        choice=given.choice,
        text=given.text,
        name=given.name,
        address=given.address,
        place_text=given.place_text,
        point=_point(given),
        language=language_of(request),
    )
    if mechanism.becomes_case:
        receipt = actions.ask(opening_id=opening.pk, said=said, external_id=own, by=RESIDENT)
        body = ActTaken(device=device, state=Act.State.WAITING, code=receipt.code)
    else:
        act = actions.take_part(opening_id=opening.pk, said=said, by=RESIDENT)
        body = ActTaken(device=device, state=act.state, code="")
    return answer(request, body, status=201, cache=SECRET)


@router.post("/acts/{act_id}/supports", response={201: Supported}, summary="Agree with an idea")
def support(request: ApiRequest, act_id: RowId, given: Supporter) -> HttpResponse:
    """Once from each device; 409 the second time."""
    _on(request)
    act = Act.objects.filter(pk=act_id, state=Act.State.SHOWN).first()
    if act is None:
        raise NotFound
    hold_back(too_many(purpose=ACTS, address=sender_address(request)))
    device = genuine_device(given.device) or new_device()
    actions.support(act_id=act.pk, device=key_of(act.opening_id, f"support {act.pk}", device), by=RESIDENT)
    return answer(request, Supported(device=device), status=201, cache=SECRET)


def _on(request: ApiRequest) -> None:
    if not request.organisation.has("engagement"):
        raise NotFound


def _opening(request: ApiRequest, opening_id: int) -> tuple[Opening, Mechanism]:
    """One that all may see, and its mechanism; NotFound otherwise."""
    _on(request)
    found = queries.public_one(opening_id)
    mechanism = MECHANISMS.find(found.mechanism) if found else None
    if found is None or mechanism is None:
        raise NotFound
    return found, mechanism


def _point(given: NewAct) -> Point | None:
    if given.lat is None and given.lon is None:
        return None
    if given.lat is None or given.lon is None:
        raise Invalid({"lat": _("Platsen behöver både lat och lon.")})
    return parse_point(str(given.lat), str(given.lon), source="api")


def _row(request: ApiRequest, opening: Opening, by_choice: dict[str, int]) -> OpeningRow:
    mechanism = MECHANISMS.get(opening.mechanism)
    told = tally(opening, by_choice)
    return OpeningRow(
        id=opening.pk,
        matter=opening.matter_id,
        mechanism=opening.mechanism,
        question=opening.question,
        text=opening.text,
        open=opening.takes(opening.matter, today()),
        opens_on=opening.opens_on,
        closes_on=opening.closes_on,
        formal=opening.formal,
        choices=[AnswerChoice(code=one.code, label=str(one.label), count=one.count) for one in told.answers],
        total=told.total if mechanism.by_choice else shown_count(sum(by_choice.values())),
        outcome=opening.outcome,
        influence=opening.influence,
        page=request.build_absolute_uri(reverse("public:opening", args=[opening.matter_id, opening.pk])),
    )


def _shown(act: Act, agreed: int) -> ShownAct:
    return ShownAct(
        id=act.pk,
        at=act.at,
        text=act.shown_text,
        answer=act.answer,
        place=act.place_text or (act.area.name if act.area else ""),
        lat=act.lat,
        lon=act.lon,
        supports=shown_count(agreed),
    )
