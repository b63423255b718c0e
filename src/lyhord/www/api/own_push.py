"""Being told in the browser of what happens in one's case (Web Push), by the case's code."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.notifications.webpush import application_server_key
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import FOLLOWER, CaseRequest

router = Router(tags=["own case"], auth=FOLLOWER)
RESIDENT = Actor.resident()


class Keys(BaseModel):
    """The browser's keys, base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: Annotated[str, Field(max_length=100)]
    auth: Annotated[str, Field(max_length=40)]


class Subscription(BaseModel):
    """What `PushManager.subscribe` gave."""

    model_config = ConfigDict(extra="ignore")  # browsers add what they like (expirationTime)

    endpoint: Annotated[str, Field(max_length=2000)]
    keys: Keys


class Device(BaseModel):
    """The device as it is told of the case."""

    device: UUID = Field(description="Names the device when it wants no more.")


class ServerKey(BaseModel):
    """What to subscribe with."""

    application_server_key: str


@router.get("/own-case/push", response=ServerKey, summary="The key to subscribe with")
def server_key(request: CaseRequest) -> HttpResponse:
    """The installation's public key (VAPID), for `PushManager.subscribe`."""
    return answer(request, ServerKey(application_server_key=application_server_key()), cache=SECRET)


@router.put("/own-case/push", response={201: Device}, summary="Be told on this device")
def tell(request: CaseRequest, subscription: Subscription) -> HttpResponse:
    """Tell this browser of what happens in the case; again changes nothing. The messages never say what it is about."""
    follow = actions.push_reporter(
        case_id=request.auth.pk,
        endpoint=subscription.endpoint,
        key=subscription.keys.p256dh,
        secret=subscription.keys.auth,
        language=get_language() or request.auth.language,
        by=RESIDENT,
    )
    return answer(request, Device(device=UUID(follow.address)), status=201, cache=SECRET)


@router.delete("/own-case/push/{device}", response={204: None}, summary="Be told no more on a device")
def tell_no_more(request: CaseRequest, device: UUID) -> HttpResponse:
    """Tell the device no more of this case. NotFound when it was not told."""
    if not actions.stop_push(case_id=request.auth.pk, device=device, by=RESIDENT):
        raise NotFound
    return nothing()
