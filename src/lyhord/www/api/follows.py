"""Following a published case or a matter, by the token in the mail that asked: saying yes, how much, and stopping."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.models import Case, Publication
from lyhord.cases.public_queries import published, with_publications
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.following import actions as following
from lyhord.following.models import NOTHING
from lyhord.following.models import Follow as FollowRow
from lyhord.following.queries import by_token, is_too_late
from lyhord.matters.actions.follow import SUBJECT as MATTER
from lyhord.matters.public_queries import by_id
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest

router = Router(tags=["follows"], auth=ANYBODY)
RESIDENT = Actor.resident()
LONGEST_PAUSE = timedelta(days=366)


type Level = Annotated[
    int, Field(ge=1, le=NOTHING, description="1: all that happens; 3: the most important; 4: nothing.")
]


class Follow(BaseModel):
    """Somebody who wants, or was asked whether they want, news of a case or a matter."""

    state: Literal["asked", "following"]
    email: str = Field(description="As much of the address as its owner needs to know it.")
    number: str = Field(description="Of the case; empty for a matter, and when it is no longer published.")
    title: str
    matter: int | None = Field(description="The matter; null for a case, and when it is no longer shown.")
    level: Level
    muted_until: datetime | None
    ending: bool = Field(description="Whether its owner is asked if it shall go on: PUT again says yes.")


class FollowChoice(BaseModel):
    """How much of a matter one hears, and until when nothing."""

    model_config = ConfigDict(extra="forbid")

    level: Level
    muted_until: AwareDatetime | None = None


@router.get("/follows/{token}", response=Follow, summary="What a token is for")
def follow(request: ApiRequest, token: UUID) -> HttpResponse:
    """What the mail was about. Reading says neither yes nor no."""
    return answer(request, _shown(_found(token)), cache=SECRET)


@router.put("/follows/{token}", response=Follow, summary="Say yes to news")
def confirm(request: ApiRequest, token: UUID) -> HttpResponse:
    """From now on the address gets news of it. Again changes nothing, unless it is about to end: then it goes on."""
    found = _found(token)
    if found.confirmed_at is None:
        if is_too_late(found):
            raise NotFound
        found = actions.confirm_follow(token=token, by=RESIDENT)
    elif found.asked_to_renew_at is not None:
        found = following.renew(token=token, by=RESIDENT)
    return answer(request, _shown(found), cache=SECRET)


@router.put("/follows/{token}/choice", response=Follow, summary="How much of a matter one hears")
def choose(request: ApiRequest, token: UUID, wanted: FollowChoice) -> HttpResponse:
    """Another level, and a pause; for a matter that one follows. 404 for everything else."""
    found = _found(token)
    if found.subject_type != MATTER or wanted.level == 2:
        raise NotFound
    pause = wanted.muted_until
    if pause is not None and not timedelta() < pause - now() <= LONGEST_PAUSE:
        raise Invalid({"muted_until": _("Välj en dag inom ett år.")})
    found = following.choose(token=token, level=wanted.level, muted_until=wanted.muted_until, by=RESIDENT)
    return answer(request, _shown(found), cache=SECRET)


@router.delete("/follows/{token}", response={204: None}, summary="Follow no longer")
def stop(request: ApiRequest, token: UUID) -> HttpResponse:
    """Stop, and forget the address. 404 when it is forgotten already."""
    _found(token)
    actions.stop_following(token=token, by=RESIDENT)
    return nothing()


def _found(token: UUID) -> FollowRow:
    found = by_token(token)
    if found is None or found.subject_type not in {SUBJECT, MATTER}:
        raise NotFound
    return found


def _shown(found: FollowRow) -> Follow:
    number, title, matter = _case(found.subject_id) if found.subject_type == SUBJECT else _matter(found.subject_id)
    return Follow(
        state="following" if found.confirmed_at else "asked",
        email=shy_address(found.contact),
        number=number,
        title=title,
        matter=matter,
        level=found.level,
        muted_until=found.muted_until,
        ending=found.asked_to_renew_at is not None,
    )


def _case(case_id: int) -> tuple[str, str, int | None]:
    pairs: list[tuple[Case, Publication]] = list(with_publications(published().filter(pk=case_id)))
    return (pairs[0][0].number, pairs[0][1].title, None) if pairs else ("", "", None)


def _matter(matter_id: int) -> tuple[str, str, int | None]:
    found = by_id(matter_id)
    return ("", found.shown_title, found.pk) if found else ("", "", None)
