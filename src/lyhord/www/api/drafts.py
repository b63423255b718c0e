"""What somebody has begun to write in a case: kept on the server, so that it is there on the next device."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases import actions, whole_case
from lyhord.cases.actions.drafts import LONGEST_DRAFT
from lyhord.cases.masking import find
from lyhord.cases.models import Draft as DraftRow
from lyhord.core.text import clean_text
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case
from lyhord.www.api.reviews import Hit

router = Router(tags=["drafts"], auth=STAFF)


class Begun(BaseModel):
    """What is being written: an answer, or a note among staff."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=LONGEST_DRAFT)]
    internal: bool = False


class Draft(BaseModel):
    """The caller's own draft in a case; an empty one has no time."""

    text: str
    internal: bool
    saved_at: datetime | None
    hits: list[Hit] = Field(description="What looks like personal data in words that others will read.")


@router.get("/cases/{number}/draft", response=Draft, summary="What one has begun to write")
def draft(request: ApiRequest, number: str) -> HttpResponse:
    """One's own draft in the case."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    return _answer(request, whole_case.draft_of(case, staff))


@router.put("/cases/{number}/draft", response=Draft, summary="Keep what one is writing")
def keep_draft(request: ApiRequest, number: str, begun: Begun) -> HttpResponse:
    """Keep it; the last that is kept holds. Empty words, and what has just been sent, are no draft."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    kept = actions.save_draft(case_id=case.pk, text=begun.text, internal=begun.internal, by=staff.actor)
    return _answer(request, kept)


@router.delete("/cases/{number}/draft", response={204: None}, summary="Forget what one was writing")
def forget_draft(request: ApiRequest, number: str) -> HttpResponse:
    """Forget the draft; again changes nothing."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    actions.forget_draft(case_id=case.pk, by=staff.actor)
    return nothing()


def _answer(request: ApiRequest, kept: DraftRow | None) -> HttpResponse:
    if kept is None:
        return answer(request, Draft(text="", internal=False, saved_at=None, hits=[]), cache=SECRET)
    text = clean_text(kept.text)
    spans = () if kept.internal else find(text)
    hits = [Hit(kind=span.kind, text=text[span.start : span.end]) for span in spans]
    body = Draft(text=kept.text, internal=kept.internal, saved_at=kept.saved_at, hits=hits)
    return answer(request, body, cache=SECRET)
