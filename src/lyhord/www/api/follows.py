"""Following a published case, by the token in the mail that asked: saying yes, and stopping."""

from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from lyhord.cases import actions
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.models import Case, Publication
from lyhord.cases.public_queries import published, with_publications
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.following.models import Follow as FollowRow
from lyhord.following.queries import by_token
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest

router = Router(tags=["follows"], auth=ANYBODY)


class Follow(BaseModel):
    """Somebody who wants, or was asked whether they want, news of a case."""

    state: Literal["asked", "following"]
    email: str = Field(description="As much of the address as its owner needs to know it.")
    number: str = Field(description="Of the case; empty when it is no longer published.")
    title: str


@router.get("/follows/{token}", response=Follow, summary="What a token is for")
def follow(request: ApiRequest, token: UUID) -> HttpResponse:
    """The case that the mail was about. Reading says neither yes nor no."""
    return answer(request, _shown(_found(token)), cache=SECRET)


@router.put("/follows/{token}", response=Follow, summary="Say yes to news")
def confirm(request: ApiRequest, token: UUID) -> HttpResponse:
    """From now on the address gets news of the case; again changes nothing."""
    found = _found(token)
    if found.confirmed_at is None:
        found = actions.confirm_follow(token=token, by=Actor.resident())
    return answer(request, _shown(found), cache=SECRET)


@router.delete("/follows/{token}", response={204: None}, summary="Follow no longer")
def stop(request: ApiRequest, token: UUID) -> HttpResponse:
    """Stop, and forget the address. 404 when it is forgotten already."""
    _found(token)
    actions.stop_following(token=token, by=Actor.resident())
    return nothing()


def _found(token: UUID) -> FollowRow:
    found = by_token(token)
    if found is None or found.subject_type != SUBJECT:
        raise NotFound
    return found


def _shown(found: FollowRow) -> Follow:
    pairs: list[tuple[Case, Publication]] = list(with_publications(published().filter(pk=found.subject_id)))
    case, text = pairs[0] if pairs else (None, None)
    return Follow(
        state="following" if found.confirmed_at else "asked",
        email=shy_address(found.contact),
        number=case.number if case else "",
        title=text.title if text else "",
    )
