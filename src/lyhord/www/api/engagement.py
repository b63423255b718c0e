"""For staff: what residents wrote about matters, read through; and whether they are informed, engaged and involved."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases.masking import Sensitive, find
from lyhord.core.errors import NotFound
from lyhord.engagement import actions
from lyhord.engagement.indicators import Indicators, indicators
from lyhord.engagement.models import Act
from lyhord.engagement.queries import waiting
from lyhord.matters.models import Matter
from lyhord.www.api.answers import SECRET, After, Limit, answer, number_from, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may

router = Router(tags=["matters"], auth=STAFF)
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class OpinionHint(BaseModel):
    """What looks like personal data."""

    kind: Sensitive
    text: str


class Opinion(BaseModel):
    """What somebody wrote and nobody has read."""

    id: int
    at: datetime
    matter: int
    question: str
    mechanism: str
    text: str
    hints: list[OpinionHint]
    case: str = Field(description="The number of the case that a question became; else empty.")


class OpinionPage(BaseModel):
    """The oldest first."""

    items: list[Opinion]
    next: str = Field(description="For `after`; empty on the last page.")


class OpinionDecision(BaseModel):
    """Shown in these words, with the municipality's answer if there is one; or not shown."""

    model_config = ConfigDict(extra="forbid")

    show: bool
    text: Annotated[str, Field(max_length=20_000)] = ""
    answer: Annotated[str, Field(max_length=5000)] = ""


class OpinionState(BaseModel):
    """How it is now."""

    id: int
    state: str = Field(description="shown or hidden.")


class EngagementFigures(BaseModel):
    """Exact figures, for staff. What each counts stands in docs/engagement.md."""

    followers: int
    reach: int
    openings: int
    acts: int
    by_mechanism: dict[str, int]
    supports: int
    placed: int
    areas: int
    areas_of: int
    largest_area: int
    closed: int
    outcomes_told: int
    influenced: int


@router.get("/opinions", response=OpinionPage, summary="Opinions to read through")
def opinions(request: ApiRequest, limit: Limit = 50, after: After = "") -> HttpResponse:
    """What waits before others may see it."""
    staff_may(request, Permission.REVIEW_PUBLICATION)
    rows = waiting().order_by("pk")
    last = number_from(after)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    found = list(rows[: limit + 1])
    following = to_cursor(str(found[limit - 1].pk)) if len(found) > limit else ""
    items = [_opinion(act) for act in found[:limit]]
    return answer(request, OpinionPage(items=items, next=following), following=following)


@router.put("/opinions/{act_id}", response=OpinionState, summary="Show an opinion, or do not")
def decide(request: ApiRequest, act_id: RowId, given: OpinionDecision) -> HttpResponse:
    """What was written stays as it was for the document to the register."""
    staff = staff_may(request, Permission.REVIEW_PUBLICATION)
    act = actions.review(act_id=act_id, show=given.show, text=given.text, answer=given.answer, by=staff.actor)
    return answer(request, OpinionState(id=act.pk, state=act.state), cache=SECRET)


@router.get("/engagement", response=EngagementFigures, summary="Engagement in all matters")
def all_figures(request: ApiRequest) -> HttpResponse:
    """Whether residents are informed, engaged and involved."""
    staff_may(request, Permission.SEE_CASES)
    return answer(request, _figures(indicators()))


@router.get("/matters/{matter_id}/engagement", response=EngagementFigures, summary="Engagement in one matter")
def figures(request: ApiRequest, matter_id: RowId) -> HttpResponse:
    """The same of one matter."""
    staff_may(request, Permission.SEE_CASES)
    if not Matter.objects.filter(pk=matter_id).exists():
        raise NotFound
    return answer(request, _figures(indicators(matter_id)))


def _figures(found: Indicators) -> EngagementFigures:
    return EngagementFigures(**{name: getattr(found, name) for name in EngagementFigures.model_fields})


def _opinion(act: Act) -> Opinion:
    return Opinion(
        id=act.pk,
        at=act.at,
        matter=act.opening.matter_id,
        question=act.opening.question,
        mechanism=act.opening.mechanism,
        text=act.text,
        hints=[OpinionHint(kind=hit.kind, text=act.text[hit.start : hit.end]) for hit in find(act.text)],
        case=act.case.number if act.case else "",
    )
