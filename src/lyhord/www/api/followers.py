"""Following a published case: asking an address whether it wants news, and its answer by a code."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.intake.abuse import CODES, FOLLOWS, too_many
from lyhord.notifications.one_time import Tried
from lyhord.notifications.sender import SENDERS, Sender
from lyhord.www.api.answers import SECRET, answer
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.organisation import language_of
from lyhord.www.api.problems import hold_back
from lyhord.www.api.published import shown_case
from lyhord.www.public import ways
from lyhord.www.public.codes import SENTENCES, follow_behind, handle_for
from lyhord.www.public.guard import sender_address

router = Router(tags=["published"], auth=ANYBODY)
RESIDENT = Actor.resident()


class Follower(BaseModel):
    """Who wants news; the address is asked first, by a message to it."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=254, description="Short for sender email and this address.")] = ""
    sender: Annotated[str, Field(max_length=20, description='"email", "sms" …')] = "email"
    address: Annotated[str, Field(max_length=254)] = ""


class FollowerAsked(BaseModel):
    """The same whoever's the address is, and whether or not it is asked."""

    asked: bool = True
    proof: Literal["link", "code", "none"] = Field(description="What the message holds, to say yes by.")
    handle: str = Field(description="To be sent with the code.")


class FollowerCode(BaseModel):
    """What the message said."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, Field(max_length=500)]
    code: Annotated[str, Field(max_length=40)]


class Following(BaseModel):
    """The address hears of the case from now on."""

    following: bool = True


@router.post("/published/{number}/followers", response={202: FollowerAsked}, summary="Follow a published case")
def follow(request: ApiRequest, number: str, follower: Follower) -> HttpResponse:
    """Ask an address whether it wants news of the case: nothing more is sent before it says yes."""
    if not request.organisation.has("following"):
        raise NotFound
    case = shown_case(request, number)
    sender = way_of(request, follower)
    asked = actions.follow_case(
        case_id=case.pk,
        sender=sender.slug,
        address=follower.email or follower.address,
        language=language_of(request),
        by=RESIDENT,
    )
    return answer(request, FollowerAsked(proof=sender.proof, handle=handle_for(asked.pk)), status=202, cache=SECRET)


@router.post("/published/{number}/followers/code", response=Following, summary="Say yes by a code")
def confirm(request: ApiRequest, number: str, given: FollowerCode) -> HttpResponse:
    """The code from the message: a right one makes the address a follower; 422 for every other."""
    shown_case(request, number)
    return said_yes(request, given)


def way_of(request: ApiRequest, follower: Follower) -> Sender:
    """How the address will be asked; NotFound for a way that the organisation does not offer, 429 for too many."""
    sender = SENDERS.find(follower.sender)
    if sender is None or not ways.offered(sender.slug, request.organisation):
        raise NotFound
    if request.auth.key is None:
        hold_back(too_many(purpose=FOLLOWS, address=sender_address(request)))
    return sender


def said_yes(request: ApiRequest, given: FollowerCode) -> HttpResponse:
    """What the right code is answered with; Invalid for every other."""
    hold_back(too_many(purpose=CODES, address=sender_address(request)))
    follow_id = follow_behind(given.handle)
    tried = Tried.TOO_LATE
    if follow_id is not None:
        tried = actions.confirm_by_code(follow_id=follow_id, written=given.code, by=RESIDENT)
    if tried is not Tried.RIGHT:
        raise Invalid({"code": SENTENCES[tried]})
    return answer(request, Following(), cache=SECRET)
