"""How one is told of what happens in one's case: by which ways, by the case's code."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.ways import Way as WayRow
from lyhord.cases.ways import all_ways
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.intake.abuse import CODES, too_many
from lyhord.notifications.one_time import Tried
from lyhord.www.api.answers import IF_MATCH, SECRET, answer, nothing, revision_of
from lyhord.www.api.callers import FOLLOWER, CaseRequest
from lyhord.www.api.problems import hold_back
from lyhord.www.public.codes import SENTENCES
from lyhord.www.public.guard import sender_address
from lyhord.www.public.ways import choices

router = Router(tags=["own case"], auth=FOLLOWER)
RESIDENT = Actor.resident()

WayId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Way(BaseModel):
    """One way."""

    id: int
    sender: str = Field(description='"email", "sms", "push" …')
    label: str
    address: str = Field(description="As much of it as its owner needs to know it.")
    confirmed: bool = Field(description="Whether the address has said yes; until then it is only asked.")
    paused_at: datetime | None = Field(description="Since when it has taken nothing in.")


class Offered(BaseModel):
    """A way that can be added by writing an address."""

    sender: str
    label: str


class Ways(BaseModel):
    """Those that there are, and those that can be added."""

    items: list[Way]
    offered: list[Offered]


class WayCode(BaseModel):
    """What the message to it said."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=40)]


class NewWay(BaseModel):
    """One way more. Devices with a browser are told by PUT /own-case/push."""

    model_config = ConfigDict(extra="forbid")

    sender: Annotated[str, Field(max_length=20)]
    address: Annotated[str, Field(max_length=254)]


@router.get("/own-case/ways", response=Ways, summary="How one is told of news")
def ways(request: CaseRequest) -> HttpResponse:
    """Every way, also those that have not said yes yet."""
    return answer(request, _shown(request), cache=SECRET)


def _shown(request: CaseRequest) -> Ways:
    offered = [Offered(sender=one["slug"], label=str(one["label"])) for one in choices(request.organisation)]
    return Ways(items=[_way(way) for way in all_ways(request.auth)], offered=offered)


def _way(way: WayRow) -> Way:
    return Way(
        id=way.follow_id,
        sender=way.sender,
        label=way.label,
        address=way.address,
        confirmed=way.confirmed,
        paused_at=way.paused_at,
    )


@router.post("/own-case/ways", response={201: Ways}, summary="One way more", openapi_extra=IF_MATCH)
def add(request: CaseRequest, wanted: NewWay) -> HttpResponse:
    """Ask the address whether it wants news; once it says yes it takes the place of another of its sort."""
    if wanted.sender not in {one["slug"] for one in choices(request.organisation)}:
        raise NotFound
    actions.add_way(
        case_id=request.auth.pk,
        sender=wanted.sender,
        address=wanted.address,
        by=RESIDENT,
        revision=revision_of(request),
    )
    return answer(request, _shown(request), status=201, cache=SECRET)


@router.delete("/own-case/ways", response={204: None}, summary="No more messages", openapi_extra=IF_MATCH)
def drop_all(request: CaseRequest) -> HttpResponse:
    """Be told by no way; what is said can still be read by the code."""
    actions.drop_ways(case_id=request.auth.pk, by=RESIDENT, revision=revision_of(request))
    return nothing()


@router.delete("/own-case/ways/{way_id}", response={204: None}, summary="One way less", openapi_extra=IF_MATCH)
def drop(request: CaseRequest, way_id: WayId) -> HttpResponse:
    """Be told by this way no more."""
    _need(request.auth, way_id)
    actions.drop_ways(case_id=request.auth.pk, follow_id=way_id, by=RESIDENT, revision=revision_of(request))
    return nothing()


@router.post("/own-case/ways/{way_id}/wake", response={204: None}, summary="Try a paused way again")
def wake(request: CaseRequest, way_id: WayId) -> HttpResponse:
    """Ask an address that took nothing in whether it works again; once a day at most."""
    _need(request.auth, way_id)
    actions.wake_way(case_id=request.auth.pk, follow_id=way_id, by=RESIDENT)
    return nothing()


@router.post("/own-case/ways/{way_id}/code", response=Ways, summary="Say yes by a code")
def confirm(request: CaseRequest, way_id: WayId, given: WayCode) -> HttpResponse:
    """The code that was sent to one of the ways; 422 for every other."""
    hold_back(too_many(purpose=CODES, address=sender_address(request)))
    _need(request.auth, way_id)
    tried = actions.confirm_by_code(follow_id=way_id, written=given.code, by=RESIDENT)
    if tried is not Tried.RIGHT:
        raise Invalid({"code": SENTENCES[tried]})
    return answer(request, _shown(request), cache=SECRET)


def _need(case: Case, way_id: int) -> None:
    if way_id not in {way.follow_id for way in all_ways(case)}:
        raise NotFound
