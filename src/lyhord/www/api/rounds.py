"""Out in the field: which cases one takes along, and where a case really is."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases import actions
from lyhord.cases.secrecy import Veil, may_know
from lyhord.cases.shortlist import shortlist
from lyhord.core.errors import NotAllowed
from lyhord.places.point import Point
from lyhord.www.api.answers import IF_MATCH, answer, nothing, revision_of
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may
from lyhord.www.api.case_shapes import CaseRow, summary
from lyhord.www.api.deeds import Changed, changed

router = Router(tags=["field"], auth=STAFF)


class Round(BaseModel):
    """One's own short list, by street."""

    items: list[CaseRow]


class Whereabouts(BaseModel):
    """Where the case is, with the device's accuracy in metres; other words for the place, or null to keep them."""

    model_config = ConfigDict(extra="forbid")

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float | None, Field(ge=0, le=20_100_000)] = None
    place_text: Annotated[str | None, Field(max_length=200)] = None


@router.get("/shortlist", response=Round, summary="The cases one takes along")
def read(request: ApiRequest) -> HttpResponse:
    """At most 100, which is why there are no pages."""
    staff = staff_may(request, Permission.SEE_CASES)
    cases = shortlist(staff)
    return answer(request, Round(items=[CaseRow(**summary(case, Veil.over(staff, case, None))) for case in cases]))


@router.put("/shortlist/{number}", response={204: None}, summary="Take a case along")
def take_along(request: ApiRequest, number: str) -> HttpResponse:
    """Put it on one's own list; again changes nothing."""
    staff, case = seen_case(request, number)
    actions.take_along(case_ids=[case.pk], by=staff.actor)
    return nothing()


@router.delete("/shortlist/{number}", response={204: None}, summary="Put a case back")
def put_back(request: ApiRequest, number: str) -> HttpResponse:
    """Off one's own list; again changes nothing."""
    staff, case = seen_case(request, number)
    actions.put_back(case_id=case.pk, by=staff.actor)
    return nothing()


@router.put("/cases/{number}/position", response=Changed, summary="Say where a case is", openapi_extra=IF_MATCH)
def position(request: ApiRequest, number: str, given: Whereabouts) -> HttpResponse:
    """Where somebody stands who has gone there. Unit and deadline stay."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    if not may_know(staff, case):
        raise NotAllowed
    placed = actions.set_position(
        case_id=case.pk,
        point=Point(given.lat, given.lon, given.accuracy, "gps"),
        place_text=given.place_text,
        by=staff.actor,
        revision=revision_of(request),
    )
    return changed(request, placed)
