"""The common queue of a group of municipalities: what the others ask for, taking it over, and asking them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases.models import Case, Photo, Reporter
from lyhord.collaboration import actions
from lyhord.collaboration.actions.offers import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from lyhord.collaboration.models import PoolEntry
from lyhord.collaboration.queries import collaborates, joined_groups, open_offer, others_in, own_offers, pool_page
from lyhord.collaboration.snapshot import hindrance, snapshot
from lyhord.core.errors import Invalid, NotFound
from lyhord.www.api.answers import (
    IF_MATCH,
    PRIVATE,
    SECRET,
    After,
    Limit,
    answer,
    nothing,
    number_from,
    revision_of,
    to_cursor,
)
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may

router = Router(tags=["pool"], auth=STAFF)
SHARE = Permission.ASSIGN_CASES

EntryId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class PoolRow(BaseModel):
    """What another municipality asks somebody to take."""

    id: int
    giver: str
    group: str
    number: str = Field(description="Where it is now.")
    kind: str
    type_name: str
    title: str
    text: str
    reason: str
    place_text: str
    lat: float | None
    lon: float | None
    contact: bool = Field(description="Whether the reporter's name and contact come along.")
    registered_at: datetime
    offered_at: datetime


class Pool(BaseModel):
    """Oldest first."""

    items: list[PoolRow]
    next: str = Field(description="For `after`; empty on the last page.")


class Taken(BaseModel):
    """The case as it is here."""

    number: str
    unit: str


class Asking(BaseModel):
    """A case of one's own that the others have been asked about."""

    number: str
    title: str
    group: str
    offered_at: datetime


class OwnOffers(BaseModel):
    """Oldest first, at most 50."""

    items: list[Asking]


class Group(BaseModel):
    """A group that shares a queue, and who else is in it."""

    uid: UUID
    name: str
    members: list[str]


class Offer(BaseModel):
    """What the others would read, or that they have been asked."""

    waiting_since: datetime | None = Field(description="When they were asked; null when they are not.")
    problem: str = Field(description="Why they may not be asked; empty when they may.")
    groups: list[Group]
    title: str
    text: str = Field(description="Without what looks like personal data: read it all the same.")
    place_text: str
    photos: int = Field(description="How many published pictures go along.")


class Ask(BaseModel):
    """What the others read, as somebody has read it through, and why they are asked."""

    model_config = ConfigDict(extra="forbid")

    group: UUID
    reason: Annotated[str, Field(max_length=REASON_LENGTH)]
    title: Annotated[str, Field(max_length=TITLE_LENGTH)]
    text: Annotated[str, Field(max_length=TEXT_LENGTH)]
    contact: Annotated[bool, Field(description="The reporter has agreed that name and contact go along.")] = False


@router.get("/pool", response=Pool, summary="What other municipalities ask for")
def pool(request: ApiRequest, limit: Limit = 50, after: After = "") -> HttpResponse:
    """What nobody has taken yet; 404 where there is no common queue."""
    staff_may(request, SHARE)
    _need_groups()
    found = pool_page(number_from(after) or 0, most=limit)
    following = to_cursor(str(found.next)) if found.next else ""
    body = Pool(items=[_row(entry) for entry in found.entries], next=following)
    return answer(request, body, following=following)


def _need_groups() -> None:
    if not collaborates():
        raise NotFound


def _row(entry: PoolEntry) -> PoolRow:
    return PoolRow(
        id=entry.pk,
        giver=entry.giver.name,
        group=entry.group.name,
        number=entry.number,
        kind=entry.kind,
        type_name=entry.type_name,
        title=entry.title,
        text=entry.text,
        reason=entry.reason,
        place_text=entry.place_text,
        lat=entry.lat,
        lon=entry.lon,
        contact=entry.contact,
        registered_at=entry.registered_at,
        offered_at=entry.offered_at,
    )


@router.post("/pool/{entry_id}/take", response=Taken, summary="Take a case over")
def take(request: ApiRequest, entry_id: EntryId) -> HttpResponse:
    """Make it ours, at the unit that our rules choose; again it is the same case. 409 when another was first."""
    staff = staff_may(request, SHARE)
    taken = actions.take(entry_id=entry_id, by=staff.actor)
    body = Taken(number=taken.case.number, unit=taken.case.unit.code)
    return answer(request, body, cache=SECRET)


@router.get("/offers", response=OwnOffers, summary="What we have asked others to take")
def offers(request: ApiRequest) -> HttpResponse:
    """Our own cases in the common queue, as far as the person sees them."""
    staff = staff_may(request, SHARE)
    _need_groups()
    items = [
        Asking(
            number=offer.case.number,
            title=offer.case.title,
            group=offer.group.name if offer.group else "",
            offered_at=offer.offered_at,
        )
        for offer in own_offers(staff)
    ]
    return answer(request, OwnOffers(items=items))


@router.get("/cases/{number}/offer", response=Offer, summary="What others would read of a case")
def offer(request: ApiRequest, number: str) -> HttpResponse:
    """The case as the others would read it, and whether they have been asked."""
    _staff, case = seen_case(request, number, SHARE)
    _need_groups()
    return answer(request, _offer(case), revision=case.revision, cache=PRIVATE)


def _offer(case: Case) -> Offer:
    reporter = Reporter.objects.filter(case=case).first()
    problem = hindrance(case, reporter)
    shown = None if problem else snapshot(case, reporter)
    waiting = open_offer(case)
    return Offer(
        waiting_since=waiting.offered_at if waiting else None,
        problem=str(problem or ""),
        groups=[Group(uid=group.uid, name=group.name, members=names) for group, names in others_in(joined_groups())],
        title=shown.title if shown else "",
        text=shown.text if shown else "",
        place_text=shown.place_text if shown else "",
        photos=Photo.objects.filter(case=case, internal=False, published=True).count(),
    )


@router.put("/cases/{number}/offer", response=Asking, summary="Ask others to take a case", openapi_extra=IF_MATCH)
def ask(request: ApiRequest, number: str, asked: Ask) -> HttpResponse:
    """Put it in the common queue; it is ours until somebody takes it. 409 when it lies there already."""
    staff, case = seen_case(request, number, SHARE)
    group = next((group for group in joined_groups() if group.uid == asked.group), None)
    if group is None:
        raise Invalid({"group": _("Välj vilka som ska få frågan.")})
    made = actions.offer(
        case_id=case.pk,
        group_id=group.pk,
        reason=asked.reason,
        title=asked.title,
        text=asked.text,
        contact=asked.contact,
        by=staff.actor,
        revision=revision_of(request),
    )
    body = Asking(number=case.number, title=case.title, group=group.name, offered_at=made.offered_at)
    return answer(request, body, cache=SECRET)


@router.delete("/cases/{number}/offer", response={204: None}, summary="Take the question back", openapi_extra=IF_MATCH)
def take_back(request: ApiRequest, number: str) -> HttpResponse:
    """The others see it no longer; again changes nothing. 409 when somebody has just taken it."""
    staff, case = seen_case(request, number, SHARE)
    actions.withdraw(case_id=case.pk, by=staff.actor, revision=revision_of(request))
    return nothing()
