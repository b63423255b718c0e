"""Following one matter: asking an address whether it wants news, and its answer by a code."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.matters import actions
from lyhord.www.api.answers import SECRET, answer
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.followers import Follower, FollowerAsked, FollowerCode, Following, said_yes, way_of
from lyhord.www.api.matters import RowId, shown_matter
from lyhord.www.api.organisation import language_of
from lyhord.www.public.codes import handle_for

router = Router(tags=["matters"], auth=ANYBODY)
RESIDENT = Actor.resident()


class MatterFollower(Follower):
    """Who wants news of a matter, and how much."""

    level: Annotated[Literal[1, 3], Field(description="1: all that happens; 3: the most important only.")] = 1


@router.post("/matters/{matter_id}/followers", response={202: FollowerAsked}, summary="Follow a matter")
def follow_matter(request: ApiRequest, matter_id: RowId, follower: MatterFollower) -> HttpResponse:
    """Ask an address whether it wants news of the matter: nothing more is sent before it says yes."""
    found = _followed(request, matter_id)
    sender = way_of(request, follower)
    asked = actions.follow_matter(
        matter_id=found,
        sender=sender.slug,
        address=follower.email or follower.address,
        language=language_of(request),
        level=follower.level,
        by=RESIDENT,
    )
    return answer(request, FollowerAsked(proof=sender.proof, handle=handle_for(asked.pk)), status=202, cache=SECRET)


@router.post("/matters/{matter_id}/followers/code", response=Following, summary="Say yes to a matter by a code")
def confirm_matter(request: ApiRequest, matter_id: RowId, given: FollowerCode) -> HttpResponse:
    """The code from the message: a right one makes the address a follower; 422 for every other."""
    _followed(request, matter_id)
    return said_yes(request, given)


def _followed(request: ApiRequest, matter_id: int) -> int:
    """The id of a matter that can be followed here."""
    found = shown_matter(request, matter_id)
    if not request.organisation.has("following"):
        raise NotFound
    return found.pk
